// Ports that an FTP control connection names for its data (RFC 959 §4.1.2, RFC 2428).
import { decimal } from '../../bytes/line.ts';

const COMMA = 0x2c;

/** The port of `h1,h2,h3,h4,p1,p2`, wherever it begins in `[at, end)`; -1 when there is none. */
export function sixNumbersPort(b: Uint8Array, at: number, end: number): number {
  // Bounded by the line's length; each start is tried once.
  for (let start = at; start < end; start++) {
    if (!isDigit(b[start]) || (start > at && isDigit(b[start - 1]))) continue;
    let i = start;
    let high = 0;
    for (let n = 0; n < 6; n++) {
      const value = decimal(b, i, end, 3);
      if (value < 0 || value > 255) break;
      while (i < end && isDigit(b[i])) i++;
      if (n === 4) high = value;
      if (n === 5) return high * 256 + value;
      if (i >= end || b[i] !== COMMA) break;
      i++;
    }
  }
  return -1;
}

/** The port of `|1|address|port|` (EPRT) or `(|||port|)` (EPSV): what stands between the last two marks; -1 without. */
export function extendedPort(b: Uint8Array, at: number, end: number): number {
  let mark = at;
  while (mark < end && b[mark] !== 0x7c) mark++;
  let before = -1;
  let last = -1;
  for (let i = mark; i < end; i++)
    if (b[i] === b[mark]) {
      before = last;
      last = i;
    }
  if (before < 0) return -1;
  const port = decimal(b, before + 1, last, 5);
  return port > 0 && port < 65_536 ? port : -1;
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
