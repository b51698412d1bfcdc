// ASN.1 elements put together, for test messages of protocols that are written in it.
import { type Octets, octets } from './octets.ts';

/** One element: its identifier octet, its length, its content. */
export function element(tag: number, ...content: readonly Octets[]): Uint8Array {
  const inside = octets(...content);
  const n = inside.length;
  const length = n < 128 ? [n] : n < 256 ? [0x81, n] : [0x82, n >> 8, n & 255];
  return octets([tag], length, inside);
}

export const sequence = (...content: readonly Octets[]): Uint8Array => element(0x30, ...content);
/** `[n]`, explicit. */
export const tagged = (n: number, ...content: readonly Octets[]): Uint8Array => element(0xa0 | n, ...content);
export const octetString = (...content: readonly Octets[]): Uint8Array => element(0x04, ...content);
export const enumerated = (n: number): Uint8Array => element(0x0a, [n]);
export const boolean = (is: boolean): Uint8Array => element(0x01, [is ? 0xff : 0]);

/** Not negative. */
export function int(n: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = n; bytes.length === 0 || rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  if (bytes[0] > 0x7f) bytes.unshift(0);
  return element(0x02, bytes);
}
