// Addresses as 32-bit words and as text (RFC 5952).

export const ipv4Text = (a: number): string =>
  `${a >>> 24}.${(a >>> 16) & 255}.${(a >>> 8) & 255}.${a & 255}`;

/** Longest run of two or more zero groups becomes `::`, the first one of equals (RFC 5952 §4.2). */
export function ipv6Text(a: number, b: number, c: number, d: number): string {
  const groups = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff, c >>> 16, c & 0xffff, d >>> 16, d & 0xffff];
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let n = 0;
    while (i + n < 8 && groups[i + n] === 0) n++;
    if (n > bestLength) [best, bestLength] = [i, n];
    if (n > 0) i += n - 1;
  }
  let text = '';
  for (let i = 0; i < 8; i++) {
    if (i === best) {
      text += '::';
      i += bestLength - 1;
    } else text += (text === '' || text.endsWith(':') ? '' : ':') + groups[i].toString(16);
  }
  return text;
}
