// Reads a regular expression of the subset that runs in linear time: no back references, no look-around.

export type Assertion = 'line-start' | 'line-end' | 'start' | 'end' | 'boundary' | 'inside';

/** Ranges of UTF-16 code units, ends included, sorted, not overlapping. */
export type Ranges = readonly (readonly [number, number])[];

export type Node =
  | { readonly kind: 'set'; readonly ranges: Ranges }
  | { readonly kind: 'assert'; readonly what: Assertion }
  | { readonly kind: 'sequence'; readonly of: readonly Node[] }
  | { readonly kind: 'choice'; readonly of: readonly Node[] }
  | { readonly kind: 'repeat'; readonly of: Node; readonly least: number; readonly most: number };

export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
}

/** What is wrong, and at which character of the expression. */
export class RegexFault extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

export const MAX_PATTERN = 2_000;
const MAX_REPEAT = 1_000;
const MAX_DEPTH = 50;
const TOP = 0xffff;

const DIGIT: Ranges = [[48, 57]];
const WORD: Ranges = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
const SPACE: Ranges = [
  [9, 13],
  [32, 32],
  [160, 160],
  [0x2028, 0x2029],
  [0xfeff, 0xfeff],
];
const CLASSES: Readonly<Record<string, Ranges>> = { d: DIGIT, w: WORD, s: SPACE };
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, '0': 0 };

function normal(ranges: (readonly [number, number])[]): Ranges {
  const out: [number, number][] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}

function outside(ranges: Ranges): Ranges {
  const out: [number, number][] = [];
  let from = 0;
  for (const [a, b] of ranges) {
    if (a > from) out.push([from, a - 1]);
    from = b + 1;
  }
  if (from <= TOP) out.push([from, TOP]);
  return out;
}

/** Adds the other case of ASCII letters. */
function folded(ranges: Ranges): Ranges {
  const more: (readonly [number, number])[] = [...ranges];
  for (const [a, b] of ranges)
    for (const [low, shift] of [
      [65, 32],
      [97, -32],
    ]) {
      const from = Math.max(a, low);
      const to = Math.min(b, low + 25);
      if (from <= to) more.push([from + shift, to + shift]);
    }
  return normal(more);
}

/**
 * @throws RegexFault on syntax outside the subset: `. ^ $ * + ? {n,m} [] | ()`, `(?:)`, lazy quantifiers (the answer is
 * the same), `\d \w \s \b` and their opposites, `\xHH \uHHHH`, `(?ims)` at the start
 */
