// The 96 bits that an indicator is known by: three hashes of 32 bits, made together in one pass over the text.

/*
 * Texts are not kept: two that share all 96 bits would be one. Of two million entries one look-up in 4 × 10²² errs.
 * Names are taken from their end, so that every suffix of a name is had in the same pass.
 */
const A = 0x811c9dc5 | 0;
const B = 0x9747b28c | 0;
const C = 0x2545f491;

export const stepA = (h: number, c: number): number => Math.imul(h ^ c, 0x01000193);
export const stepB = (h: number, c: number): number => {
  const x = Math.imul(h ^ c, 0x5bd1e995);
  return x ^ (x >>> 15);
};
export const stepC = (h: number, c: number): number => Math.imul(((h << 5) | (h >>> 27)) ^ c, 0x85ebca6b);

/** Where a kind's hashes begin. */
export const beginA = (kind: number): number => A ^ Math.imul(kind, 0x9e3779b1);
export const beginB = (kind: number): number => B ^ Math.imul(kind, 0xc2b2ae35);
export const beginC = (kind: number): number => C ^ Math.imul(kind, 0x27d4eb2f);

/** The three, written by the functions below: read them before the next call. */
export const lanes = new Int32Array(3);

/** By a table: whether a character is a capital is what no processor foretells. */
const SMALL = Uint8Array.from({ length: 128 }, (_, c) => (c >= 65 && c <= 90 ? c | 32 : c));
export const fold = (c: number): number => (c < 128 ? SMALL[c] : c);

/** A text whole, letters folded. */
export function hashText(kind: number, text: string): void {
  let a = beginA(kind);
  let b = beginB(kind);
  let c = beginC(kind);
  for (let i = 0; i < text.length; i++) {
    const x = fold(text.charCodeAt(i));
    a = stepA(a, x);
    b = stepB(b, x);
    c = stepC(c, x);
  }
  set(a, b, c);
}

/** A name from its end; it has no dot at either end. */
export function hashName(kind: number, name: string): void {
  let a = beginA(kind);
  let b = beginB(kind);
  let c = beginC(kind);
  for (let i = name.length - 1; i >= 0; i--) {
    const x = fold(name.charCodeAt(i));
    a = stepA(a, x);
    b = stepB(b, x);
    c = stepC(c, x);
  }
  set(a, b, c);
}

/**
 * The first `bits` bits of an address.
 * @param words its 32-bit words, from `at` on: one or four of them
 * @param extra a port, where one belongs to it; else 0
 */
export function hashWords(
  kind: number,
  words: ArrayLike<number>,
  at: number,
  count: number,
  bits: number,
  extra: number,
): void {
  const head = count * 1000 + bits + extra * 8192;
  let a = stepA(beginA(kind), head);
  let b = stepB(beginB(kind), head);
  let c = stepC(beginC(kind), head);
  for (let i = 0; i < count; i++) {
    const kept = bits - 32 * i;
    const word = kept >= 32 ? words[at + i] : kept <= 0 ? 0 : words[at + i] & (-1 << (32 - kept));
    // By halves: one multiplication alone would leave the upper bits where they are.
    const high = word >>> 16;
    const low = word & 0xffff;
    a = stepA(stepA(a, high), low);
    b = stepB(stepB(b, high), low);
    c = stepC(stepC(c, high), low);
  }
  set(a, b, c);
}

/** Goes on with more text; case counts. */
export function hashMore(text: string, from: number, to: number): void {
  let a = lanes[0];
  let b = lanes[1];
  let c = lanes[2];
  for (let i = from; i < to; i++) {
    const x = text.charCodeAt(i);
    a = stepA(a, x);
    b = stepB(b, x);
    c = stepC(c, x);
  }
  set(a, b, c);
}

function set(a: number, b: number, c: number): void {
  lanes[0] = a;
  lanes[1] = b;
  lanes[2] = c;
}
