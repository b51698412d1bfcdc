// The documents of a YAML file of rules with their positions; those that an `action` makes of others are put together.
import { isMap, isScalar, LineCounter, type Node, Pair, parseAllDocuments, type Scalar, YAMLMap } from 'yaml';
import { SensorError } from '../errors.ts';
import { hint } from './fields.ts';
import { Place } from './place.ts';

/** One rule's map, and where it stands. */
export interface Written {
  readonly map: YAMLMap;
  readonly place: Place;
  /** As it was written, what `action` added included: the same source, the same rule. */
  readonly source: string;
}

const MAX_YAML = 1024 * 1024;
const MAX_DOCUMENTS = 1_000;
/** Deepest map that is put together with another; below it the one stands for both. */
const MAX_DEPTH = 8;

/**
 * What collections of rules said before Sigma 2, and some still do: `global` holds what all documents after it share,
 * `reset` forgets that, `repeat` is the document before it with changes.
 */
const ACTIONS = ['global', 'reset', 'repeat'];

/** @throws SensorError rule_invalid with file, line and column */
export function documents(file: string, text: string): Written[] {
  if (text.length > MAX_YAML) throw new SensorError('rule_invalid', `${file} is larger than 1 MiB`);
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (!Array.isArray(parsed) || parsed.length === 0)
    throw new SensorError('rule_invalid', `${file}: the file is empty`);
  if (parsed.length > MAX_DOCUMENTS)
    throw new SensorError('rule_invalid', `${file} holds more than ${MAX_DOCUMENTS} rules`);
  const out: Written[] = [];
  let shared: { map: YAMLMap; source: string } | undefined;
  for (const document of parsed) {
    const [error] = document.errors;
    if (error) {
      const { line, col } = lines.linePos(error.pos[0]);
      throw new SensorError(
        'rule_invalid',
        `${file}:${line}:${col}: YAML: ${error.message.split('\n', 1)[0]}`,
      );
    }
    const place = new Place(file, lines, document);
    const { contents } = document;
    // A line of dashes at the end of a file begins a document that holds nothing.
    if (contents === null && parsed.length > 1) continue;
    if (!isMap(contents)) throw place.fault(contents, 'a rule is a map of words and values');
    const own = text.slice(...(contents.range ?? document.range).slice(0, 2)).trim();
    const action = actionOf(contents, place);
    const map = action === undefined ? contents : without(contents, 'action');
    if (action === 'global') shared = { map, source: own };
    else if (action === 'reset') shared = undefined;
    else {
      const base = action === 'repeat' ? out.at(-1) : shared;
      if (action === 'repeat' && !base) throw place.fault(contents, '"repeat" has no document before it');
      out.push({
        map: base ? together(base.map, map) : map,
        place,
        source: base ? `${base.source}\n${own}` : own,
      });
    }
  }
  return out;
}

function actionOf(map: YAMLMap, place: Place): string | undefined {
  const action = place.text(map, 'action', 16);
  if (action !== undefined && !ACTIONS.includes(action))
    throw place.fault(place.get(map, 'action'), `unknown action "${action}"${hint(action, ACTIONS)}`);
  return action;
}

type Entry = Pair<Node, Node | null>;
const keyOf = ({ key }: Entry): unknown => (isScalar(key) ? (key as Scalar).value : key);
const entries = (map: YAMLMap): Entry[] => map.items as Entry[];

function mapOf(items: Entry[], like: YAMLMap): YAMLMap {
  const map = new YAMLMap();
  map.items = items;
  map.range = like.range ?? null;
  return map;
}

const without = (map: YAMLMap, word: string): YAMLMap =>
  mapOf(
    entries(map).filter((entry) => keyOf(entry) !== word),
    map,
  );

/** Everything of both; where both say something, the second does, and maps are put together in turn. */
function together(first: YAMLMap, second: YAMLMap, depth = 0): YAMLMap {
  const later = new Map(entries(second).map((entry) => [keyOf(entry), entry]));
  const items = entries(first).map((entry): Entry => {
    const other = later.get(keyOf(entry));
    if (!other) return entry;
    later.delete(keyOf(entry));
    if (!isMap(entry.value) || !isMap(other.value) || depth >= MAX_DEPTH) return other;
    return new Pair<Node, Node | null>(
      other.key,
      together(entry.value as YAMLMap, other.value as YAMLMap, depth + 1),
    );
  });
  return mapOf([...items, ...later.values()], second);
}
