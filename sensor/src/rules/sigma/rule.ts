// A Sigma rule about single events: its log source, and its detection compiled to a test of that event's row.
import type { YAMLMap } from 'yaml';
import { hint, type Vocabulary } from '../fields.ts';
import { type LogSourceKey, logSource, logSourceNames } from '../logsources.ts';
import type { Place } from '../place.ts';
import type { Row } from '../row.ts';
import { compileDetection, conjunction } from './detection.ts';
import { type Header, readHeader } from './header.ts';
import type { Columns, Test } from './item.ts';

export interface SigmaRule extends Header {
  /** EVE event type it meets. */
  readonly type: string;
  readonly columns: Columns;
  /** Speaks of the row's current event. */
  readonly test: Test;
  /** Paths of the fields that the match just found rested on. */
  matched(): string[];
}

const LOGSOURCE_WORDS = ['category', 'product', 'service', 'definition'];
/** Fields that only an answer has. */
const ANSWERS = /^dns\.(answers|authorities|additionals|grouped|rcode|flags|aa|tc|ra)\b/;

export function compileRule(
  map: YAMLMap,
  place: Place,
  vocabulary: Vocabulary,
  row: (type: string) => Row,
): SigmaRule {
  const header = readHeader(map, 'sigma', place);
  const sourceNode = place.get(map, 'logsource');
  if (!sourceNode) throw place.fault(map, '"logsource" is missing');
  const words = place.map(sourceNode, '"logsource"');
  const key: Record<string, string> = {};
  for (const { key: word, keyNode, value } of place.pairs(words)) {
    if (!LOGSOURCE_WORDS.includes(word))
      throw place.fault(keyNode, `unknown word "${word}" in "logsource"${hint(word, LOGSOURCE_WORDS)}`);
    if (word !== 'definition' && value) key[word] = (place.text(words, word, 64) ?? '').toLowerCase();
  }
  const source = logSource(key as LogSourceKey, vocabulary, row);
  if (!source) {
    const named = [key['product'] ?? key['category'], key['service'] ?? key['category']]
      .filter(Boolean)
      .join('/');
    const known = logSourceNames(vocabulary);
    throw place.fault(sourceNode, `no wire shows the log source "${named}"${hint(named, known)}`);
  }
  const detectionNode = place.get(map, 'detection');
  if (!detectionNode) throw place.fault(map, '"detection" is missing');
  const detection = compileDetection(detectionNode, source.columns, place);
  let { test } = detection;
  const kind = source.pairs ? source.columns.column('dns.type') : undefined;
  if (kind) {
    const wanted = test.slots.some((slot) => ANSWERS.test(slot.path)) ? 'response' : 'request';
    test = conjunction([
      test,
      { holds: () => kind.count() > 0 && kind.text(0) === wanted, cost: 1, slots: [kind] },
    ]);
  }
  return { ...header, type: source.type, columns: source.columns, test, matched: () => detection.matched() };
}
