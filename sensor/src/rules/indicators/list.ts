// Plain lists of indicators: one domain, address, CIDR prefix or fingerprint a line.
import { basename } from 'node:path';
import { domainToASCII } from 'node:url';
import { SensorError } from '../../errors.ts';
import { SEVERITIES, type Severity } from '../../wire/scale.ts';
import { hint } from '../fields.ts';
import { parsePrefix } from '../prefix.ts';
import { type IndicatorSet, KINDS, type Label } from './set.ts';

const MAX_LINE = 1_000;
/** Prefixes shorter than these would name half the internet. */
const LEAST_BITS = { 1: 8, 4: 16 } as const;
const FINGERPRINTS: Readonly<Record<string, RegExp>> = {
  ja3: /^[0-9a-f]{32}$/,
  ja3s: /^[0-9a-f]{32}$/,
  ja4: /^[tqd][0-9s][0-9][di]\d{4}[0-9a-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}$/,
};

/**
 * `value`, or `value ; name, severity, confidence`. A value `*` sets these words for the lines that follow.
 * `#` starts a comment. Wrong lines are told to `refuse`; the others still count.
 */
export function readIndicators(
  file: string,
  text: string,
  set: IndicatorSet,
  refuse: (problem: SensorError) => void,
): void {
  const list = basename(file)
    .replace(/\.txt$/, '')
    .slice(0, 60);
  let common: Label = { list, name: list, severity: 'high', confidence: 80 };
  let shared = -1;
  const lines = text.split('\n');
  for (let number = 1; number <= lines.length; number++) {
    const whole = lines[number - 1];
    const wrong = (what: string, column = 1): void =>
      refuse(new SensorError('indicator_invalid', `${file}:${number}:${column}: ${what}`));
    if (whole.length > MAX_LINE) {
      wrong(`the line is longer than ${MAX_LINE} characters`);
      continue;
    }
    const line = whole.replace(/(^|\s)#.*$/, '').trim();
    if (line === '') continue;
    const semicolon = line.indexOf(';');
    const value = (semicolon < 0 ? line : line.slice(0, semicolon)).trim().toLowerCase();
    let label = common;
    if (semicolon >= 0) {
      const read = readWords(line.slice(semicolon + 1), common);
      if (typeof read === 'string') {
        wrong(read, semicolon + 2);
        continue;
      }
      label = read;
    }
    if (value === '*') {
      common = label;
      shared = -1;
      continue;
    }
    if (label === common && shared < 0) shared = set.label(common);
    const problem = add(value, label === common ? shared : set.label(label), set);
    if (problem) wrong(problem);
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

/** @returns what is wrong with the value, or undefined when it was added */
function add(value: string, label: number, set: IndicatorSet): string | undefined {
  const colon = /^([a-z]\w{1,8}):(.*)$/.exec(value);
  const kind = colon && KINDS.find((known) => known === colon[1]);
  if (colon && kind && FINGERPRINTS[kind]) {
    if (!FINGERPRINTS[kind].test(colon[2]))
      return `"${colon[2].slice(0, 60)}" is no ${kind.toUpperCase()} fingerprint`;
    set.addFingerprint(kind, colon[2], label);
    return undefined;
  }
  const prefix = parsePrefix(value);
  if (prefix) {
    const least = LEAST_BITS[prefix.words.length as 1 | 4];
    if (prefix.bits < least) return `a prefix shorter than /${least} names too much`;
    set.addPrefix(prefix.words, prefix.bits, label);
    return undefined;
  }
  if (value.includes('://')) return 'a URL is no indicator here: give its domain';
  if (colon && !value.includes('::') && !/^[0-9a-f:.]+$/.test(value))
    return `unknown kind "${colon[1]}:"${hint(colon[1], KINDS)}`;
  const name = value.replace(/^\*?\./, '').replace(/\.$/, '');
  const ascii = /^[\x21-\x7e]+$/.test(name) ? name : domainToASCII(name);
  if (!/^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+$/.test(ascii) || ascii.length > 253 || /^[\d.]+$/.test(ascii))
    return `"${value.slice(0, 60)}" is no domain of two labels or more, address, CIDR prefix or fingerprint`;
  set.addDomain(ascii, label);
  return undefined;
}
