// Text out of bytes, made only when something is emitted or matched.

const DIGITS = '0123456789abcdef';
const HEX: readonly string[] = Array.from({ length: 256 }, (_, i) => DIGITS[i >> 4] + DIGITS[i & 15]);

export const hex8 = (n: number): string => HEX[n & 255];
export const hex16 = (n: number): string => HEX[(n >> 8) & 255] + HEX[n & 255];

/** Bytes as hex pairs with a separator. */
export function hex(b: Uint8Array, at: number, end: number, separator = ''): string {
  let text = '';
  for (let i = at; i < end; i++) text += (i === at ? '' : separator) + HEX[b[i]];
  return text;
}

/** The buffers that text was last made of, as Node knows them: making one takes longer than making the text. */
const LATELY = 4;
const lately: Buffer[] = new Array<Buffer>(LATELY).fill(Buffer.alloc(0));
let next = 0;

function asBuffer(b: Uint8Array): Buffer {
  for (let i = 0; i < LATELY; i++) {
    const known = lately[i];
    if (known.buffer === b.buffer && known.byteOffset === b.byteOffset && known.length === b.length)
      return known;
  }
  next = (next + 1) & (LATELY - 1);
  return (lately[next] = Buffer.from(b.buffer, b.byteOffset, b.length));
}

/** One character a byte, whatever the byte: nothing is lost, nothing is interpreted. */
export const latin1 = (b: Uint8Array, at: number, end: number): string =>
  asBuffer(b).toString('latin1', at, end);

/** UTF-8, with the replacement character where the bytes are no UTF-8. */
export const utf8 = (b: Uint8Array, at: number, end: number): string => asBuffer(b).toString('utf8', at, end);

/** ASCII letters only: 0x41–0x5a to lower case, every other byte as it is. */
export const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);

/** True when `b` at `at` holds this lower-case ASCII word, in any case. The caller has proved the length. */
export function sameWord(b: Uint8Array, at: number, word: Uint8Array): boolean {
  for (let i = 0; i < word.length; i++) if (lower(b[at + i]) !== word[i]) return false;
  return true;
}

/** A lower-case ASCII word as bytes, for `sameWord` and `startsWith`. */
export const word = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** True when `b` at `at` starts with these very bytes; false when fewer are there. */
export function startsWith(b: Uint8Array, at: number, end: number, bytes: Uint8Array): boolean {
  if (end - at < bytes.length) return false;
  for (let i = 0; i < bytes.length; i++) if (b[at + i] !== bytes[i]) return false;
  return true;
}

/** Position of a byte in `[at, end)`; -1 when it is not there. Never looks behind `end`. */
export function find(b: Uint8Array, byte: number, at: number, end: number): number {
  for (let i = at; i < end; i++) if (b[i] === byte) return i;
  return -1;
}
