// What the differential test uses of npm `pcap-parser` 0.2.1, which brings no types.
declare module 'pcap-parser' {
  import type { Readable } from 'node:stream';

  interface Packet {
    readonly header: {
      readonly timestampSeconds: number;
      readonly timestampMicroseconds: number;
      readonly capturedLength: number;
      readonly originalLength: number;
    };
    readonly data: Buffer;
  }

  interface Parser {
    /** Each record. */
    on(event: 'packet', listener: (packet: Packet) => void): this;
    /** The magic number is another. */
    on(event: 'error', listener: (error: Error) => void): this;
    on(event: 'end', listener: () => void): this;
  }

  export function parse(input: Readable): Parser;
}
