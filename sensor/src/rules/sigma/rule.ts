// A Sigma rule about single events: its log source, and its detection compiled to a test of each kind of event it means.
import { hash } from 'node:crypto';
import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import type { Written } from '../documents.ts';
import { hint, type Vocabulary } from '../fields.ts';
import {
  type LogSource,
  type LogSourceKey,
  logSource,
  logSourceNames,
  nameOf,
  PARTS,
  unseenSource,
} from '../logsources.ts';
import type { Place, Yaml } from '../place.ts';
import type { Placeholders } from '../placeholders.ts';
import type { Row } from '../row.ts';
import { compileDetection } from './detection.ts';
import { type Header, readHeader } from './header.ts';
import type { Columns } from './item.ts';
import { conjunction, type Test } from './test.ts';

export interface SigmaRule extends Header {
  /** EVE event type it meets. */
  readonly type: string;
  readonly columns: Columns;
  /** Speaks of the row's current event. */
  readonly test: Test;
  /** Paths of the fields that the match just found rested on. */
  matched(): string[];
  /** The same rule as it reads on events of other types; they are shown to it, too. */
  readonly elsewhere: readonly SigmaRule[];
  readonly logSource: LogSourceKey;
  /** Of its text, hex. */
  readonly digest: string;
}

/** What rules are compiled with. */
export interface Setting {
  readonly vocabulary: Vocabulary;
  readonly row: (type: string) => Row;
  readonly placeholders: Placeholders;
}

const LOGSOURCE_WORDS = [...PARTS, 'definition'];
/** Fields that only an answer has. */
const ANSWERS = /^dns\.(answers|authorities|additionals|grouped|rcode|flags|aa|tc|ra)\b/;
const MAX_DEPTH = 5;
const MAX_NODES = 2_000;

/** @throws SensorError with file, line and column */
export function readLogSource(map: YAMLMap, place: Place): LogSourceKey {
  const node = place.get(map, 'logsource');
  if (!node) throw place.fault(map, '"logsource" is missing');
  const words = place.map(node, '"logsource"');
  const key: Record<string, string> = {};
  for (const { key: word, keyNode, value } of place.pairs(words)) {
    if (!LOGSOURCE_WORDS.includes(word))
      throw place.fault(keyNode, `unknown word "${word}" in "logsource"${hint(word, LOGSOURCE_WORDS)}`);
    if (word !== 'definition' && value) key[word] = (place.text(words, word, 64) ?? '').toLowerCase();
  }
  return key;
}

/** @throws SensorError with file, line and column */
export function compileRule({ map, place, source }: Written, setting: Setting): SigmaRule {
  const header = readHeader(map, 'sigma', place);
  const key = readLogSource(map, place);
  const groups = logSource(key, setting.vocabulary, setting.row);
  if (!groups) {
    const node = place.get(map, 'logsource');
    const what = unseenSource(key);
    const named = nameOf(key);
    throw place.fault(
      node,
      `no wire shows the log source "${named}"${what ? `: ${what}` : hint(named, logSourceNames(setting.vocabulary))}`,
    );
  }
  const detection = place.get(map, 'detection');
  if (!detection) throw place.fault(map, '"detection" is missing');
  const words = fieldsOf(detection, place);
  // What placeholders stand for is part of what the rule says.
  const given = source.includes('expand') ? JSON.stringify([...setting.placeholders]) : '';
  const known = ({ columns }: LogSource): number =>
    words.filter((word) => columns.column(word) !== undefined).length;
  const meant = groups.map((group) => group.filter((on) => known(on) === words.length));
  // Where none knows all words, the error is that of the one that knows most.
  const [nearest] = groups.flat().toSorted((a, b) => known(b) - known(a));
  const compiled = (meant.find((group) => group.length > 0) ?? [nearest]).map(
    (on): Omit<SigmaRule, 'elsewhere'> => {
      const ground = { columns: on.columns, place, placeholders: setting.placeholders };
      const { test, matched } = compileDetection(detection, ground);
      return {
        ...header,
        type: on.type,
        columns: on.columns,
        test: on.pairs ? oneOfPair(test, on.columns) : test,
        matched,
        logSource: key,
        digest: hash('sha256', source + given, 'hex'),
      };
    },
  );
  const [first, ...others] = compiled;
  return { ...first, elsewhere: others.map((rule) => ({ ...rule, elsewhere: [] })) };
}

/** Question or answer: whichever has what the rule reads. */
function oneOfPair(test: Test, columns: Columns): Test {
  const kind = columns.column('dns.type');
  if (!kind) return test;
  const wanted = test.slots.some((slot) => ANSWERS.test(slot.path)) ? 'response' : 'request';
  return conjunction([
    test,
    { holds: () => kind.count() > 0 && kind.text(0) === wanted, cost: 1, slots: [kind] },
  ]);
}

/** The fields that the selections of a detection read. */
function fieldsOf(detection: Yaml, place: Place): string[] {
  const words = new Set<string>();
  let left = MAX_NODES;
  const walk = (node: Yaml, depth: number): void => {
    if (depth > MAX_DEPTH || left-- <= 0) return;
    const value = place.resolve(node);
    if (isSeq(value)) {
      for (const item of value.items) if (!isScalar(item)) walk(item as Yaml, depth + 1);
    } else if (isMap(value)) for (const { key } of place.pairs(value)) words.add(key.split('|', 1)[0]);
  };
  const map = place.map(detection, '"detection"');
  for (const { key, value } of place.pairs(map)) if (key !== 'condition') walk(value, 0);
  words.delete('');
  return [...words].filter((word) => !TIMES.includes(word));
}

/** Looked at only in parts. */
const TIMES = ['timestamp', '@timestamp', 'ts'];
