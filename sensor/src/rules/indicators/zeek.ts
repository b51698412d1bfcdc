// Zeek's Intelligence Framework: tab-separated lines under `#fields indicator indicator_type meta.source …`.
import type { ListFile } from './file.ts';
import type { ListFormat } from './format.ts';
import { type Intake, kindOf } from './intake.ts';
import type { IndicatorKind } from './kinds.ts';
import type { Label } from './label.ts';
import { attackTags, confidenceOf, severityOf, shortened, timeOf, tlpOf, unseen } from './terms.ts';

const UNSET = new Set(['', '-', '(empty)']);
const MAX_KNOWN = 10_000;

export const zeek = {
  name: 'zeek-intel',
  about: 'Zeek Intel: tab-separated, with a line "#fields indicator indicator_type …".',
  takes: ({ head }) => /^#fields[\t ]+.*\bindicator\b/m.test(head),
  read(file, intake) {
    let columns: readonly string[] = [];
    const labels = new Map<string, Label>();
    for (const line of file.lines()) {
      intake.line++;
      if (line.startsWith('#fields')) columns = line.split(/\t| +/).slice(1);
      else if (line.startsWith('#') || line.trim() === '') continue;
      else entry(line.split('\t'), columns, file, intake, labels);
    }
  },
} as const satisfies ListFormat;

function entry(
  cells: readonly string[],
  columns: readonly string[],
  file: ListFile,
  intake: Intake,
  labels: Map<string, Label>,
): void {
  if (cells.length < 2 || cells.length !== columns.length)
    return intake.refuse(
      `${cells.length} columns, where #fields names ${columns.length} (they are split by tabs)`,
    );
  const cell = (name: string): string => {
    const text = cells[columns.indexOf(name)] ?? '';
    return UNSET.has(text) ? '' : text;
  };
  const value = cell('indicator');
  const type = cell('indicator_type');
  const kind = kindOfType(type, value);
  if (kind === undefined) return intake.leaveOut(unseen(type.replace(/^Intel::/i, '')));
  const key = cells.filter((_, i) => columns[i] !== 'indicator').join('\t');
  let label = labels.get(key);
  if (label === undefined) {
    label = labelOf(cell, file.list);
    if (labels.size >= MAX_KNOWN) labels.clear();
    labels.set(key, label);
  }
  intake.add(kind, value, label);
}

/** `Intel::SOFTWARE` is a program's name: here those that HTTP clients give. */
function kindOfType(type: string, value: string): IndicatorKind | undefined {
  const word = type.replace(/^Intel::/i, '').toUpperCase();
  if (word === 'CERT_HASH') {
    const digits = value.replace(/:/g, '').length;
    return digits === 40 ? 'cert-sha1' : digits === 64 ? 'cert-sha256' : undefined;
  }
  return kindOf(word);
}

function labelOf(cell: (name: string) => string, list: string): Label {
  const source = shortened(cell('meta.source'), 100) || list;
  const either = (...names: string[]): string => names.map(cell).find((text) => text !== '') ?? '';
  return {
    list: source,
    name: shortened(either('meta.threat', 'meta.campaign', 'meta.name'), 100) || source,
    severity: severityOf(either('meta.severity', 'meta.impact')) ?? 'high',
    confidence: confidenceOf(either('meta.confidence')) ?? 80,
    tlp: tlpOf(either('meta.tlp', 'meta.sharing')),
    until: timeOf(either('meta.valid_until', 'meta.expiration', 'meta.expire')),
    description: shortened(either('meta.desc', 'meta.description', 'meta.url'), 128) || undefined,
    tags: attackTags(either('meta.tags', 'meta.attack').split(/[,;| ]/)),
  };
}
