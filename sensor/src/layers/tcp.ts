// TCP (RFC 9293 §3.1).
import { u16, u32 } from '../bytes/read.ts';

const SOURCE = 0;
const DESTINATION = 2;
const SEQUENCE = 4;
const ACKNOWLEDGED = 8;
const OFFSET = 12;
const FLAGS = 13;
const WINDOW = 14;
export const MIN_LENGTH = 20;

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;
export const URG = 0x20;

/** Guarantees that the whole header, options included, is captured. */
export function check(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < MIN_LENGTH) return false;
  const length = headerLength(b, at);
  return length >= MIN_LENGTH && at + length <= end;
}

export const sourcePort = (b: Uint8Array, at: number): number => u16(b, at + SOURCE);
export const destinationPort = (b: Uint8Array, at: number): number => u16(b, at + DESTINATION);
export const sequence = (b: Uint8Array, at: number): number => u32(b, at + SEQUENCE);
export const acknowledged = (b: Uint8Array, at: number): number => u32(b, at + ACKNOWLEDGED);
/** Bytes, 20–60. */
export const headerLength = (b: Uint8Array, at: number): number => (b[at + OFFSET] >> 4) << 2;
/** CWR ECE URG ACK PSH RST SYN FIN, from the highest bit. */
export const flags = (b: Uint8Array, at: number): number => b[at + FLAGS];
/** Not scaled. */
export const window = (b: Uint8Array, at: number): number => u16(b, at + WINDOW);

const LETTERS = 'FSRPAUEC';
export const flagLetters = (flags: number): string =>
  [...LETTERS].filter((_, i) => flags & (1 << i)).join('');

export const print = (b: Uint8Array, at: number): string =>
  `TCP ${sourcePort(b, at)} > ${destinationPort(b, at)} [${flagLetters(flags(b, at))}] seq ${sequence(b, at)} ack ${acknowledged(b, at)}`;
