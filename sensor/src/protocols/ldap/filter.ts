// A search filter (RFC 4511 §4.5.1.7) as text (RFC 4515), as far as it is short and flat enough to be one.
import { Element, OCTET_STRING } from '../../bytes/ber.ts';
import { shown } from '../../bytes/line.ts';

const AND = 0xa0;
const OR = 0xa1;
const NOT = 0xa2;
const EQUAL = 0xa3;
const SUBSTRINGS = 0xa4;
const GREATER = 0xa5;
const LESS = 0xa6;
const PRESENT = 0x87;
const APPROXIMATE = 0xa8;
const EXTENSIBLE = 0xa9;

const TYPES: Readonly<Record<number, string>> = {
  [AND]: 'and',
  [OR]: 'or',
  [NOT]: 'not',
  [EQUAL]: 'equality_match',
  [SUBSTRINGS]: 'substrings',
  [GREATER]: 'greater_or_equal',
  [LESS]: 'less_or_equal',
  [PRESENT]: 'present',
  [APPROXIMATE]: 'approx_match',
  [EXTENSIBLE]: 'extensible_match',
};
const COMPARISONS: Readonly<Record<number, string>> = {
  [EQUAL]: '=',
  [GREATER]: '>=',
  [LESS]: '<=',
  [APPROXIMATE]: '~=',
};

const MAX_DEPTH = 12;
const MAX_TEXT = 1024;
const MAX_VALUE = 256;

export interface Filter {
  readonly type: string;
  /** Of `present` the attribute alone, of all others the whole text. */
  readonly value: string;
}

export function readFilter(b: Uint8Array, at: number, end: number): Filter | undefined {
  const e = new Element();
  if (!e.read(b, at, end)) return undefined;
  const type = TYPES[e.tag];
  if (type === undefined) return undefined;
  return { type, value: e.tag === PRESENT ? shown(b, e.from, e.to, MAX_VALUE) : text(b, at, end, 0) };
}

/** Each level goes inside an element of its parent, and at most MAX_DEPTH deep; siblings end where the text is long. */
function text(b: Uint8Array, at: number, end: number, depth: number): string {
  const e = new Element();
  if (depth > MAX_DEPTH || !e.read(b, at, end)) return '…';
  const { tag, from, to } = e;
  if (tag === PRESENT) return `(${shown(b, from, to, MAX_VALUE)}=*)`;
  if (tag === AND || tag === OR || tag === NOT) {
    let inside = tag === AND ? '&' : tag === OR ? '|' : '!';
    for (let i = from; e.read(b, i, to) && inside.length < MAX_TEXT; i = e.to)
      inside += text(b, i, to, depth + 1);
    return `(${inside})`;
  }
  const comparison = COMPARISONS[tag];
  if (comparison !== undefined) {
    if (!e.is(OCTET_STRING, b, from, to)) return '(…)';
    const attribute = shown(b, e.from, e.to, MAX_VALUE);
    return `(${attribute}${comparison}${e.is(OCTET_STRING, b, e.to, to) ? shown(b, e.from, e.to, MAX_VALUE) : ''})`;
  }
  if (tag === SUBSTRINGS) return substrings(b, from, to);
  return tag === EXTENSIBLE ? extensible(b, from, to) : '(…)';
}

/** [0] initial, [1] any, [2] final. */
function substrings(b: Uint8Array, from: number, to: number): string {
  const e = new Element();
  if (!e.is(OCTET_STRING, b, from, to)) return '(…)';
  let inside = `${shown(b, e.from, e.to, MAX_VALUE)}=`;
  if (!e.read(b, e.to, to)) return `(${inside})`;
  const stop = e.to;
  let last = 0x80;
  for (let i = e.from; e.read(b, i, stop) && inside.length < MAX_TEXT; i = e.to) {
    last = e.tag;
    if (e.tag !== 0x80) inside += '*';
    inside += shown(b, e.from, e.to, MAX_VALUE);
  }
  return `(${inside}${last === 0x82 ? '' : '*'})`;
}

/** [1] matching rule, [2] attribute, [3] value. */
function extensible(b: Uint8Array, from: number, to: number): string {
  const e = new Element();
  let rule = '';
  let attribute = '';
  let value = '';
  // Ends: each turn is an element on.
  for (let i = from; e.read(b, i, to); i = e.to) {
    if (e.tag === 0x81) rule = `:${shown(b, e.from, e.to, MAX_VALUE)}`;
    else if (e.tag === 0x82) attribute = shown(b, e.from, e.to, MAX_VALUE);
    else if (e.tag === 0x83) value = shown(b, e.from, e.to, MAX_VALUE);
  }
  return `(${attribute}${rule}:=${value})`;
}
