// What the package pcap-parser gives, which has no types of its own.
declare module 'pcap-parser' {
  import type { EventEmitter } from 'node:events';
  import type { Readable } from 'node:stream';

  interface Packet {
    readonly header: {
      readonly timestampSeconds: number;
      readonly timestampMicroseconds: number;
      readonly capturedLength: number;
      readonly originalLength: number;
    };
    readonly data: Uint8Array;
  }
  interface Parser extends EventEmitter {
    on(event: 'packet', take: (packet: Packet) => void): this;
  }
  export function parse(stream: Readable): Parser;
}
