// A rule's values on their way through the chain of modifiers.
import { isScalar } from 'yaml';
import type { Place, Yaml } from '../place.ts';
import { type Prefix, parsePrefix } from '../prefix.ts';
import { RegexFault } from '../regex/parse.ts';
import { compileRegex, type Search } from '../regex/run.ts';
import { appended, dashed, literalOf, type Pattern, parseText, prepended } from './text.ts';

export type RuleValue =
  | { readonly kind: 'text'; readonly pattern: Pattern; readonly source: string }
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'boolean'; readonly boolean: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'regex'; readonly search: Search }
  | { readonly kind: 'cidr'; readonly prefix: Prefix }
  | { readonly kind: 'order'; readonly than: Order; readonly number: number }
  | {
      readonly kind: 'field';
      readonly path: string;
      readonly shape: 'equal' | 'starts' | 'ends' | 'contains';
    };

export type Order = 'lt' | 'lte' | 'gt' | 'gte';

/** What a chain of modifiers says about the item as a whole. */
export interface Chain {
  readonly change: readonly string[];
  readonly all: boolean;
  readonly cased: boolean;
  readonly not: boolean;
  readonly exists: boolean;
  /** The part of a time that is looked at instead of the time. */
  readonly part: TimePart | undefined;
}

/** What a modifier takes of a time, in UTC. */
export const TIME_PARTS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type TimePart = (typeof TIME_PARTS)[number];

const WHOLE = ['all', 'cased', 'neq', 'exists', ...TIME_PARTS];
const ORDERS = ['lt', 'lte', 'gt', 'gte'];
const REGEX_FLAGS = ['i', 'm', 's'];
const CHANGES = [
  'contains',
  'startswith',
  'endswith',
  're',
  'cidr',
  'fieldref',
  'windash',
  'base64',
  'base64offset',
  'utf16le',
  'utf16be',
  'utf16',
  'wide',
  'expand',
  ...ORDERS,
  ...REGEX_FLAGS,
];
export const MODIFIERS: readonly string[] = [...WHOLE, ...CHANGES];

/** Checks the modifiers' names and that they can stand together. */
export function chainOf(
  modifiers: readonly string[],
  place: Place,
  node: Yaml,
  hint: (w: string) => string,
): Chain {
  for (const word of modifiers) {
    if (!MODIFIERS.includes(word)) throw place.fault(node, `unknown modifier "${word}"${hint(word)}`);
    if (REGEX_FLAGS.includes(word) && !modifiers.includes('re'))
      throw place.fault(node, `the modifier "${word}" is a flag of "re" and stands after it`);
  }
  const change = modifiers.filter((word) => !WHOLE.includes(word));
  const has = (word: string) => modifiers.includes(word);
  if (has('exists') && modifiers.length > 1) throw place.fault(node, '"exists" stands alone');
  const parts = TIME_PARTS.filter(has);
  if (parts.length > 1) throw place.fault(node, `"${parts[0]}" and "${parts[1]}" are two parts of a time`);
  if (parts.length > 0 && change.some((word) => !ORDERS.includes(word)))
    throw place.fault(node, `"${parts[0]}" is a number: it goes with ${ORDERS.join(', ')} and "neq"`);
  return {
    change,
    all: has('all'),
    cased: has('cased'),
    not: has('neq'),
    exists: has('exists'),
    part: parts[0],
  };
}

export function readValue(node: Yaml, place: Place): RuleValue {
  const scalar = place.resolve(node);
  if (scalar === null || scalar === undefined) return { kind: 'null' };
  if (!isScalar(scalar)) throw place.fault(node, 'expected a text, a number, true, false or null');
  const { value } = scalar;
  if (value === null) return { kind: 'null' };
  if (typeof value === 'boolean') return { kind: 'boolean', boolean: value };
  // Written as it stands: `0x50` and `1e3` are numbers, `"80"` is a text.
  if (typeof value === 'number') return { kind: 'number', number: value };
  return textValue(String(value));
}

/** A text as a rule writes it. */
export const textValue = (text: string): RuleValue => ({
  kind: 'text',
  pattern: parseText(text),
  source: text,
});

