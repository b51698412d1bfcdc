// MD5 (RFC 1321) of a short text in bytes, in our own words: JA3 wants one for every TLS session, and the way into the
// crypto library and back, with a string each way, takes longer than the sum.

const BLOCK = 64;
const BLOCK_WORDS = 16;
/** RFC 1321 §3.4: the integer parts of 2^32 times the sines. */
const SINES = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);
/** Two hexadecimal digits of a byte, the first in the lower half. */
const HEX = Uint16Array.from({ length: 256 }, (_, n) => {
  const text = n.toString(16).padStart(2, '0');
  return text.charCodeAt(0) | (text.charCodeAt(1) << 8);
});

const turned = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

/** Bytes that `md5` may write behind a text. */
export const MD5_ROOM = BLOCK + 8;

/**
 * Writes the digest of the first `length` bytes of `text` as 32 hex digits into `out`.
 * @param text little-endian words, with room for MD5_ROOM behind the text; what stands there is overwritten
 * @param out two digits in each of its first 16 elements
 */
export function md5(text: Int32Array, length: number, out: Uint16Array): void {
  const end = (((length + 8) >> 6) + 1) * BLOCK_WORDS;
  const last = length >> 2;
  const bits = (length & 3) << 3;
  text[last] = (text[last] & ((1 << bits) - 1)) | (0x80 << bits);
  for (let i = last + 1; i < end; i++) text[i] = 0;
  text[end - 2] = length << 3;
  let a = 0x67452301;
  let b = 0xefcdab89 | 0;
  let c = 0x98badcfe | 0;
  let d = 0x10325476;
  // Ends: each turn takes a block.
  for (let at = 0; at < end; at += BLOCK_WORDS) {
    const a0 = a;
    const b0 = b;
    const c0 = c;
    const d0 = d;
    // Four rounds of sixteen steps. Four steps stand in a row, for each has its own turn and its own place; what depends on
    // the step before is added last.
    for (let i = 0; i < 16; i += 4) {
      const w = at + i;
      a = (b + turned(a + text[w] + SINES[i] + (d ^ (b & (c ^ d))), 7)) | 0;
      d = (a + turned(d + text[w + 1] + SINES[i + 1] + (c ^ (a & (b ^ c))), 12)) | 0;
      c = (d + turned(c + text[w + 2] + SINES[i + 2] + (b ^ (d & (a ^ b))), 17)) | 0;
      b = (c + turned(b + text[w + 3] + SINES[i + 3] + (a ^ (c & (d ^ a))), 22)) | 0;
    }
    for (let i = 16, w = 1; i < 32; i += 4, w += 20) {
      a = (b + turned(a + text[at + (w & 15)] + SINES[i] + (c ^ (d & (b ^ c))), 5)) | 0;
      d = (a + turned(d + text[at + ((w + 5) & 15)] + SINES[i + 1] + (b ^ (c & (a ^ b))), 9)) | 0;
      c = (d + turned(c + text[at + ((w + 10) & 15)] + SINES[i + 2] + (a ^ (b & (d ^ a))), 14)) | 0;
      b = (c + turned(b + text[at + ((w + 15) & 15)] + SINES[i + 3] + (d ^ (a & (c ^ d))), 20)) | 0;
    }
    for (let i = 32, w = 5; i < 48; i += 4, w += 12) {
      a = (b + turned(a + text[at + (w & 15)] + SINES[i] + (b ^ c ^ d), 4)) | 0;
      d = (a + turned(d + text[at + ((w + 3) & 15)] + SINES[i + 1] + (a ^ b ^ c), 11)) | 0;
      c = (d + turned(c + text[at + ((w + 6) & 15)] + SINES[i + 2] + (d ^ a ^ b), 16)) | 0;
      b = (c + turned(b + text[at + ((w + 9) & 15)] + SINES[i + 3] + (c ^ d ^ a), 23)) | 0;
    }
    for (let i = 48, w = 0; i < 64; i += 4, w += 28) {
      a = (b + turned(a + text[at + (w & 15)] + SINES[i] + (c ^ (b | ~d)), 6)) | 0;
      d = (a + turned(d + text[at + ((w + 7) & 15)] + SINES[i + 1] + (b ^ (a | ~c)), 10)) | 0;
      c = (d + turned(c + text[at + ((w + 14) & 15)] + SINES[i + 2] + (a ^ (d | ~b)), 15)) | 0;
      b = (c + turned(b + text[at + ((w + 21) & 15)] + SINES[i + 3] + (d ^ (c | ~a)), 21)) | 0;
    }
    a = (a + a0) | 0;
    b = (b + b0) | 0;
    c = (c + c0) | 0;
    d = (d + d0) | 0;
  }
  hexWord(a, out, 0);
  hexWord(b, out, 4);
  hexWord(c, out, 8);
  hexWord(d, out, 12);
}

function hexWord(word: number, out: Uint16Array, at: number): void {
  out[at] = HEX[word & 255];
  out[at + 1] = HEX[(word >>> 8) & 255];
  out[at + 2] = HEX[(word >>> 16) & 255];
  out[at + 3] = HEX[word >>> 24];
}
