// Sets of values that rules ask and may add to: texts, digests, addresses; loaded from files, and bounded.
import { createHash } from 'node:crypto';
import { parseAddress, parsePrefix } from '../prefix.ts';
import { parseWhole } from './bounds.ts';
import { invalid, unsupported } from './fault.ts';
import type { Option } from './signature.ts';

/** Values of one set; what comes later finds no room, and is counted. */
const MAX_VALUES = 2_000_000;
const USUAL_VALUES = 65_536;

export type DatasetType = 'string' | 'md5' | 'sha256' | 'ipv4' | 'ip';
const TYPES: readonly string[] = ['string', 'md5', 'sha256', 'ipv4', 'ip'];

/** Text of a file beside the rules; undefined when it is not there. */
export type DataFiles = (name: string) => string | undefined;

export class Dataset {
  readonly name: string;
  readonly type: DatasetType;
  readonly #most: number;
  /** Value → reputation, 0 where none is given. */
  readonly #values = new Map<string, number>();
  readonly isSubdomain: boolean;
  full = 0;
  /** Rules add to it, or take from it. */
  isChanged = false;

  constructor(name: string, type: DatasetType, most: number, isSubdomain: boolean) {
    this.name = name;
    this.type = type;
    this.#most = Math.min(most, MAX_VALUES);
    this.isSubdomain = isSubdomain;
  }

  get size(): number {
    return this.#values.size;
  }

  /** The form that values are kept in; undefined when it is none of this type. */
  keyOf(text: string): string | undefined {
    switch (this.type) {
      case 'string':
        return this.isSubdomain ? text.toLowerCase().replace(/^\.+|\.+$/g, '') : text;
      case 'md5':
      case 'sha256':
        return createHash(this.type).update(Buffer.from(text, 'latin1')).digest('hex');
      default: {
        const words = parseAddress(text);
        return words?.join();
      }
    }
  }

  /** @returns false when it was there already, or nothing fits any more */
  add(key: string, reputation = 0): boolean {
    if (this.#values.has(key)) return false;
    if (this.#values.size >= this.#most) {
      this.full++;
      return false;
    }
    this.#values.set(key, reputation);
    return true;
  }

  remove(key: string): boolean {
    return this.#values.delete(key);
  }

  /** Reputation of a value, 0 or more; -1 when it is not in the set. */
  find(key: string): number {
    if (!this.isSubdomain) return this.#values.get(key) ?? -1;
    // Ends: each turn takes a label away.
    for (let at = 0; at >= 0; ) {
      const found = this.#values.get(at === 0 ? key : key.slice(at));
      if (found !== undefined) return found;
      const dot = key.indexOf('.', at);
      at = dot < 0 ? -1 : dot + 1;
    }
    return -1;
  }

  /** Lines as Suricata writes them: Base64 of texts, digests in hexadecimal, addresses; behind a comma a reputation. */
  load(text: string, option: Option): void {
    for (const [i, raw] of text.split('\n').entries()) {
      const line = raw.trim();
      if (line === '' || line.startsWith('#')) continue;
      const comma = line.lastIndexOf(',');
      const hasScore = comma > 0 && /^\d+$/.test(line.slice(comma + 1).trim());
      const value = hasScore ? line.slice(0, comma).trim() : line;
      const key = this.#keyOfLine(value);
      if (key === undefined)
        throw invalid(
          option.name,
          `line ${i + 1} of the set "${this.name}" is no ${this.type}`,
          option.valueAt,
        );
      this.add(key, hasScore ? Number(line.slice(comma + 1)) : 0);
    }
  }

  #keyOfLine(value: string): string | undefined {
    if (this.type === 'string') {
      const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(value) && value.length % 4 === 0;
      return this.keyOf(isBase64 ? Buffer.from(value, 'base64').toString('latin1') : value);
    }
    if (this.type === 'md5') return /^[0-9a-fA-F]{32}$/.test(value) ? value.toLowerCase() : undefined;
    if (this.type === 'sha256') return /^[0-9a-fA-F]{64}$/.test(value) ? value.toLowerCase() : undefined;
    return parsePrefix(value)?.words.join();
  }
}

