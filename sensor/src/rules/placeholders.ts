// Placeholders of rules (`%name%` with `expand`): values that only the place where the rules are used knows.
import { isScalar, isSeq } from 'yaml';
import type { Written } from './documents.ts';
import { hint } from './fields.ts';
import type { Place, Yaml } from './place.ts';

/** Name → the values that it stands for. */
export type Placeholders = ReadonlyMap<string, readonly string[]>;

/** The file beside the rules that gives them. */
export const isPlaceholderFile = (file: string): boolean => /(^|[/\\])placeholders\.ya?ml$/.test(file);

const MAX_NAMES = 1_000;
const MAX_VALUES = 10_000;
/** Values made of one text with several placeholders. */
const MAX_MADE = 10_000;
const NAME = /^[\w.-]{1,64}$/;
const PLACEHOLDER = /%([\w.-]{1,64})%/;

/** Reads `name: value` and `name: [values]` into `into`. @throws SensorError rule_invalid */
export function readPlaceholders({ map, place }: Written, into: Map<string, readonly string[]>): void {
  for (const { key, keyNode, value } of place.pairs(map)) {
    if (!NAME.test(key)) throw place.fault(keyNode, 'a placeholder is named with letters, digits, _ . and -');
    if (into.has(key)) throw place.fault(keyNode, `the placeholder "${key}" has its values already`);
    if (into.size >= MAX_NAMES) throw place.fault(keyNode, `more than ${MAX_NAMES} placeholders`);
    const nodes = isSeq(value) ? (value.items as Yaml[]) : [value];
    if (nodes.length > MAX_VALUES) throw place.fault(value, `more than ${MAX_VALUES} values`);
    into.set(
      key,
      nodes.map((node) => {
        const scalar = place.resolve(node);
        if (!isScalar(scalar) || scalar.value === null)
          throw place.fault(node ?? keyNode, `"${key}" must list texts or numbers`);
        return String(scalar.value);
      }),
    );
  }
}

/** Every text that comes of `text` when each `%name%` in it is one of its values. @throws SensorError rule_invalid */
export function expanded(text: string, placeholders: Placeholders, place: Place, node: Yaml): string[] {
  if (!PLACEHOLDER.test(text))
    throw place.fault(node, `"expand" needs a placeholder such as %name% in "${text.slice(0, 60)}"`);
  // The texts split at placeholders: what stands at odd places is a name. Values are not looked through again.
  let made = [''];
  for (const [i, piece] of text.split(new RegExp(PLACEHOLDER, 'g')).entries()) {
    const values = i % 2 === 0 ? [piece] : placeholders.get(piece);
    if (!values)
      throw place.fault(
        node,
        `nothing says what %${piece}% stands for${hint(piece, placeholders.keys())}: give its values in placeholders.yml beside the rules`,
      );
    if (made.length * values.length > MAX_MADE) throw place.fault(node, `more than ${MAX_MADE} values`);
    made = made.flatMap((start) => values.map((value) => start + value));
  }
  return made;
}
