// Addresses as 32-bit words and as text (RFC 5952).

/** Addresses come again and again: texts lately made, each in the place that its words choose. */
const PLACE_BITS = 12;
const PLACES = 1 << PLACE_BITS;
/** 2³² over the golden ratio: what differs in few bits lands far apart. */
const SPREAD = 0x9e3779b1;
const place = (word: number): number => Math.imul(word, SPREAD) >>> (32 - PLACE_BITS);
const words4 = new Int32Array(PLACES);
const texts4 = new Array<string>(PLACES).fill('0.0.0.0');
const words6 = new Int32Array(PLACES * 4);
const texts6 = new Array<string>(PLACES).fill('::');

export function ipv4Text(a: number): string {
  const at = place(a);
  if (words4[at] !== (a | 0)) {
    words4[at] = a;
    texts4[at] = `${a >>> 24}.${(a >>> 16) & 255}.${(a >>> 8) & 255}.${a & 255}`;
  }
  return texts4[at];
}

export function ipv6Text(a: number, b: number, c: number, d: number): string {
  const at = place(a ^ Math.imul(b, 3) ^ Math.imul(c, 5) ^ Math.imul(d, 7));
  const w = at * 4;
  if (
    words6[w] !== (a | 0) ||
    words6[w + 1] !== (b | 0) ||
    words6[w + 2] !== (c | 0) ||
    words6[w + 3] !== (d | 0)
  ) {
    words6[w] = a;
    words6[w + 1] = b;
    words6[w + 2] = c;
    words6[w + 3] = d;
    texts6[at] = newIpv6Text(a, b, c, d);
  }
  return texts6[at];
}

/** Longest run of two or more zero groups becomes `::`, the first one of equals (RFC 5952 §4.2). */
function newIpv6Text(a: number, b: number, c: number, d: number): string {
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