/** All sets of the rules that are loaded, by name. */
export type Datasets = Map<string, Dataset>;

export interface DatasetUse {
  readonly set: Dataset;
  readonly verb: 'isset' | 'isnotset' | 'set' | 'unset';
  /** Of `datarep`: what the reputation must be. */
  readonly reputation?: (value: number) => boolean;
}

/** `dataset:isset,name[,type string][,load file][,match subdomain]…`, `datarep:name,>,200,…`. @throws RuleFault */
export function parseDataset(option: Option, sets: Datasets, files: DataFiles): DatasetUse {
  const words = (option.value ?? '').split(',').map((word) => word.trim());
  const isRep = option.name === 'datarep';
  const [verb, name] = isRep ? ['isset', words[0]] : words;
  if (verb !== 'isset' && verb !== 'isnotset' && verb !== 'set' && verb !== 'unset')
    throw invalid(option.name, `"${verb}" is none of isset, isnotset, set, unset`, option.valueAt);
  if (!name) throw invalid(option.name, 'the name of the set is missing', option.valueAt);
  let type: string | undefined;
  let load: string | undefined;
  let most = USUAL_VALUES;
  let isSubdomain = false;
  const rest = words.slice(isRep ? 3 : 2);
  for (const word of rest) {
    const [key, ...values] = word.split(/\s+/);
    const value = values.join(' ');
    if (key === 'type') type = value;
    else if (key === 'load' || key === 'state') load = value;
    else if (key === 'match' && value === 'subdomain') isSubdomain = true;
    else if (key === 'memcap' || key === 'hashsize')
      most = Math.max(most, parseWhole(option, 0, 4e9, value.replace(/\D+$/, '')));
    else if (key === 'save') continue;
    else if (key === 'format' || /^(value|context|array)_key$/.test(key) || key === 'enrichment_key') {
      if (key === 'format' && value === 'csv') continue;
      throw unsupported(option.name, 'the set is a file of JSON', option.at);
    } else throw invalid(option.name, `"${word}" means nothing here`, option.valueAt);
  }
  let set = sets.get(name);
  if (set === undefined) {
    if (type === undefined || !TYPES.includes(type))
      throw invalid(option.name, `"type" of the set "${name}" is one of ${TYPES.join(', ')}`, option.valueAt);
    set = new Dataset(name, type as DatasetType, load === undefined ? most : MAX_VALUES, isSubdomain);
    if (load !== undefined) {
      const text = files(load);
      if (text === undefined)
        throw unsupported(
          option.name,
          `the file "${load}" of the set "${name}" does not lie beside the rules`,
          option.at,
        );
      set.load(text, option);
    }
    sets.set(name, set);
  } else if (type !== undefined && type !== set.type)
    throw invalid(option.name, `the set "${name}" holds ${set.type} elsewhere`, option.valueAt);
  if (verb === 'set' || verb === 'unset') set.isChanged = true;
  if (!isRep) return { set, verb };
  const [, sign, bound] = words;
  const n = parseWhole(option, 0, 65_535, bound);
  if (sign !== '<' && sign !== '>' && sign !== '==')
    throw invalid(option.name, 'a reputation is compared with <, > or ==', option.valueAt);
  const reputation = (value: number): boolean =>
    sign === '<' ? value < n : sign === '>' ? value > n : value === n;
  return { set, verb, reputation };
}

/** A worker sees a part of the traffic: it leaves it open what is in a set that rules change. */
export const undecided = { isWorker: false };

/** Asks, and where the rule says so changes, the set. */
export function useDataset({ set, verb, reputation }: DatasetUse, text: string): boolean {
  if (undecided.isWorker && set.isChanged) return true;
  const key = set.keyOf(text);
  if (key === undefined) return verb === 'isnotset';
  if (verb === 'set') return set.add(key);
  if (verb === 'unset') return set.remove(key);
  const found = set.find(key);
  if (reputation !== undefined) return found >= 0 && reputation(found);
  return found >= 0 === (verb === 'isset');
}
