// MD5 (RFC 1321) of a short text in bytes, in our own words: JA3 wants one for every TLS session, and the way into the
// crypto library and back, with a string each way, takes longer than the sum.

const BLOCK = 64;
/** Four rounds' rotations, repeated four times each. */
const ROTATE = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21] as const;
const SHIFTS = Uint8Array.from({ length: 64 }, (_, i) => ROTATE[(i >> 4) * 4 + (i & 3)]);
/** RFC 1321 §3.4: the integer parts of 2^32 times the sines. */
const SINES = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);
const words = new Int32Array(16);
const DIGITS = Uint8Array.from('0123456789abcdef', (c) => c.charCodeAt(0));

/**
 * Writes the digest of `text[0, length)` as 32 hex digits into `out` from `into` on.
 * @param text has room for BLOCK + 8 bytes behind the text; what stands there is overwritten
 */
export function md5(text: Uint8Array, length: number, out: Uint8Array, into: number): void {
  const end = (((length + 8) >> 6) + 1) * BLOCK;
  text[length] = 0x80;
  for (let i = length + 1; i < end; i++) text[i] = 0;
  const bits = length * 8;
  for (let i = 0; i < 4; i++) text[end - 8 + i] = bits >>> (8 * i);
  let a = 0x67452301;
  let b = 0xefcdab89 | 0;
  let c = 0x98badcfe | 0;
  let d = 0x10325476;
  // Ends: each turn takes a block.
  for (let at = 0; at < end; at += BLOCK) {
    for (let i = 0, from = at; i < 16; i++, from += 4)
      words[i] = text[from] | (text[from + 1] << 8) | (text[from + 2] << 16) | (text[from + 3] << 24);
    const [a0, b0, c0, d0] = [a, b, c, d];
    for (let i = 0; i < 64; i++) {
      let f: number;
      let g: number;
      if (i < 16) {
        f = (b & c) | (~b & d);
        g = i;
      } else if (i < 32) {
        f = (d & b) | (~d & c);
        g = (5 * i + 1) & 15;
      } else if (i < 48) {
        f = b ^ c ^ d;
        g = (3 * i + 5) & 15;
      } else {
        f = c ^ (b | ~d);
        g = (7 * i) & 15;
      }
      const sum = (a + f + SINES[i] + words[g]) | 0;
      const shift = SHIFTS[i];
      a = d;
      d = c;
      c = b;
      b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
    }
    a = (a + a0) | 0;
    b = (b + b0) | 0;
    c = (c + c0) | 0;
    d = (d + d0) | 0;
  }
  hexWord(a, out, into);
  hexWord(b, out, into + 8);
  hexWord(c, out, into + 16);
  hexWord(d, out, into + 24);
}

function hexWord(word: number, out: Uint8Array, at: number): void {
  for (let shift = 0; shift < 32; shift += 8) {
    const byte = (word >>> shift) & 255;
    out[at++] = DIGITS[byte >> 4];
    out[at++] = DIGITS[byte & 15];
  }
}

/** Bytes that `md5` may write behind a text. */
export const MD5_ROOM = BLOCK + 8;
