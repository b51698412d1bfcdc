// Decimal digits by the word: up to three of them, and what stands behind, are four bytes that are written at once.

/** Numbers of at most three digits. */
const COUNT = 1000;

/** Up to four characters as a little-endian word, the first lowest. */
export function asWord(text: string): number {
  let word = 0;
  for (let i = 0; i < text.length; i++) word |= text.charCodeAt(i) << (i << 3);
  return word;
}

/** How many digits a number below 1000 has. */
export const DIGIT_COUNTS = Uint8Array.from({ length: COUNT }, (_, n) => String(n).length);

/** The digits of 0–999, and `behind` behind them. */
export const digitsThen = (behind: string): Int32Array =>
  Int32Array.from({ length: COUNT }, (_, n) => asWord(n + behind));

/** The same, filled up with zeros from the left. */
export const threeDigitsThen = (behind: string): Int32Array =>
  Int32Array.from({ length: COUNT }, (_, n) => asWord(String(n).padStart(3, '0') + behind));
