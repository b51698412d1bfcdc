// MISP warning lists: values that are well known and honest. Whatever stands on one is left out of all lists, and counted.
import { isIP } from 'node:net';
import { parsePrefix } from '../prefix.ts';
import { compileRegex, type Search } from '../regex/run.ts';
import type { ListFile } from './file.ts';
import type { ListFormat } from './format.ts';
import type { Intake } from './intake.ts';
import { type IndicatorKind, kindNumber } from './kinds.ts';
import { IndicatorSet, SetBuilder } from './set.ts';
import { domainOf, refanged, urlOf } from './value.ts';

/** Parts of texts and expressions that are tried one by one. */
const MAX_PARTS = 5_000;
const DOMAIN = kindNumber('domain');

interface WarningJson {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly list?: unknown;
}

export const warnings = {
  name: 'misp-warninglist',
  about: 'A MISP warning list as JSON: its values are left out of all lists.',
  takes(file) {
    if (!file.name.endsWith('.json')) return false;
    const json = file.json() as WarningJson | null;
    return typeof json?.name === 'string' && Array.isArray(json.list) && typeof json.type === 'string';
  },
  read(_, intake) {
    intake.leaveOut('a warning list: it keeps values out');
  },
} as const satisfies ListFormat;

/** All warning lists of a run. */
export class Warnings {
  readonly #builder = new SetBuilder();
  #set: IndicatorSet | undefined;
  /** Text, and the list that it stands on: no other list of names is made of it. */
  readonly #texts = new Map<string, string>();
  readonly #parts: { readonly holds: Search; readonly list: string }[] = [];
  #size = 0;

  add(file: ListFile, intake: Intake): void {
    const { name, type, list } = file.json() as WarningJson;
    const title = String(name).slice(0, 80);
    const label = this.#builder.label({ list: title, name: title, severity: 'low', confidence: 0 });
    for (const [i, entry] of (list as unknown[]).entries()) {
      intake.pointer = `/list/${i}`;
      if (typeof entry !== 'string' || entry === '') intake.refuse('an entry is a text');
      else this.#entry(String(type), entry, label, title, intake);
    }
  }

  #entry(type: string, entry: string, label: number, list: string, intake: Intake): void {
    this.#size++;
    const prefix = parsePrefix(entry);
    if (prefix !== undefined) this.#builder.addPrefix(prefix.words, prefix.bits, label);
    else if (type === 'hostname') {
      const name = domainOf(entry) ?? /^\.?([a-z0-9-]+)$/i.exec(entry)?.[1].toLowerCase();
      if (name === undefined) intake.refuse(`"${entry.slice(0, 60)}" is no host name`);
      else this.#builder.addName('domain', name, label);
    } else if (type === 'substring' || type === 'regex') this.#part(type, entry, list, intake);
    else this.#texts.set(entry.toLowerCase(), list);
  }

  #part(type: string, entry: string, list: string, intake: Intake): void {
    if (this.#parts.length >= MAX_PARTS) return intake.refuse(`more than ${MAX_PARTS} expressions`);
    const small = entry.toLowerCase();
    if (type === 'substring') {
      this.#parts.push({ holds: (text) => text.includes(small), list });
      return;
    }
    try {
      const plain = entry.replace(/^\/(.*)\/[a-z]*$/, '$1');
      const flags = { ignoreCase: true, multiline: false, dotAll: false };
      this.#parts.push({ holds: compileRegex(plain, flags), list });
    } catch (error) {
      intake.refuse((error as Error).message);
    }
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** @returns the name of the list that the value stands on */
  holds(kind: IndicatorKind, given: string): string | undefined {
    this.#set ??= new IndicatorSet(this.#builder.seal());
    const value = refanged(given).toLowerCase();
    const text = this.#texts.get(value);
    if (text !== undefined) return text;
    for (const { holds, list } of this.#parts) if (holds(value)) return list;
    const host = kind === 'url' ? (urlOf(value)?.split(/[/:]/, 1)[0] ?? value) : value;
    const name = kind === 'email' ? host.slice(host.lastIndexOf('@') + 1) : host.replace(/^@/, '');
    const words = isIP(name) !== 0 ? parsePrefix(name)?.words : undefined;
    const row =
      words !== undefined ? this.#set.prefix(words, 0, words.length, 0) : this.#set.suffix(DOMAIN, name, 0);
    return row < 0 ? undefined : this.#set.labels.label(row).list;
  }
}
