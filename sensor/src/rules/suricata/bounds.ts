// Numbers as rules compare them: one, more or less than one, between two, not one, or certain bits.
import { invalid } from './fault.ts';
import type { Option } from './signature.ts';

export type Bounds = (value: number) => boolean;

const NUMBER = '(?:0[xX][0-9a-fA-F]+|\\d+(?:\\.\\d+)?(?:[kKmMgG](?:i?[bB])?)?)';
const ONE = new RegExp(`^(<=|>=|!=|=|<|>|!)?\\s*(${NUMBER})$`);
const BETWEEN = new RegExp(`^(!)?\\s*(${NUMBER})\\s*(?:<>|-)\\s*(${NUMBER})$`);
const BITS = new RegExp(`^&\\s*(${NUMBER})\\s*(!?=)\\s*(${NUMBER})$`);
const UNITS: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

function numberOf(text: string): number {
  const unit = /^0[xX]/.test(text) ? undefined : /[kKmMgG]/.exec(text)?.[0].toLowerCase();
  return unit === undefined ? Number(text) : Number.parseFloat(text) * UNITS[unit];
}

/**
 * @param words names of values, in lower case
 * @throws RuleFault
 */
export function parseBounds(
  option: Option,
  words: ReadonlyMap<string, number> = new Map(),
  text = option.value ?? '',
): Bounds {
  const { name, valueAt } = option;
  const word = /^(!)?\s*([a-z][\w .-]*)$/i.exec(text);
  if (word !== null) {
    const wanted = words.get(word[2].toLowerCase());
    if (wanted === undefined) throw invalid(name, `"${word[2]}" is no value of "${name}"`, valueAt);
    return word[1] === undefined ? (n) => n === wanted : (n) => n !== wanted;
  }
  const one = ONE.exec(text);
  if (one !== null) {
    const n = numberOf(one[2]);
    switch (one[1]) {
      case '<':
        if (n === 0) throw invalid(name, 'nothing is less than 0', valueAt);
        return (value) => value < n;
      case '>':
        return (value) => value > n;
      case '<=':
        return (value) => value <= n;
      case '>=':
        return (value) => value >= n;
      case '!':
      case '!=':
        return (value) => value !== n;
      default:
        return (value) => value === n;
    }
  }
  const between = BETWEEN.exec(text);
  if (between !== null) {
    const from = numberOf(between[2]);
    const to = numberOf(between[3]);
    if (from >= to) throw invalid(name, `"${text}" is a range that begins behind its end`, valueAt);
    // Neither end is meant, as the documentation of integers has it.
    const isIn = (value: number): boolean => value > from && value < to;
    return between[1] === undefined ? isIn : (value) => !isIn(value);
  }
  const bits = BITS.exec(text);
  if (bits !== null) {
    const mask = numberOf(bits[1]);
    const wanted = numberOf(bits[3]);
    return bits[2] === '=' ? (value) => (value & mask) === wanted : (value) => (value & mask) !== wanted;
  }
  throw invalid(name, `"${text}" is no number, no range and no comparison`, valueAt);
}

/** A whole number. @throws RuleFault */
export function parseWhole(option: Option, least: number, most: number, text = option.value ?? ''): number {
  const n = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(n >= least && n <= most))
    throw invalid(option.name, `"${option.name}" is a whole number from ${least} to ${most}`, option.valueAt);
  return n;
}
