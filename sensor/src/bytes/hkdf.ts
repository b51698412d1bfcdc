// HMAC and HKDF with SHA-256 (RFC 2104, 5869, 6234) over messages of one block, in our own words: five of them for each
// QUIC connection, and a call out of JavaScript costs more than the work.

const BLOCK = 64;
/** Longest message: a block less its padding bit and its length. */
export const MAX_MESSAGE = BLOCK - 9;
export const DIGEST = 32;

/** The first 32 bits of the fractional parts of roots of the first primes (RFC 6234 §5.1, §6.1). */
function fractions(count: number, root: (n: number) => number): Int32Array {
  const found = new Int32Array(count);
  for (let n = 2, i = 0; i < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (prime) found[i++] = (root(n) % 1) * 2 ** 32;
  }
  return found;
}
const ROUNDS = fractions(64, Math.cbrt);
const FIRST = fractions(8, Math.sqrt);

const words = new Int32Array(64);
const block = new Uint8Array(BLOCK);

/** Takes `block` into the state. */
function compress(state: Int32Array): void {
  const w = words;
  for (let i = 0, at = 0; i < 16; i++, at += 4)
    w[i] = (block[at] << 24) | (block[at + 1] << 16) | (block[at + 2] << 8) | block[at + 3];
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15];
    const y = w[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUNDS[i] + w[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

/** Puts what follows the message of `length` bytes: the padding, and the bits of it and of the block before. */
function pad(length: number): void {
  block[length] = 0x80;
  block.fill(0, length + 1, BLOCK - 2);
  const bits = (BLOCK + length) * 8;
  block[BLOCK - 2] = bits >> 8;
  block[BLOCK - 1] = bits;
}

function put(state: Int32Array, into: Uint8Array): void {
  for (let i = 0; i < 8; i++) {
    const word = state[i];
    into[4 * i] = word >>> 24;
    into[4 * i + 1] = word >>> 16;
    into[4 * i + 2] = word >>> 8;
    into[4 * i + 3] = word;
  }
}

/** A key of HMAC, its two blocks already taken. */
export class HmacKey {
  readonly #inner = new Int32Array(8);
  readonly #outer = new Int32Array(8);
  readonly #state = new Int32Array(8);

  /** @param key at most 64 bytes */
  constructor(key: Uint8Array) {
    this.replace(key);
  }

  replace(key: Uint8Array): void {
    this.#start(this.#inner, key, 0x36);
    this.#start(this.#outer, key, 0x5c);
  }

  #start(state: Int32Array, key: Uint8Array, mask: number): void {
    for (let i = 0; i < BLOCK; i++) block[i] = (i < key.length ? key[i] : 0) ^ mask;
    state.set(FIRST);
    compress(state);
  }

  /** @param message its `[at, end)`, at most MAX_MESSAGE bytes. @param into has DIGEST bytes */
  sign(message: Uint8Array, at: number, end: number, into: Uint8Array): void {
    const state = this.#state;
    for (let i = at; i < end; i++) block[i - at] = message[i];
    pad(end - at);
    state.set(this.#inner);
    compress(state);
    put(state, block);
    pad(DIGEST);
    state.set(this.#outer);
    compress(state);
    put(state, into);
  }
}

/** The info of HKDF-Expand-Label (RFC 8446 §7.1) without context, and the counter of its only block behind it. */
export function labelled(label: string, length: number): Uint8Array {
  const text = `tls13 ${label}`;
  return Uint8Array.from([0, length, text.length, ...Array.from(text, (c) => c.charCodeAt(0)), 0, 1]);
}
