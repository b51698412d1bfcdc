// Community ID, version 1, seed 0 (corelight/community-id-spec): one name for a conversation, whatever tool saw it.
import { sha1 } from '../bytes/sha1.ts';
import { ICMP, ICMPV6, SCTP, TCP, UDP } from '../layers/packet.ts';
import { HIGH, HIGH_UPPER, KIND, LOW, LOW_UPPER, PORTS } from './row.ts';

/** Bytes of an ID. */
export const ID_LENGTH = 30;
const ALPHABET = Uint8Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', (c) =>
  c.charCodeAt(0),
);

// seed(2) address(4 or 16) address protocol(1) zero(1) port(2) port(2), big-endian
const input = new Uint8Array(64);

function word(at: number, value: number): number {
  input[at] = value >>> 24;
  input[at + 1] = value >>> 16;
  input[at + 2] = value >>> 8;
  input[at + 3] = value;
  return at + 4;
}

const digest = new Int32Array(5);

/**
 * Writes the ID of the flow whose row begins at `row`: ID_LENGTH bytes, `1:` and a digest in base64. The table orders the
 * two ends as the specification does: the smaller first, one-way ICMP as it came; for ICMP the ports are the type, and
 * the answering type or the code.
 */
export function writeId(words: Int32Array, row: number, to: Uint8Array, into: number): void {
  const protocol = words[row + KIND] & 255;
  const isSix = ((words[row + KIND] >> 8) & 255) === 6;
  let at = 2;
  if (isSix) for (let i = 0; i < 3; i++) at = word(at, words[row + LOW_UPPER + i]);
  at = word(at, words[row + LOW]);
  if (isSix) for (let i = 0; i < 3; i++) at = word(at, words[row + HIGH_UPPER + i]);
  at = word(at, words[row + HIGH]);
  input[at++] = protocol;
  input[at++] = 0;
  if (protocol === TCP || protocol === UDP || protocol === SCTP || protocol === ICMP || protocol === ICMPV6)
    at = word(at, words[row + PORTS]);
  sha1(input, at, digest, 0);
  writeText(to, into);
}

/** Two letters of base64 for each 12 bits. */
const PAIRS = Uint8Array.from({ length: 2 * 4096 }, (_, i) => ALPHABET[i & 1 ? (i >> 1) & 63 : i >> 7]);

function writeText(to: Uint8Array, at: number): void {
  to[at++] = 0x31;
  to[at++] = 0x3a;
  let bits = 0;
  let held = 0;
  for (let half = 0; half < 2 * digest.length; half++) {
    const word = digest[half >> 1];
    bits = ((bits & 0xfff) << 16) | ((half & 1 ? word : word >>> 16) & 0xffff);
    held += 16;
    // Ends: at most two pairs a turn.
    while (held >= 12) {
      held -= 12;
      const pair = ((bits >> held) & 4095) * 2;
      to[at++] = PAIRS[pair];
      to[at++] = PAIRS[pair + 1];
    }
  }
  // 160 bits are thirteen pairs and four bits.
  to[at++] = ALPHABET[(bits << 2) & 63];
  to[at] = 0x3d;
}
