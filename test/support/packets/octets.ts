// Bytes put together in network order: the alphabet in which test packets are written.

export type Octets = Uint8Array | readonly number[] | string;

/** Joins bytes; a string stands for its Latin-1 bytes. */
export function octets(...parts: readonly Octets[]): Uint8Array {
  const pieces = parts.map((part) =>
    typeof part === 'string' ? Buffer.from(part, 'latin1') : Uint8Array.from(part),
  );
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

export const be16 = (n: number): number[] => [(n >> 8) & 255, n & 255];
export const be24 = (n: number): number[] => [(n >> 16) & 255, (n >> 8) & 255, n & 255];
export const be32 = (n: number): number[] => [(n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];

/** Bytes of an address in text form, 4 or 16 of them. */
export function addressOctets(text: string): Uint8Array {
  if (!text.includes(':')) return Uint8Array.from(text.split('.').map(Number));
  const [head, tail] = text.split('::').map((side) => (side === '' ? [] : side.split(':')));
  const after = tail ?? [];
  const groups = [...head, ...Array<string>(8 - head.length - after.length).fill('0'), ...after];
  return Uint8Array.from(groups.flatMap((group) => be16(Number.parseInt(group, 16))));
}

/** Internet checksum (RFC 1071) over all parts as if they were one. */
export function internetChecksum(...parts: readonly Octets[]): number {
  const bytes = octets(...parts);
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i] << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
