// Indicators as comma-separated values (RFC 4180; semicolons and tabs too): the first row names the columns.
import { hint } from '../fields.ts';
import { type ListFile, MAX_LINE } from './file.ts';
import type { ListFormat } from './format.ts';
import { type Intake, kindOf, kindWords } from './intake.ts';
import type { IndicatorKind } from './kinds.ts';
import type { Label } from './label.ts';
import { attackTags, confidenceOf, severityOf, shortened, timeOf, tlpOf, unseen } from './terms.ts';
import { guess } from './value.ts';

const COLUMNS = {
  value: ['value', 'indicator', 'ioc', 'ioc_value', 'observable'],
  type: ['type', 'indicator_type', 'ioc_type', 'kind'],
  source: ['source', 'list', 'feed', 'provider', 'reporter'],
  name: ['name', 'threat', 'malware', 'malware_printable', 'title'],
  confidence: ['confidence', 'confidence_level'],
  severity: ['severity', 'level'],
  tlp: ['tlp', 'marking'],
  until: ['valid_until', 'expires', 'expiration', 'expiry'],
  from: ['valid_from'],
  description: ['description', 'comment', 'notes'],
  tags: ['tags', 'labels'],
} as const;
type Column = keyof typeof COLUMNS;

/** Lines that a quoted field may span. */
const MAX_LINES = 20;
const MAX_KNOWN = 10_000;

export const csv = {
  name: 'csv',
  about: 'Comma-separated values whose first row has a column "indicator" or "value".',
  takes: ({ name }) => /\.(csv|tsv)$/.test(name),
  read(file, intake) {
    let columns: ReadonlyMap<Column, number> | undefined;
    let separator = ',';
    const labels = new Map<string, Label>();
    for (const record of records(file, intake)) {
      if (columns === undefined) {
        separator = mostFrequent(record);
        columns = header(cells(record, separator));
        if (!columns.has('value')) {
          intake.refuse('the first row must name the columns, one of them "indicator" or "value"');
          return;
        }
        continue;
      }
      row(cells(record, separator), columns, file, intake, labels);
    }
  },
} as const satisfies ListFormat;

/** Rows, put together where a quoted field holds line ends; comments and blank lines left out. */
function* records(file: ListFile, intake: Intake): Generator<string> {
  let open = '';
  let held = 0;
  for (const line of file.lines()) {
    intake.line++;
    if (open === '' && (line.trim() === '' || line.startsWith('#'))) continue;
    const text = open === '' ? line : `${open}\n${line}`;
    if (text.length > MAX_LINE || held > MAX_LINES) {
      intake.refuse('the row is too long, or a quote is never closed');
      [open, held] = ['', 0];
      continue;
    }
    if (text.includes('"') && (text.split('"').length & 1) === 0) {
      [open, held] = [text, held + 1];
      continue;
    }
    [open, held] = ['', 0];
    yield text;
  }
  if (open !== '') intake.refuse('a quote is never closed');
}

const mostFrequent = (record: string): string =>
  [',', ';', '\t'].reduce((best, one) => (record.split(one).length > record.split(best).length ? one : best));

function cells(record: string, separator: string): string[] {
  if (!record.includes('"')) return record.split(separator).map((cell) => cell.trim());
  const out: string[] = [];
  let at = 0;
  // Each turn takes one cell: bounded by the row.
  while (at <= record.length) {
    let cell = '';
    while (record[at] === ' ') at++;
    if (record[at] === '"') {
      at++;
      while (at < record.length && (record[at] !== '"' || record[at + 1] === '"')) {
        cell += record[at];
        at += record[at] === '"' ? 2 : 1;
      }
      const next = record.indexOf(separator, at);
      at = next < 0 ? record.length + 1 : next + 1;
    } else {
      const next = record.indexOf(separator, at);
      cell = record.slice(at, next < 0 ? undefined : next);
      at = next < 0 ? record.length + 1 : next + 1;
    }
    out.push(cell.trim());
  }
  return out;
}

function header(names: readonly string[]): Map<Column, number> {
  const found = new Map<Column, number>();
  for (const [at, name] of names.entries()) {
    const word = name.toLowerCase().replaceAll(/[\s-]/g, '_');
    for (const [column, words] of Object.entries(COLUMNS) as [Column, readonly string[]][])
      if (words.includes(word) && !found.has(column)) found.set(column, at);
  }
  return found;
}

function row(
  cells: readonly string[],
  columns: ReadonlyMap<Column, number>,
  file: ListFile,
  intake: Intake,
  labels: Map<string, Label>,
): void {
  const cell = (column: Column): string => {
    const at = columns.get(column);
    return at === undefined ? '' : (cells[at] ?? '');
  };
  const value = cell('value');
  if (value === '') return intake.refuse('the row has no value');
  const kind = kindOfCell(cell('type'), value, intake);
  if (kind === undefined) return;
  const about = (
    ['source', 'name', 'confidence', 'severity', 'tlp', 'from', 'until', 'description', 'tags'] as const
  ).map((column) => cell(column));
  const key = about.join('\n');
  let label = labels.get(key);
  if (label === undefined) {
    const made = labelOf(cell, file.list);
    if (typeof made === 'string') return intake.refuse(made);
    label = made;
    if (labels.size >= MAX_KNOWN) labels.clear();
    labels.set(key, label);
  }
  intake.add(kind, value, label);
}

function kindOfCell(type: string, value: string, intake: Intake): IndicatorKind | undefined {
  if (type === '') return guess(value);
  const kind = kindOf(type);
  if (kind !== undefined) return kind;
  const why = unseen(type);
  if (why.endsWith('nothing that the sensor looks up'))
    intake.refuse(`unknown type "${type.slice(0, 40)}"${hint(type, kindWords())}`);
  else intake.leaveOut(why);
  return undefined;
}

function labelOf(cell: (column: Column) => string, list: string): Label | string {
  const source = shortened(cell('source'), 100) || list;
  const read = <T>(column: Column, of: (text: string) => T | undefined): T | undefined | null => {
    const text = cell(column);
    return text === '' ? undefined : (of(text) ?? null);
  };
  const confidence = read('confidence', confidenceOf);
  const severity = read('severity', severityOf);
  const tlp = read('tlp', tlpOf);
  const [from, until] = [read('from', timeOf), read('until', timeOf)];
  if (confidence === null)
    return `confidence is a percentage, 0 to 100, not "${cell('confidence').slice(0, 20)}"`;
  if (severity === null) return `unknown severity "${cell('severity').slice(0, 20)}"`;
  if (tlp === null)
    return `unknown marking "${cell('tlp').slice(0, 20)}": clear, green, amber, amber+strict or red`;
  if (from === null || until === null) return 'times are written as 2026-12-31 or 2026-12-31T00:00:00Z';
  return {
    list: source,
    name: shortened(cell('name'), 100) || source,
    severity: severity ?? 'high',
    confidence: confidence ?? 80,
    ...{ tlp, from, until },
    description: shortened(cell('description'), 128) || undefined,
    tags: attackTags(cell('tags').split(/[,;| ]/)),
  };
}
