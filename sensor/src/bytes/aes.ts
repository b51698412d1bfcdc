// AES-128 of single blocks (FIPS 197), and GCM that says whether its tag is right: for packets whose keys are public.
import { createDecipheriv } from 'node:crypto';

const SBOX = new Uint8Array(256);
/** Of each byte: what SubBytes and MixColumns make of it in the first row; the other rows are turns of it. */
const TABLE = new Int32Array(256);

const double = (n: number): number => ((n << 1) ^ (n & 0x80 ? 0x11b : 0)) & 255;

{
  // p runs through all powers of 3, q through those of its inverse: p * q is always 1 (FIPS 197 §5.1.1).
  let p = 1;
  let q = 1;
  do {
    p ^= double(p);
    q ^= q << 1;
    q ^= q << 2;
    q = (q ^ (q << 4)) & 255;
    if (q & 0x80) q ^= 0x09;
    const turned = q ^ (q << 1) ^ (q << 2) ^ (q << 3) ^ (q << 4);
    SBOX[p] = (turned ^ (turned >> 8) ^ 0x63) & 255;
  } while (p !== 1);
  SBOX[0] = 0x63;
  for (let i = 0; i < 256; i++) {
    const s = SBOX[i];
    TABLE[i] = (double(s) << 24) | (s << 16) | (s << 8) | (double(s) ^ s);
  }
}

const turn = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));
const ROUNDS = 10;

export class Aes128 {
  readonly #keys = new Int32Array(4 * (ROUNDS + 1));

  replace(key: Uint8Array): this {
    const k = this.#keys;
    for (let i = 0; i < 4; i++)
      k[i] = (key[4 * i] << 24) | (key[4 * i + 1] << 16) | (key[4 * i + 2] << 8) | key[4 * i + 3];
    for (let i = 4, constant = 1; i < k.length; i++) {
      let word = k[i - 1];
      if (i % 4 === 0) {
        word =
          (SBOX[(word >> 16) & 255] << 24) |
          (SBOX[(word >> 8) & 255] << 16) |
          (SBOX[word & 255] << 8) |
          SBOX[word >>> 24];
        word ^= constant << 24;
        constant = double(constant);
      }
      k[i] = k[i - 4] ^ word;
    }
    return this;
  }

  /** Enciphers the 16 bytes at `at`. */
  encrypt(from: Uint8Array, at: number, into: Uint8Array): void {
    const k = this.#keys;
    const word = (i: number): number =>
      (from[at + i] << 24) | (from[at + i + 1] << 16) | (from[at + i + 2] << 8) | from[at + i + 3];
    let a = word(0) ^ k[0];
    let b = word(4) ^ k[1];
    let c = word(8) ^ k[2];
    let d = word(12) ^ k[3];
    for (let at = 4; at < 4 * ROUNDS; at += 4) {
      const w = mixed(a, b, c, d);
      const x = mixed(b, c, d, a);
      const y = mixed(c, d, a, b);
      d = mixed(d, a, b, c) ^ k[at + 3];
      a = w ^ k[at];
      b = x ^ k[at + 1];
      c = y ^ k[at + 2];
    }
    put(into, 0, replaced(a, b, c, d) ^ k[40]);
    put(into, 4, replaced(b, c, d, a) ^ k[41]);
    put(into, 8, replaced(c, d, a, b) ^ k[42]);
    put(into, 12, replaced(d, a, b, c) ^ k[43]);
  }
}

/** A column after a whole round but its key: of each word the byte that the turning of rows brings here. */
const mixed = (a: number, b: number, c: number, d: number): number =>
  TABLE[a >>> 24] ^
  turn(TABLE[(b >> 16) & 255], 8) ^
  turn(TABLE[(c >> 8) & 255], 16) ^
  turn(TABLE[d & 255], 24);

/** The same in the last round, which does not mix. */
const replaced = (a: number, b: number, c: number, d: number): number =>
  (SBOX[a >>> 24] << 24) | (SBOX[(b >> 16) & 255] << 16) | (SBOX[(c >> 8) & 255] << 8) | SBOX[d & 255];

function put(into: Uint8Array, at: number, word: number): void {
  into[at] = word >>> 24;
  into[at + 1] = word >>> 16;
  into[at + 2] = word >>> 8;
  into[at + 3] = word;
}

const TAG = 16;

/**
 * Opens AES-128-GCM.
 * @param about what is authenticated and not enciphered
 * @param bytes its `[at, end)` is the ciphertext with its tag
 * @returns undefined when the tag is wrong
 */
export function openGcm(
  key: Uint8Array,
  nonce: Uint8Array,
  about: Uint8Array,
  bytes: Uint8Array,
  at: number,
  end: number,
): Uint8Array | undefined {
  if (end - at < TAG) return undefined;
  try {
    const cipher = createDecipheriv('aes-128-gcm', key, nonce, { authTagLength: TAG });
    cipher.setAAD(about);
    cipher.setAuthTag(bytes.subarray(end - TAG, end));
    const plain = cipher.update(bytes.subarray(at, end - TAG));
    cipher.final();
    return plain;
  } catch {
    return undefined;
  }
}
