// Which of our events a Sigma log source speaks of, and what its words are called here.
import type { Event } from '../protocols/event.ts';
import type { Value } from '../protocols/protocol.ts';
import { readerOf } from '../protocols/reading.ts';
import type { Vocabulary } from './fields.ts';
import { agrees, KNOWN, type LogSourceKey, unseenWord } from './logsources/known.ts';
import { partOf } from './logsources/time.ts';
import { ADDRESSES, type Meaning, WORDS, type Words } from './logsources/words.ts';
import type { Reader, Row, Slot } from './row.ts';
import type { Columns } from './sigma/item.ts';

export type { LogSourceKey } from './logsources/known.ts';
export { PARTS, unseenSource } from './logsources/known.ts';

/** What a log source comes to on one type of events. */
export interface LogSource {
  /** EVE event type. */
  readonly type: string;
  readonly columns: Columns;
  /**
   * A log with one row per question and answer meets our two events: a rule that reads nothing of the answer sees
   * questions only, another one answers only, so that it fires once.
   */
  readonly pairs: boolean;
}

/** Our own product: the service is the event type, the words are the fields' paths. */
const OWN = 'yagura';

/** `product/service` or the like. */
export const nameOf = ({ category, product, service }: LogSourceKey): string =>
  [product ?? category, service ?? (product === undefined ? undefined : category)].filter(Boolean).join('/');

/** Names of the log sources that a wire shows, for errors. */
export const logSourceNames = (vocabulary: Vocabulary): string[] => [
  ...[...vocabulary.types.keys()].map((type) => `${OWN}/${type}`),
  ...KNOWN.map(({ key }) => nameOf(key)),
];

/**
 * Finds the log source's event types and their words, in groups of which the first that knows a rule's words is meant.
 * @returns undefined when no wire shows such a log
 */
export function logSource(
  key: LogSourceKey,
  vocabulary: Vocabulary,
  row: (type: string) => Row,
): LogSource[][] | undefined {
  if (key.product === OWN) {
    const { service } = key;
    if (service === undefined || !vocabulary.types.has(service)) return undefined;
    return [
      [{ type: service, columns: columnsOf(service, [], key, vocabulary, row(service)), pairs: false }],
    ];
  }
  const known = KNOWN.find(({ key: k }) => agrees(k, key));
  if (!known) return undefined;
  const groups = known.on.map((types) =>
    types
      .filter((type) => vocabulary.types.has(type))
      .map((type) => {
        const words = [ADDRESSES, WORDS[type] ?? {}, known.words ?? {}];
        const columns = columnsOf(type, words, key, vocabulary, row(type));
        return { type, columns, pairs: type === 'dns' };
      }),
  );
  const there = groups.filter((group) => group.length > 0);
  return there.length > 0 ? there : undefined;
}

/** Makes a new value out of the text, or of each text of a list. */
const remade = (read: Reader, make: (text: string) => string | number | undefined): Reader => {
  const each = (value: Value): Value =>
    value === undefined || value === null
      ? undefined
      : typeof value === 'object'
        ? (value.map((v) => (v === undefined ? v : make(String(v)))) as Value)
        : make(String(value));
  return (event: Event) => each(read(event));
};

/** When the event happened: no field, since every record has it. */
const TIMESTAMP = ['timestamp', '@timestamp', 'ts'];

/** By row, and by what the log source is called: thousands of rules share a few. */
const made = new WeakMap<Row, Map<string, Columns>>();

function columnsOf(
  type: string,
  tables: readonly Words[],
  key: LogSourceKey,
  vocabulary: Vocabulary,
  row: Row,
): Columns {
  let known = made.get(row);
  if (known === undefined) made.set(row, (known = new Map()));
  const name = JSON.stringify([type, key.product, key.category, key.service]);
  let columns = known.get(name);
  if (columns === undefined) known.set(name, (columns = makeColumns(type, tables, key, vocabulary, row)));
  return columns;
}

function makeColumns(
  type: string,
  tables: readonly Words[],
  key: LogSourceKey,
  vocabulary: Vocabulary,
  row: Row,
): Columns {
  const fields = vocabulary.types.get(type)!;
  const meanings = new Map<string, Meaning>();
  for (const [path, field] of fields) {
    meanings.set(path, path);
    for (const alias of field.aliases ?? []) {
      meanings.set(alias, path);
      // Zeek has a log of its own for what stands inside of others.
      for (const prefix of [`zeek.${key.service}.`, `${key.service}.`])
        if (key.product === 'zeek' && alias.startsWith(prefix))
          meanings.set(alias.slice(prefix.length), path);
    }
  }
  for (const [word, meaning] of tables.flatMap((table) => Object.entries(table)))
    if (fields.has(typeof meaning === 'string' ? meaning : meaning.path)) meanings.set(word, meaning);
  // Logs write `cs-User-Agent` or `cs-user-agent`.
  for (const [word, meaning] of [...meanings]) {
    const folded = word.toLowerCase();
    if (!meanings.has(folded)) meanings.set(folded, meaning);
  }
  const meaningOf = (word: string): Meaning | undefined =>
    meanings.get(word) ?? meanings.get(word.toLowerCase());
  const slotOf = (path: string): Slot => {
    const field = fields.get(path)!;
    return row.slot(path, readerOf(field));
  };
  let every: readonly Slot[] | undefined;
  const columns: Columns = {
    column(word) {
      const meaning = meaningOf(word);
      if (meaning === undefined) return undefined;
      if (typeof meaning === 'string') return slotOf(meaning);
      const field = fields.get(meaning.path)!;
      const read = remade(readerOf(field), meaning.make);
      return row.slot(meaning.path, read, `${meaning.path}#${meaning.name}`);
    },
    part(word, part) {
      const time = partOf(part);
      if (TIMESTAMP.includes(word))
        return row.slot('timestamp', (event) => time(event.time / 1000), `timestamp#${part}`);
      const meaning = meaningOf(word);
      if (typeof meaning !== 'string') return undefined;
      const field = fields.get(meaning)!;
      if (field.type !== 'time' && field.type !== 'string') return undefined;
      const read = remade(readerOf(field), (text) => time(Date.parse(utc(text))));
      return row.slot(meaning, read, `${meaning}#${part}`);
    },
    words: () => meanings.keys(),
    every: () => (every ??= [...fields.keys()].map(slotOf)),
    whole() {
      const slots = columns.every();
      const texts = (): Value => {
        const out: string[] = [];
        for (const slot of slots) for (let i = 0; i < slot.count(); i++) out.push(slot.text(i));
        return out;
      };
      return row.slot('', texts, '#whole');
    },
    unseen: unseenWord,
  };
  return columns;
}

/** A time without a zone is one in UTC. */
const utc = (text: string): string => (/T[\d:.]+$/.test(text) ? `${text}Z` : text);
