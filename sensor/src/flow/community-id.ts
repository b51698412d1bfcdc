// Community ID, version 1, seed 0 (corelight/community-id-spec): one name for a conversation, whatever tool saw it.
import { sha1 } from '../bytes/sha1.ts';
import { ICMP, ICMPV6, SCTP, TCP, UDP } from '../layers/packet.ts';
import { HIGH, HIGH_UPPER, KIND, LOW, LOW_UPPER, PORTS } from './row.ts';

/** Words of a digest. */
export const DIGEST = 5;
/** Bytes of its text. */
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

/**
 * The digest of the flow whose row begins at `row`. The table orders the two ends as the specification does: the
 * smaller first, one-way ICMP as it came; for ICMP the ports are the type, and the answering type or the code.
 */
export function communityDigest(words: Int32Array, row: number, out: Int32Array, into: number): void {
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
  sha1(input, at, out, into);
}

/** `1:` and the digest in base64. @param to has room for ID_LENGTH bytes at `at` */
export function writeId(digest: Int32Array, from: number, to: Uint8Array, at: number): void {
  to[at++] = 0x31;
  to[at++] = 0x3a;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < DIGEST; i++)
    for (let shift = 24; shift >= 0; shift -= 8) {
      bits = ((bits << 8) | ((digest[from + i] >>> shift) & 255)) & 0xffff;
      held += 8;
      while (held >= 6) {
        held -= 6;
        to[at++] = ALPHABET[(bits >> held) & 63];
      }
    }
  to[at++] = ALPHABET[(bits << (6 - held)) & 63];
  to[at] = 0x3d;
}
