// Traffic for the benchmark: thousands of flows at a time, woven into each other, the same in every run.
import { closeSync, openSync, writeSync } from 'node:fs';
import { NOON, pcap } from '../support/packets/capture.ts';
import { CLIENT_PORT, STAMP, TEMPLATES, type Template } from './templates.ts';

/** Flows under way at the same time. */
const WOVEN = 2_000;
/** Between two packets of the wire, µs. */
const PACE = 20;
const PIECE_BYTES = 4 * 1024 * 1024;
const RECORD_HEADER = 16;
const HEX = '0123456789abcdef';

/** Where in a template's frame something differs from flow to flow. */
interface Spots {
  /** The low 16 bits of the client's address. */
  readonly client: number;
  /** The client's port; -1 without ports. */
  readonly port: number;
  /** The eight characters of the name; -1 when none are there. */
  readonly stamp: number;
  /** Checksums that cover the client's address, and the transport's that covers all three. */
  readonly ipSum: number;
  readonly transportSum: number;
  /** Where the transport starts: words of the name are aligned to it. */
  readonly transport: number;
}

const CLIENT_TAILS = [
  Buffer.from([10, 1, 2, 3]),
  Buffer.from([0x20, 1, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]),
];

function spotsOf(frame: Uint8Array): Spots {
  const bytes = Buffer.from(frame);
  const isV6 = bytes.indexOf(CLIENT_TAILS[1]) >= 0;
  const tail = CLIENT_TAILS[isV6 ? 1 : 0];
  const type = bytes.indexOf(isV6 ? '86dd' : '0800', 12, 'hex');
  const at = type + 2;
  const transport = at + (isV6 ? 40 : 20);
  const protocol = bytes[at + (isV6 ? 6 : 9)];
  const ports = [transport, transport + 2].find((spot) => bytes.readUInt16BE(spot) === CLIENT_PORT);
  const isIcmp = protocol === 1;
  return {
    client: bytes.indexOf(tail, at) + tail.length - 2,
    port: isIcmp ? -1 : (ports ?? -1),
    stamp: bytes.indexOf(STAMP, transport),
    ipSum: isV6 ? -1 : at + 10,
    transportSum: isIcmp ? -1 : transport + (protocol === 6 ? 16 : 6),
    transport,
  };
}

/** Replaces the 16-bit word at `at` and mends the checksums that cover it (RFC 1624, equation 3). */
function replace(b: Buffer, at: number, word: number, ...sums: number[]): void {
  const old = b.readUInt16BE(at);
  b.writeUInt16BE(word, at);
  for (const sum of sums) {
    if (sum < 0) continue;
    let total = (~b.readUInt16BE(sum) & 0xffff) + (~old & 0xffff) + word;
    while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
    b.writeUInt16BE(~total & 0xffff, sum);
  }
}

function stamp(frame: Buffer, s: Spots, number: number): void {
  replace(frame, s.client, number & 0xffff, s.ipSum, s.transportSum);
  if (s.port >= 0) replace(frame, s.port, 1024 + (number % 60_000), s.transportSum);
  if (s.stamp < 0) return;
  // Bytes are changed in the words that the checksum knows.
  for (let i = 0; i < STAMP.length; i++) {
    const at = s.stamp + i;
    const digit = HEX.charCodeAt((number >>> (4 * i)) & 15);
    const odd = (at - s.transport) & 1;
    const word = frame.readUInt16BE(at - odd);
    replace(frame, at - odd, odd ? (word & 0xff00) | digit : (word & 0xff) | (digit << 8), s.transportSum);
  }
}

/** Writes a capture of at least so many packets. @returns how many it holds */
export function generate(path: string, packets: number): number {
  const kinds = TEMPLATES.map((template) => ({
    template,
    spots: template.frames.map(({ bytes }) => spotsOf(bytes)),
  }));
  const wheel = kinds.flatMap((kind) => Array<typeof kind>(kind.template.share).fill(kind));
  const flows: { kind: (typeof kinds)[number]; next: number; number: number }[] = [];
  let started = 0;
  // 7,919 is prime to the length of the wheel: kinds alternate instead of coming in blocks.
  const begin = () => ({ kind: wheel[(started * 7919) % wheel.length], next: 0, number: started++ });
  const file = openSync(path, 'w');
  writeSync(file, pcap([]));
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  let filled = 0;
  let written = 0;
  let time = NOON;
  for (let turn = 0; flows.length > 0 || written < packets; turn++) {
    const i = turn % WOVEN;
    if (flows.length < WOVEN && written < packets && i >= flows.length) flows.push(begin());
    const flow = flows[i % flows.length];
    const frame = flow.kind.template.frames[flow.next].bytes;
    if (filled + RECORD_HEADER + frame.length > PIECE_BYTES) {
      writeSync(file, piece, 0, filled);
      filled = 0;
    }
    piece.writeUInt32LE(Math.floor(time / 1e6), filled);
    piece.writeUInt32LE(time % 1e6, filled + 4);
    piece.writeUInt32LE(frame.length, filled + 8);
    piece.writeUInt32LE(frame.length, filled + 12);
    filled += RECORD_HEADER;
    piece.set(frame, filled);
    stamp(piece.subarray(filled, filled + frame.length), flow.kind.spots[flow.next], flow.number);
    filled += frame.length;
    written++;
    time += PACE;
    if (++flow.next < flow.kind.template.frames.length) continue;
    if (written < packets) flows[i % flows.length] = begin();
    else {
      flows[i % flows.length] = flows[flows.length - 1];
      flows.pop();
    }
  }
  writeSync(file, piece, 0, filled);
  closeSync(file);
  return written;
}

export type { Template };