/** The three ways a text can stand in base64, cut to the characters that depend on it alone. */
function base64Offsets(bytes: Buffer): string[] {
  const cut = [0, 2, 3];
  return [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const tail = (bytes.length + offset) % 3;
    return text.slice(cut[offset], tail === 0 ? text.length : tail === 1 ? text.length - 3 : text.length - 2);
  });
}

const plain = (text: string): RuleValue => ({
  kind: 'text',
  pattern: text === '' ? [] : [text],
  source: text,
});

/** Sends one value through the chain; some modifiers make several values of one. */
export function changed(
  first: RuleValue,
  chain: Chain,
  place: Place,
  node: Yaml,
  pathOf: (word: string) => string,
): RuleValue[] {
  let values = [first];
  const flags = { ignoreCase: false, multiline: false, dotAll: false };
  flags.ignoreCase = chain.change.includes('i');
  flags.multiline = chain.change.includes('m');
  flags.dotAll = chain.change.includes('s');
  for (const word of chain.change)
    if (!REGEX_FLAGS.includes(word) && word !== 'expand')
      values = values.flatMap((value) => one(value, word));
  return values.map((value) => (value.kind === 'bytes' ? plain(value.bytes.toString('latin1')) : value));

  function bytesOf(value: RuleValue, word: string): Buffer {
    if (value.kind === 'bytes') return value.bytes;
    const text =
      value.kind === 'number'
        ? String(value.number)
        : value.kind === 'text'
          ? literalOf(value.pattern)
          : undefined;
    if (text === undefined) throw place.fault(node, `"${word}" takes a text without wildcards`);
    return Buffer.from(text, 'utf8');
  }

  function one(value: RuleValue, word: string): RuleValue[] {
    if (ORDERS.includes(word)) {
      const number = value.kind === 'number' ? value.number : Number.NaN;
      if (!Number.isFinite(number)) throw place.fault(node, `"${word}" takes a number`);
      return [{ kind: 'order', than: word as Order, number }];
    }
    if (word === 'base64') return [plain(bytesOf(value, word).toString('base64'))];
    if (word === 'base64offset') return base64Offsets(bytesOf(value, word)).map(plain);
    if (word === 'utf16le' || word === 'wide' || word === 'utf16be' || word === 'utf16') {
      const bytes = Buffer.from(bytesOf(value, word).toString('utf8'), 'utf16le');
      if (word === 'utf16be') bytes.swap16();
      return [
        {
          kind: 'bytes',
          bytes: word === 'utf16' ? Buffer.concat([Buffer.from([0xff, 0xfe]), bytes]) : bytes,
        },
      ];
    }
    if (word === 'contains' || word === 'startswith' || word === 'endswith') return [surrounded(value, word)];
    const text =
      value.kind === 'text' ? value : value.kind === 'number' ? plain(String(value.number)) : undefined;
    if (text?.kind !== 'text') throw place.fault(node, `"${word}" takes a text`);
    if (word === 're') {
      try {
        return [{ kind: 'regex', search: compileRegex(text.source, flags) }];
      } catch (fault) {
        if (!(fault instanceof RegexFault)) throw fault;
        throw place.fault(node, `regular expression: ${fault.message} (character ${fault.at + 1})`);
      }
    }
    if (word === 'cidr') {
      const prefix = parsePrefix(text.source);
      if (!prefix) throw place.fault(node, `"${text.source.slice(0, 60)}" is no address or CIDR prefix`);
      return [{ kind: 'cidr', prefix }];
    }
    if (word === 'fieldref') return [{ kind: 'field', path: pathOf(text.source), shape: 'equal' }];
    // windash: each dash that opens an option may be any of five.
    return [{ ...text, pattern: dashed(text.pattern) }];
  }

  function surrounded(value: RuleValue, word: string): RuleValue {
    if (value.kind === 'field')
      return {
        ...value,
        shape: word === 'contains' ? 'contains' : word === 'startswith' ? 'starts' : 'ends',
      };
    const text =
      value.kind === 'bytes'
        ? plain(value.bytes.toString('latin1'))
        : value.kind === 'number'
          ? plain(String(value.number))
          : value;
    if (text.kind === 'regex' && word === 'contains') return text;
    if (text.kind !== 'text') throw place.fault(node, `"${word}" takes a text`);
    let { pattern } = text;
    if (word !== 'startswith') pattern = prepended(pattern);
    if (word !== 'endswith') pattern = appended(pattern);
    return { ...text, pattern };
  }
}
