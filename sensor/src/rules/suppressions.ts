// Suppressions: what people decided not to be told of, or less often; each with an owner, a reason and an end.
import { readFileSync } from 'node:fs';
import { isMap, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { SensorError } from '../errors.ts';
import { SEVERITIES, type Severity } from '../wire/scale.ts';
import { hint } from './fields.ts';
import { Place, type Yaml } from './place.ts';
import { holds, type Prefix, parseAddress, parsePrefix } from './prefix.ts';
import { compileText, parseText, type TextTest } from './sigma/text.ts';

/** What alerts are counted by: as Suricata's thresholds are tracked. */
export const TRACKS = ['rule', 'by_src', 'by_dst', 'by_both'] as const;
export type Track = (typeof TRACKS)[number];

/** So many alerts within a span that begins with the first of them; the others are held back. */
export interface Limit {
  readonly count: number;
  /** µs. */
  readonly span: number;
  readonly track: Track;
}

export interface Suppression {
  /** Where it stands: `file:line`. */
  readonly place: string;
  readonly owner: string;
  readonly reason: string;
  /** µs since 1970: from then on it says nothing. */
  readonly until: number;
  /** Absent: nothing at all is told. */
  readonly limit: Limit | undefined;
  /** Whether it speaks of an alert. */
  covers(alert: Covered): boolean;
}

/** What a suppression looks at. */
export interface Covered {
  readonly id: string;
  readonly name: string;
  readonly severity: Severity;
  readonly src_ip: string;
  readonly dest_ip: string;
}

const WORDS = ['rule', 'src', 'dest', 'either', 'up_to', 'limit', 'owner', 'reason', 'until'];
const LIMIT_WORDS = ['count', 'timespan', 'track'];
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const MAX_FILE = 4 * 1024 * 1024;
const MAX_ENTRIES = 10_000;
const MAX_PREFIXES = 1000;
const MAX_TEXT = 500;
/** Alerts of a graver kind are told all the same, unless the entry says otherwise. */
const USUAL_UP_TO: Severity = 'medium';

/** @throws SensorError file_unreadable, suppression_invalid */
export function loadSuppressions(path: string): readonly Suppression[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new SensorError('file_unreadable', `cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
  return readSuppressions(path, text);
}

/** @throws SensorError suppression_invalid, with file, line and column */
export function readSuppressions(file: string, text: string): readonly Suppression[] {
  if (text.length > MAX_FILE) throw new SensorError('suppression_invalid', `${file} is larger than 4 MiB`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const place = new Place(file, lines, document, 'suppression_invalid');
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    const what = error.message.split('\n', 1)[0];
    throw new SensorError('suppression_invalid', `${file}:${line}:${col}: YAML: ${what}`);
  }
  const { contents } = document;
  if (contents === null) return [];
  if (!isSeq(contents)) throw place.fault(contents, 'the file is a list of suppressions');
  if (contents.items.length > MAX_ENTRIES)
    throw place.fault(contents, `more than ${MAX_ENTRIES} suppressions: mend the rules instead`);
  return contents.items.map((item) => readOne(place.map(item as Yaml, 'a suppression'), place));
}

function readOne(map: YAMLMap, place: Place): Suppression {
  place.only(map, WORDS, 'a suppression');
  const demanded = (word: string): string => {
    const text = place.text(map, word, MAX_TEXT);
    if (!text)
      throw place.fault(map, `"${word}" is missing: who decided it, why, and until when is on record`);
    return text;
  };
  const rule = compileText(parseText(demanded('rule').toLowerCase()));
  const [src, dest, either] = ['src', 'dest', 'either'].map((word) => prefixes(map, word, place));
  const within = (all: readonly Prefix[] | undefined, address: string): boolean => {
    const words = parseAddress(address);
    return all === undefined || (words !== undefined && all.some((prefix) => holds(prefix, words)));
  };
  const limit = readLimit(place.get(map, 'limit'), place);
  const upTo = SEVERITIES.indexOf(readSeverity(map, place, limit));
  return {
    place: place.at(map),
    owner: demanded('owner'),
    reason: demanded('reason'),
    until: readUntil(map, demanded('until'), place),
    limit,
    covers: ({ id, name, severity, src_ip, dest_ip }) =>
      SEVERITIES.indexOf(severity) <= upTo &&
      isNamed(rule, id, name) &&
      within(src, src_ip) &&
      within(dest, dest_ip) &&
      (either === undefined || within(either, src_ip) || within(either, dest_ip)),
  };
}

const isNamed = (rule: TextTest, id: string, name: string): boolean =>
  rule(id.toLowerCase()) || rule(name.toLowerCase());

function prefixes(map: YAMLMap, word: string, place: Place): readonly Prefix[] | undefined {
  return place.texts(map, word, MAX_PREFIXES)?.map((text) => {
    const prefix = parsePrefix(text.trim());
    if (prefix !== undefined) return prefix;
    throw place.fault(
      place.get(map, word),
      `"${text}" is neither an address nor a prefix such as 10.0.0.0/8`,
    );
  });
}

/** What is held back altogether must not hide what is grave; a limit leaves the first of each. */
function readSeverity(map: YAMLMap, place: Place, limit: Limit | undefined): Severity {
  const text = place.text(map, 'up_to', 32);
  if (text === undefined) return limit === undefined ? USUAL_UP_TO : 'critical';
  if ((SEVERITIES as readonly string[]).includes(text)) return text as Severity;
  throw place.fault(place.get(map, 'up_to'), `unknown severity "${text}"${hint(text, SEVERITIES)}`);
}

function readUntil(map: YAMLMap, text: string, place: Place): number {
  const time = /^\d{4}-\d\d-\d\d(T|$)/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw place.fault(place.get(map, 'until'), '"until" is a date such as 2027-03-31, or a time (RFC 3339)');
  return time * 1000;
}

function readLimit(node: Yaml, place: Place): Limit | undefined {
  if (node === undefined || node === null) return undefined;
  if (!isMap(node))
    throw place.fault(node, '"limit" is a map such as {count: 1, timespan: 1h, track: by_src}');
  place.only(node, LIMIT_WORDS, '"limit"');
  const count = Number(place.text(node, 'count', 8) ?? 1);
  if (!Number.isInteger(count) || count < 1 || count > 100_000)
    throw place.fault(place.get(node, 'count') ?? node, '"count" is a whole number from 1 to 100000');
  const span = /^(\d{1,6})([smhd])$/.exec(place.text(node, 'timespan', 16) ?? '');
  if (span === null || Number(span[1]) === 0)
    throw place.fault(place.get(node, 'timespan') ?? node, '"timespan" is a number with s, m, h or d');
  const track = place.text(node, 'track', 16) ?? 'rule';
  if (!(TRACKS as readonly string[]).includes(track))
    throw place.fault(place.get(node, 'track'), `unknown track "${track}"${hint(track, TRACKS)}`);
  return { count, span: Number(span[1]) * SECONDS[span[2]] * 1e6, track: track as Track };
}
