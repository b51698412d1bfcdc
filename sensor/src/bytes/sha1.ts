// SHA-1 of one short message (FIPS 180-4 §6.1), without the cost of crossing into the crypto library: a Community ID
// hashes 40 bytes for every flow, and the way there and back takes three times as long as the sum itself.

/** Bytes of a message that fits into one block with its padding. */
export const MAX_MESSAGE = 55;
const schedule = new Int32Array(80);

/** @param block at least MAX_MESSAGE bytes @param out five words, most significant first */
export function sha1(block: Uint8Array, length: number, out: Int32Array, into: number): void {
  const w = schedule;
  for (let i = 0; i < 16; i++) w[i] = 0;
  for (let i = 0; i < length; i++) w[i >> 2] |= block[i] << (24 - ((i & 3) << 3));
  w[length >> 2] |= 0x80 << (24 - ((length & 3) << 3));
  w[15] = length << 3;
  for (let i = 16; i < 80; i++) {
    const n = w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16];
    w[i] = (n << 1) | (n >>> 31);
  }
  let a = 0x67452301;
  let b = 0xefcdab89 | 0;
  let c = 0x98badcfe | 0;
  let d = 0x10325476;
  let e = 0xc3d2e1f0 | 0;
  for (let i = 0; i < 80; i++) {
    let f: number;
    if (i < 20) f = (((b & c) | (~b & d)) + 0x5a827999) | 0;
    else if (i < 40) f = ((b ^ c ^ d) + 0x6ed9eba1) | 0;
    else if (i < 60) f = (((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc) | 0;
    else f = ((b ^ c ^ d) + 0xca62c1d6) | 0;
    const next = (((a << 5) | (a >>> 27)) + f + e + w[i]) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  out[into] = (a + 0x67452301) | 0;
  out[into + 1] = (b + 0xefcdab89) | 0;
  out[into + 2] = (c + 0x98badcfe) | 0;
  out[into + 3] = (d + 0x10325476) | 0;
  out[into + 4] = (e + 0xc3d2e1f0) | 0;
}
