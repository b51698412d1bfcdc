// How much a label looks as if people had made it: usual pairs of letters, as counted in a list of words.
/*
 * The mean logarithm of the chance of each letter behind the one before (an n-gram model, as in Yadav et al. 2010 and in
 * most that followed), from words.ts, smoothed. Letters at random come out some two bits a letter below words.
 */
import { WORDS } from './words.ts';

/** a … z, a digit, a hyphen, and the beginning or end. */
const SYMBOLS = 29;
const DIGIT = 26;
const HYPHEN = 27;
const EDGE = 28;
/** Added to each count: no pair is impossible. */
const SMOOTH = 0.4;
/** Characters that are looked at; a label has at most 63. */
const MOST = 63;

function symbolOf(code: number): number {
  const c = code | 32;
  if (c >= 97 && c <= 122) return c - 97;
  return code >= 48 && code <= 57 ? DIGIT : HYPHEN;
}

const bits = countPairs();

function countPairs(): Float64Array {
  const counts = new Float64Array(SYMBOLS * SYMBOLS).fill(SMOOTH);
  for (const word of WORDS.trim().split(/\s+/)) {
    let before = EDGE;
    for (let i = 0; i < word.length; i++) {
      const symbol = symbolOf(word.charCodeAt(i));
      counts[before * SYMBOLS + symbol]++;
      before = symbol;
    }
    // Names are made of several words: what ends one may be followed by what begins another.
    counts[before * SYMBOLS + EDGE]++;
  }
  for (let before = 0; before < SYMBOLS; before++) {
    const row = counts.subarray(before * SYMBOLS, (before + 1) * SYMBOLS);
    const sum = row.reduce((all, n) => all + n, 0);
    for (let i = 0; i < SYMBOLS; i++) row[i] = Math.log2(row[i] / sum);
  }
  return counts;
}

/** Mean bits of a letter behind another, 0 or less: words have −3 to −4, letters at random below −5. */
export function likeness(label: string): number {
  const length = Math.min(label.length, MOST);
  let sum = 0;
  let before = EDGE;
  for (let i = 0; i < length; i++) {
    const symbol = symbolOf(label.charCodeAt(i));
    const next = bits[before * SYMBOLS + symbol];
    // A new word may begin here.
    const anew = before === EDGE ? next : bits[before * SYMBOLS + EDGE] + bits[EDGE * SYMBOLS + symbol];
    sum += Math.max(next, anew);
    before = symbol;
  }
  return length === 0 ? 0 : sum / length;
}

const seen = new Uint16Array(256);

/** Bits of a character, by how often each comes (Shannon); of the first 255. */
export function entropy(text: string): number {
  const length = Math.min(text.length, 255);
  let sum = 0;
  for (let i = 0; i < length; i++) seen[text.charCodeAt(i) & 255]++;
  for (let i = 0; i < length; i++) {
    const c = text.charCodeAt(i) & 255;
    const n = seen[c];
    // Each character once; the counts are left as they were found.
    if (n > 0) sum -= (n / length) * Math.log2(n / length);
    seen[c] = 0;
  }
  return sum;
}
