// STIX expressions as questions to the event at hand: one function for each kind of event that could answer.
import type { Vocabulary } from '../fields.ts';
import { holds, parsePrefix } from '../prefix.ts';
import { compileRegex } from '../regex/run.ts';
import type { Slot } from '../row.ts';
import type { Comparison, Expression, Literal } from './stix-grammar.ts';
import { type Target, targetOf } from './stix-paths.ts';
import { domainOf, hexOf, mailsIn, serialOf, urlOf } from './value.ts';

/** Undefined: no event of this kind can answer. */
export type Question = (() => boolean) | undefined;
/** The column of a path in events of one kind; undefined where they have none. */
export type Columns = (path: string) => Slot | undefined;

const FLAGS = { ignoreCase: true, multiline: false, dotAll: true };
const MAX_VALUES = 64;

/** Kinds of events in which the expression could hold: flows, and those that have a field of it. */
export function typesOf(expression: Expression, vocabulary: Vocabulary): string[] {
  const fields = comparisons(expression).flatMap(({ path }) => (targetOf(path) as Target).fields);
  const types = [...vocabulary.types].filter(
    ([type, own]) => type === 'flow' || fields.some((field) => own.has(field) && !isOfAll(field, vocabulary)),
  );
  return types.map(([type]) => type);
}

const isOfAll = (field: string, vocabulary: Vocabulary): boolean =>
  [...vocabulary.types.values()].every((own) => own.has(field));

const comparisons = (expression: Expression): Comparison[] =>
  expression.kind === 'compare' ? [expression] : expression.of.flatMap(comparisons);

/** @throws RegexFault for what MATCHES cannot be given */
export function questionOf(expression: Expression, columns: Columns): Question {
  if (expression.kind === 'compare') return compared(expression, columns);
  const parts = expression.of.map((part) => questionOf(part, columns));
  const asked = parts.filter((part) => part !== undefined);
  if (expression.kind === 'and')
    return asked.length < parts.length ? undefined : () => asked.every((ask) => ask());
  return asked.length === 0 ? undefined : () => asked.some((ask) => ask());
}

/** Slots that the expression reads. */
export const slotsOf = (expression: Expression, columns: Columns): Slot[] => [
  ...new Set(
    comparisons(expression).flatMap(({ path }) =>
      (targetOf(path) as Target).fields.flatMap((field) => columns(field) ?? []),
    ),
  ),
];

function compared(comparison: Comparison, columns: Columns): Question {
  const target = targetOf(comparison.path) as Target;
  const slots = target.fields.flatMap((field) => columns(field) ?? []);
  if (slots.length === 0) return undefined;
  const { operator, negated } = comparison;
  if (operator === 'EXISTS') return () => slots.some((slot) => slot.count() > 0) !== negated;
  const isOther = operator === '!=' ? !negated : negated;
  const test = testOf(target, comparison, columns);
  return () => {
    for (const slot of slots) {
      const count = Math.min(slot.count(), MAX_VALUES);
      for (let i = 0; i < count; i++) if (test(slot, i) !== isOther) return true;
    }
    return false;
  };
}

type Test = (slot: Slot, i: number) => boolean;

function testOf(target: Target, { operator, values }: Comparison, columns: Columns): Test {
  switch (operator) {
    case 'LIKE':
    case 'MATCHES': {
      const pattern = String(values[0].value);
      const search = compileRegex(operator === 'LIKE' ? liked(pattern) : pattern, FLAGS);
      return (slot, i) => search(textIn(target, slot, i, columns));
    }
    case '<':
    case '<=':
    case '>':
    case '>=':
      return ordered(target, operator, values[0], columns);
    case 'ISSUPERSET': {
      // One address is a network that holds only itself.
      const prefix = parsePrefix(String(values[0].value).toLowerCase());
      return (slot, i) => {
        const words = slot.address(i);
        return (
          prefix !== undefined &&
          prefix.bits === prefix.words.length * 32 &&
          words !== null &&
          holds(prefix, words)
        );
      };
    }
    default: {
      const tests = values.map((literal) => equals(target, literal, columns));
      return (slot, i) => tests.some((test) => test(slot, i));
    }
  }
}

/** `%` stands for any characters, `_` for one. */
const liked = (pattern: string): string =>
  `^${pattern
    .replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.')}$`;

/** Bound of a text that expressions look at. */
const MAX_TEXT = 4096;

function textIn({ compared: how }: Target, slot: Slot, i: number, columns: Columns): string {
  if (how === 'url') return `http://${urlAt(slot, i, columns)}`;
  const text = slot.text(i);
  if (how === 'mail') return mailsIn(text)[0] ?? text;
  return (how === 'name' ? text.replace(/\.$/, '') : text).slice(0, MAX_TEXT);
}

function ordered(
  target: Target,
  operator: '<' | '<=' | '>' | '>=',
  { value }: Literal,
  columns: Columns,
): Test {
  const of = <T extends number | string>(a: T, b: T): boolean =>
    operator === '<' ? a < b : operator === '<=' ? a <= b : operator === '>' ? a > b : a >= b;
  if (typeof value === 'number') return (slot, i) => of(Number(slot.value(i)), value);
  return (slot, i) => of(textIn(target, slot, i, columns).toLowerCase(), String(value).toLowerCase());
}

function equals(target: Target, { value }: Literal, columns: Columns): Test {
  const text = String(value).toLowerCase();
  switch (target.compared) {
    case 'number':
      return (slot, i) => Number(slot.value(i)) === Number(value);
    case 'address': {
      const prefix = parsePrefix(text);
      if (prefix === undefined) return named(text);
      return (slot, i) => {
        const words = slot.address(i);
        return words !== null && holds(prefix, words);
      };
    }
    case 'name':
      return named(text);
    case 'url': {
      const url = urlOf(String(value)) ?? '';
      return (slot, i) => {
        const seen = urlAt(slot, i, columns);
        return seen === url || (!url.includes('?') && seen.split('?', 1)[0] === url);
      };
    }
    case 'mail':
      return (slot, i) => mailsIn(slot.text(i)).includes(text);
    case 'hex': {
      const hex = serialOf(hexOf(text));
      return (slot, i) => serialOf(hexOf(slot.text(i))) === hex;
    }
    case 'text':
      return (slot, i) => slot.lower(i) === text;
  }
}

/** The name and everything below it. */
function named(text: string): Test {
  const name = domainOf(text) ?? text;
  const below = `.${name}`;
  return (slot, i) => {
    const seen = slot.lower(i);
    const plain = seen.endsWith('.') ? seen.slice(0, -1) : seen;
    return plain === name || plain.endsWith(below);
  };
}

/** `host[:port]/path?query` of the request at hand. */
function urlAt(slot: Slot, i: number, columns: Columns): string {
  const target = slot.text(i).slice(0, MAX_TEXT);
  if (!target.startsWith('/')) return urlOf(target) ?? '';
  const [host, port] = [columns('http.hostname'), columns('http.http_port')];
  const name = host !== undefined && host.count() > 0 ? host.lower(0) : '';
  const number = port !== undefined && port.count() > 0 ? port.value(0) : 80;
  return `${name}${number === 80 || number === 443 ? '' : `:${number}`}${target}`;
}
