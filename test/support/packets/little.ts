// Numbers, text and GUIDs in little-endian order, for test messages of Windows protocols.

export const le16 = (n: number): number[] => [n & 255, (n >> 8) & 255];
export const le32 = (n: number): number[] => [n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >>> 24) & 255];
export const le64 = (n: number): number[] => [...le32(n >>> 0), ...le32(Math.floor(n / 2 ** 32))];
/** UTF-16LE. */
export const wide = (text: string): number[] => [...text].flatMap((c) => le16(c.charCodeAt(0)));

/** A GUID as Windows puts it on the wire. */
export function guidOctets(text: string): number[] {
  const b = (text.replaceAll('-', '').match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  return [b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6], ...b.slice(8)];
}

/** Seconds since 1970 as 100 ns since 1601. */
export const filetimeOctets = (seconds: number): number[] => {
  const ticks = (BigInt(seconds) + 11_644_473_600n) * 10_000_000n;
  return Array.from({ length: 8 }, (_, i) => Number((ticks >> BigInt(i * 8)) & 255n));
};
