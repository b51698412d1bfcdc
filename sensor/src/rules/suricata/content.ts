// What is looked for in a buffer: contents with their places, expressions, sizes. Texts hold one byte a character.
import type { Search } from '../regex/run.ts';
import type { Bounds } from './bounds.ts';
import { invalid } from './fault.ts';
import type { Option } from './signature.ts';

export interface Content {
  readonly kind: 'content';
  readonly bytes: string;
  readonly lower: string;
  readonly negated: boolean;
  readonly at: number;
  nocase: boolean;
  offset?: number;
  depth?: number;
  distance?: number;
  within?: number;
  startswith: boolean;
  endswith: boolean;
  fastOnly: boolean;
}
export interface Expression {
  readonly kind: 'pcre';
  readonly negated: boolean;
  readonly relative: boolean;
  readonly search: Search;
  readonly at: number;
}
export interface DataAt {
  readonly kind: 'isdataat';
  readonly negated: boolean;
  readonly relative: boolean;
  readonly count: number;
}
export interface Size {
  readonly kind: 'bsize';
  readonly bounds: Bounds;
}
/** A question to something that is kept: the value must be in it, or must not. */
export interface Membership {
  readonly kind: 'member';
  readonly ask: (text: string) => boolean;
}
export type Item = Content | Expression | DataAt | Size | Membership;

/** Its place counts from the end of what was found before. */
export const isRelative = (item: Item): boolean =>
  (item.kind === 'content' && (item.distance !== undefined || item.within !== undefined)) ||
  ((item.kind === 'pcre' || item.kind === 'isdataat') && item.relative);

export const MAX_CONTENT = 255;
const HEX = /^[0-9a-fA-F]{2}$/;

/** `"text"`, `!"text"`, with bytes as `|0d 0a|`. @throws RuleFault */
export function parseContent(option: Option): Content {
  const { name, valueAt } = option;
  let value = option.value ?? '';
  let at = valueAt;
  const negated = value.startsWith('!');
  if (negated) {
    const rest = value.slice(1).trimStart();
    at += value.length - rest.length;
    value = rest;
  }
  if (value.length < 2 || value[0] !== '"' || !value.endsWith('"'))
    throw invalid(name, `the value of "${name}" stands in quotes`, at);
  const bytes = unescaped(name, value.slice(1, -1), at + 1);
  if (bytes === '') throw invalid(name, `"${name}" of nothing`, at);
  if (bytes.length > MAX_CONTENT) throw invalid(name, `"${name}" is longer than ${MAX_CONTENT} bytes`, at);
  return {
    kind: 'content',
    bytes,
    lower: bytes.toLowerCase(),
    negated,
    at: option.at,
    nocase: false,
    startswith: false,
    endswith: false,
    fastOnly: false,
  };
}

/** The bytes that a text in quotes stands for. @throws RuleFault */
export function unescaped(name: string, text: string, at: number): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '|') {
      const end = text.indexOf('|', i + 1);
      if (end < 0)
        throw invalid(name, 'a "|" that opens hexadecimal bytes, and none that closes them', at + i);
      const digits = text.slice(i + 1, end);
      let k = 0;
      while (k < digits.length) {
        if (digits[k] === ' ') {
          k++;
          continue;
        }
        const pair = digits.slice(k, k + 2);
        if (!HEX.test(pair))
          throw invalid(name, `"${pair.trim()}" is no byte in hexadecimal: two digits`, at + i + 1 + k);
        out += String.fromCharCode(Number.parseInt(pair, 16));
        k += 2;
      }
      i = end;
    } else if (c === '\\') {
      const next = text[++i];
      if (next === undefined || !'":;\\|'.includes(next))
        throw invalid(name, 'a backslash stands before \\ " ; : and nothing else', at + i - 1);
      out += next;
    } else if (c === '"') throw invalid(name, 'a quote inside of quotes has a backslash before it', at + i);
    else out += c.charCodeAt(0) < 0x80 ? c : Buffer.from(c, 'utf8').toString('latin1');
  }
  return out;
}
