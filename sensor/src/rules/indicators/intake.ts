// What the readers of lists hand their entries to: values are checked and added, the rest is refused or left out, by reason.
import { SensorError } from '../../errors.ts';
import { type IndicatorKind, KINDS } from './kinds.ts';
import type { Label } from './label.ts';
import type { SetBuilder } from './set.ts';
import { addValue } from './value.ts';

/** Refusals of one file that are told one by one; the rest is a number. */
const MAX_PROBLEMS = 20;
/** Places that are remembered of one reason. */
const MAX_PLACES = 5;
const MAX_REASONS = 100;

/** Entries that are right, and of no use here. */
export interface LeftOut {
  readonly reason: string;
  count: number;
  /** Where the first of them stand. */
  readonly places: string[];
}

/** What became of one file. */
export interface ListReport {
  readonly file: string;
  readonly format: string;
  readonly added: number;
  /** Wrong entries. */
  readonly refused: number;
  readonly leftOut: readonly LeftOut[];
  /** The first of the wrong ones. */
  readonly problems: readonly string[];
}

export class Intake {
  readonly set: SetBuilder;
  /** What lists of the run say is not to be taken (MISP warning lists). @returns the name of the list that says so */
  readonly isKnownGood: (kind: IndicatorKind, value: string) => string | undefined;
  /** Of the entry at hand: a line, or a JSON pointer. */
  line = 0;
  pointer = '';
  readonly #file: string;
  readonly #leftOut = new Map<string, LeftOut>();
  readonly #problems: string[] = [];
  #added = 0;
  #refused = 0;

  constructor(file: string, set: SetBuilder, isKnownGood: Intake['isKnownGood'] = () => undefined) {
    this.#file = file;
    this.set = set;
    this.isKnownGood = isKnownGood;
  }

  /** Adds a value. @returns false when it was refused */
  add(kind: IndicatorKind, value: string, label: number | Label): boolean {
    const good = this.isKnownGood(kind, value);
    if (good !== undefined) {
      this.leaveOut(`on the warning list "${good}"`);
      return false;
    }
    const row = typeof label === 'number' ? label : this.set.label(label);
    const wrong = addValue(this.set, kind, value, row);
    if (wrong !== undefined) this.refuse(wrong);
    else this.#added++;
    return wrong === undefined;
  }

  /** Adds a value that a pattern is tried at. */
  lead(kind: IndicatorKind, value: string, label: number): void {
    const wrong = addValue(this.set, kind, value, label);
    if (wrong !== undefined) this.refuse(wrong);
  }

  /** An entry that is no single value was added. */
  count(): void {
    this.#added++;
  }

  /** The entry is wrong. */
  refuse(what: string, column = 1): void {
    if (++this.#refused <= MAX_PROBLEMS) this.#problems.push(`${this.#where(column)}: ${what}`);
  }

  /** The entry is right, and cannot be found on a network, or is not meant to be looked for. */
  leaveOut(reason: string): void {
    const name = this.#leftOut.has(reason) || this.#leftOut.size < MAX_REASONS ? reason : 'other reasons';
    let entry = this.#leftOut.get(name);
    if (entry === undefined) this.#leftOut.set(name, (entry = { reason: name, count: 0, places: [] }));
    entry.count++;
    if (entry.places.length < MAX_PLACES) entry.places.push(this.pointer || String(this.line));
  }

  report(format: string): ListReport {
    const more = this.#refused - this.#problems.length;
    return {
      file: this.#file,
      format,
      added: this.#added,
      refused: this.#refused,
      leftOut: [...this.#leftOut.values()].sort((a, b) => b.count - a.count),
      problems:
        more > 0 ? [...this.#problems, `${this.#file}: ${more} more entries were refused`] : this.#problems,
    };
  }

  #where(column: number): string {
    return this.pointer === '' ? `${this.#file}:${this.line}:${column}` : `${this.#file}#${this.pointer}`;
  }
}

/** What came of a list, for people: nothing of one that was taken whole. */
export function linesOf({ file, format, added, refused, leftOut }: ListReport): string[] {
  if (refused === 0 && leftOut.length === 0) return [];
  const out = leftOut.reduce((sum, { count }) => sum + count, 0);
  return [
    `${file} (${format}): ${added} indicators, ${out} left out, ${refused} refused`,
    ...leftOut.map(
      ({ reason, count, places }) =>
        `  ${count} × ${reason} (${count > places.length ? 'first ' : ''}at ${places.join(', ')})`,
    ),
  ];
}

export const problemsOf = (report: ListReport): SensorError[] =>
  report.problems.map((what) => new SensorError('indicator_invalid', what));

/** What the words that other formats have for kinds mean here. */
const WORDS: Readonly<Record<string, IndicatorKind>> = {
  ...(Object.fromEntries(KINDS.map((kind) => [kind, kind])) as Record<IndicatorKind, IndicatorKind>),
  ...words('domain', 'domain-name hostname host fqdn dns'),
  ...words('address', 'ip ipv4 ipv6 ipv4-addr ipv6-addr addr ip-dst ip-src ip-address subnet cidr netblock'),
  ...words('endpoint', 'ip-port ip:port ip-dst|port ip-src|port socket'),
  ...words('url', 'uri link'),
  ...words('ja3', 'ja3-fingerprint-md5 ja3-hash'),
  ...words('ja3s', 'ja3s-fingerprint-md5 ja3s-hash'),
  ...words('ja4', 'ja4-fingerprint ja4plus'),
  ...words('hassh', 'hassh-md5'),
  ...words('hasshserver', 'hasshserver-md5 hassh-server'),
  ...words('cert-sha1', 'x509-fingerprint-sha1 cert-hash sha1-fingerprint ssl-sha1 certificate'),
  ...words('cert-sha256', 'x509-fingerprint-sha256'),
  ...words('cert-serial', 'serial'),
  ...words('email', 'email-addr email-address mail email-src email-dst email-reply-to'),
  ...words('email-domain', 'mail-domain'),
  ...words('user-agent', 'useragent http-user-agent software'),
  ...words('user', 'user-name username target-user'),
  ...words('file-name', 'filename file'),
};

function words(kind: IndicatorKind, list: string): Record<string, IndicatorKind> {
  return Object.fromEntries(list.split(' ').map((word) => [word, kind]));
}

/** @returns undefined for a word that says no kind */
export function kindOf(word: string): IndicatorKind | undefined {
  const plain = word
    .trim()
    .toLowerCase()
    .replace(/^intel::/, '')
    .replaceAll(/[_ ]/g, '-');
  return Object.hasOwn(WORDS, plain) ? WORDS[plain] : undefined;
}

export const kindWords = (): string[] => Object.keys(WORDS);