export function parseRegex(text: string, given: Flags): Node {
  let flags = given;
  let at = 0;
  let depth = 0;
  if (text.length > MAX_PATTERN) throw new RegexFault(`longer than ${MAX_PATTERN} characters`, MAX_PATTERN);
  const inline = /^\(\?([ims]+)\)/.exec(text);
  if (inline) {
    at = inline[0].length;
    const has = (flag: string) => inline[1].includes(flag);
    flags = {
      ignoreCase: flags.ignoreCase || has('i'),
      multiline: flags.multiline || has('m'),
      dotAll: flags.dotAll || has('s'),
    };
  }
  const set = (ranges: Ranges): Node => ({ kind: 'set', ranges: flags.ignoreCase ? folded(ranges) : ranges });

  function choice(): Node {
    if (++depth > MAX_DEPTH) throw new RegexFault(`groups nested deeper than ${MAX_DEPTH}`, at);
    const of = [sequence()];
    while (text[at] === '|') {
      at++;
      of.push(sequence());
    }
    depth--;
    return of.length === 1 ? of[0] : { kind: 'choice', of };
  }

  function sequence(): Node {
    const of: Node[] = [];
    while (at < text.length && text[at] !== '|' && text[at] !== ')') of.push(repeated(atom()));
    return { kind: 'sequence', of };
  }

  function repeated(node: Node): Node {
    const from = at;
    let least: number;
    let most: number;
    const braces = /^\{(\d{1,5})(,(\d{0,5}))?\}/.exec(text.slice(at, at + 14));
    if (text[at] === '*') [least, most] = [0, Number.POSITIVE_INFINITY];
    else if (text[at] === '+') [least, most] = [1, Number.POSITIVE_INFINITY];
    else if (text[at] === '?') [least, most] = [0, 1];
    else if (braces) {
      least = Number(braces[1]);
      most =
        braces[2] === undefined ? least : braces[3] === '' ? Number.POSITIVE_INFINITY : Number(braces[3]);
      if (most < least || least > MAX_REPEAT || (most > MAX_REPEAT && most !== Number.POSITIVE_INFINITY))
        throw new RegexFault(`repetition out of order or above ${MAX_REPEAT}`, from);
    } else return node;
    if (node.kind === 'assert') throw new RegexFault('nothing to repeat', from);
    at += braces ? braces[0].length : 1;
    if (text[at] === '?') at++;
    if (text[at] === '*' || text[at] === '+') throw new RegexFault('repetition of a repetition', at);
    return { kind: 'repeat', of: node, least, most };
  }

  function atom(): Node {
    const c = text[at++];
    if (c === '.') return { kind: 'set', ranges: flags.dotAll ? [[0, TOP]] : outside([[10, 10]]) };
    if (c === '^') return { kind: 'assert', what: flags.multiline ? 'line-start' : 'start' };
    if (c === '$') return { kind: 'assert', what: flags.multiline ? 'line-end' : 'end' };
    if (c === '[') return set(bracket());
    if (c === '(') {
      const from = at - 1;
      if (text.startsWith('?:', at)) at += 2;
      else if (text[at] === '?')
        throw new RegexFault('look-around and named groups are no part of Sigma', from);
      const inner = choice();
      if (text[at++] !== ')') throw new RegexFault('unclosed group', from);
      return inner;
    }
    if (c === '*' || c === '+' || c === '?') throw new RegexFault('nothing to repeat', at - 1);
    if (c === '\\') {
      if (text[at] === 'b' || text[at] === 'B')
        return { kind: 'assert', what: text[at++] === 'b' ? 'boundary' : 'inside' };
      return set(escaped());
    }
    return set([[c.charCodeAt(0), c.charCodeAt(0)]]);
  }

  /** After a backslash. */
  function escaped(): Ranges {
    const c = text[at++];
    if (c === undefined) throw new RegexFault('a backslash at the end', at - 2);
    const named = CLASSES[c.toLowerCase()];
    if (named) return c === c.toLowerCase() ? named : outside(named);
    const hex = c === 'x' ? /^[0-9a-f]{2}/i : c === 'u' ? /^[0-9a-f]{4}/i : undefined;
    if (hex) {
      const digits = hex.exec(text.slice(at, at + 4))?.[0];
      if (!digits) throw new RegexFault(`\\${c} without its digits`, at - 2);
      at += digits.length;
      return [[Number.parseInt(digits, 16), Number.parseInt(digits, 16)]];
    }
    const code = CONTROLS[c] ?? c.charCodeAt(0);
    if (/[a-zA-Z1-9]/.test(c) && CONTROLS[c] === undefined)
      throw new RegexFault(`\\${c} is outside the subset of regular expressions that Sigma allows`, at - 2);
    return [[code, code]];
  }

  /** After `[`. */
  function bracket(): Ranges {
    const from = at - 1;
    const not = text[at] === '^';
    if (not) at++;
    const ranges: (readonly [number, number])[] = [];
    const member = (): Ranges => {
      const c = text[at++];
      return c === '\\' ? escaped() : [[c.charCodeAt(0), c.charCodeAt(0)]];
    };
    for (let first = true; text[at] !== ']' || first; first = false) {
      if (at >= text.length) throw new RegexFault('unclosed [', from);
      const low = member();
      if (text[at] === '-' && at + 1 < text.length && text[at + 1] !== ']' && low.length === 1) {
        at++;
        const high = member();
        if (low[0][0] !== low[0][1] || high.length !== 1 || high[0][0] < low[0][0])
          throw new RegexFault('a range out of order', at - 1);
        ranges.push([low[0][0], high[0][1]]);
      } else ranges.push(...low);
    }
    at++;
    const all = normal(flags.ignoreCase ? [...folded(normal(ranges))] : ranges);
    return not ? outside(all) : all;
  }

  const node = choice();
  if (at < text.length) throw new RegexFault('a ) without its (', at);
  return node;
}
