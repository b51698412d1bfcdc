// Plain lists of indicators: one domain, address, prefix, URL or fingerprint a line.
import { SEVERITIES, type Severity } from '../../wire/scale.ts';
import { hint } from '../fields.ts';
import type { ListFile } from './file.ts';
import type { ListFormat } from './format.ts';
import type { Intake } from './intake.ts';
import { type IndicatorKind, KINDS } from './kinds.ts';
import type { Label } from './label.ts';
import { guess } from './value.ts';

const MAX_LINE = 1_000;

/**
 * `value`, or `value ; name, severity, confidence`. A value `*` sets these words for the lines that follow.
 * `#` starts a comment.
 */
export const plain = {
  name: 'plain',
  about: 'A value a line, with name, severity and confidence behind a semicolon.',
  takes: ({ name }) => /\.(txt|list|intel|dat)$/.test(name),
  read: readPlain,
} as const satisfies ListFormat;

function readPlain(file: ListFile, intake: Intake): void {
  const { list } = file;
  let common: Label = { list, name: list, severity: 'high', confidence: 80 };
  let shared = -1;
  for (const whole of file.lines()) {
    intake.line++;
    if (whole.length > MAX_LINE) {
      intake.refuse(`the line is longer than ${MAX_LINE} characters`);
      continue;
    }
    const line = (whole.includes('#') ? whole.replace(/(^|\s)#.*$/, '') : whole).trim();
    if (line === '') continue;
    const semicolon = line.indexOf(';');
    const value = semicolon < 0 ? line : line.slice(0, semicolon).trim();
    let label = common;
    if (semicolon >= 0) {
      const read = readWords(line.slice(semicolon + 1), common);
      if (typeof read === 'string') {
        intake.refuse(read, semicolon + 2);
        continue;
      }
      label = read;
    }
    if (value === '*') {
      common = label;
      shared = -1;
      continue;
    }
    if (label === common && shared < 0) shared = intake.set.label(common);
    add(value, label === common ? shared : intake.set.label(label), intake);
  }
}

/** `name, severity, confidence`; what is left empty is as before. */
function readWords(text: string, before: Label): Label | string {
  const [name, severity, confidence, ...rest] = text.split(',').map((part) => part.trim());
  if (rest.length > 0) return 'expected "; name, severity, confidence"';
  if (severity && !(SEVERITIES as readonly string[]).includes(severity))
    return `unknown severity "${severity}"${hint(severity, SEVERITIES)}`;
  if (confidence && !/^(100|\d{1,2})$/.test(confidence)) return 'confidence is a percentage, 0 to 100';
  return {
    list: before.list,
    name: (name || before.name).slice(0, 100),
    severity: (severity || before.severity) as Severity,
    confidence: confidence ? Number(confidence) : before.confidence,
  };
}

const PREFIXED = /^([a-z][a-z0-9-]{1,12}):(.*)$/i;

function add(value: string, label: number, intake: Intake): void {
  const prefixed = value.includes(':') ? PREFIXED.exec(value) : null;
  if (prefixed !== null && !prefixed[2].startsWith('//')) {
    const word = prefixed[1].toLowerCase();
    if ((KINDS as readonly string[]).includes(word)) {
      intake.add(word as IndicatorKind, prefixed[2].trim(), label);
      return;
    }
    if (!/^[0-9a-f:.]+(\/\d+)?$/i.test(value) && !value.includes('[')) {
      intake.refuse(`unknown kind "${word}:"${hint(word, KINDS)}`);
      return;
    }
  }
  const kind = guess(value);
  if (kind === 'domain' && !DOTTED.test(value)) {
    intake.refuse(`"${value.slice(0, 60)}" is no domain of two labels or more, address, URL or fingerprint`);
    return;
  }
  intake.add(kind, value, label);
}

const DOTTED = /\S\.|\[\.\]|\S\(\.\)/;
