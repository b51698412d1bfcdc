// Indicators ready to be looked up: domains by suffix, addresses by prefix, fingerprints whole.

import { ipv4Text, ipv6Text } from '../../bytes/address.ts';
import type { Severity } from '../../wire/alert.ts';
import { type Words, wordMask } from '../prefix.ts';
import { HashTable } from './table.ts';

export const KINDS = ['domain', 'address', 'ja3', 'ja3s', 'ja4'] as const;
export type IndicatorKind = (typeof KINDS)[number];

/** What a list says about its entries; entries without words of their own share one. */
export interface Label {
  readonly list: string;
  readonly name: string;
  readonly severity: Severity;
  /** Percent. */
  readonly confidence: number;
}

export interface Hit {
  readonly kind: IndicatorKind;
  /** The indicator as it was found: the suffix, the prefix, the fingerprint. */
  readonly value: string;
  readonly label: Label;
}

const HIGH = 0x811c9dc5;
const LOW = 0x9747b28c;
const stepHigh = (h: number, c: number): number => Math.imul(h ^ c, 0x01000193);
const stepLow = (h: number, c: number): number => {
  h = Math.imul(h ^ c, 0x5bd1e995);
  return h ^ (h >>> 15);
};
const DOT = 46;
/** A name on the wire has at most 253 characters. */
const MAX_NAME = 255;

export class IndicatorSet {
  readonly #table = new HashTable();
  readonly #labels: Label[] = [];
  /** Prefix lengths in use, longest first: [IPv4, IPv6]. */
  readonly #lengths: [number[], number[]] = [[], []];
  readonly #kinds = new Set<IndicatorKind>();

  get size(): number {
    return this.#table.size;
  }

  /** Whether any indicator is of this kind. */
  has(kind: IndicatorKind): boolean {
    return this.#kinds.has(kind);
  }

  /** A label to add entries under. */
  label(label: Label): number {
    return this.#labels.push(label) - 1;
  }

  /** `name` is in lower case, without a dot at either end. */
  addDomain(name: string, label: number): void {
    this.#kinds.add('domain');
    let [high, low] = [HIGH, LOW];
    for (let i = name.length - 1; i >= 0; i--) {
      high = stepHigh(high, name.charCodeAt(i));
      low = stepLow(low, name.charCodeAt(i));
    }
    this.#table.add(high, low, label);
  }

  addPrefix(words: Words, bits: number, label: number): void {
    this.#kinds.add('address');
    const lengths = this.#lengths[words.length === 1 ? 0 : 1];
    if (!lengths.includes(bits)) {
      lengths.push(bits);
      lengths.sort((a, b) => b - a);
    }
    const [high, low] = hashPrefix(words, bits);
    this.#table.add(high, low, label);
  }

  addFingerprint(kind: IndicatorKind, value: string, label: number): void {
    this.#kinds.add(kind);
    const [high, low] = hashWhole(kind, value);
    this.#table.add(high, low, label);
  }

  /** The longest suffix at a label's border: `evil.example` finds `a.evil.example`, never `notevil.example`. */
  domain(name: string): Hit | undefined {
    let end = name.length;
    if (end === 0 || end > MAX_NAME || this.#table.size === 0) return undefined;
    if (name.charCodeAt(end - 1) === DOT) end--;
    let [high, low] = [HIGH, LOW];
    let found = -1;
    let from = 0;
    for (let i = end - 1; i >= 0; i--) {
      let c = name.charCodeAt(i);
      if (c >= 65 && c <= 90) c |= 32;
      high = stepHigh(high, c);
      low = stepLow(low, c);
      if (i > 0 && name.charCodeAt(i - 1) !== DOT) continue;
      const label = this.#table.get(high, low);
      if (label >= 0) [found, from] = [label, i];
    }
    return found < 0
      ? undefined
      : { kind: 'domain', value: name.slice(from, end).toLowerCase(), label: this.#labels[found] };
  }

  /** The longest prefix that holds the address. `text` is its text form. */
  address(words: Words, text: string): Hit | undefined {
    for (const bits of this.#lengths[words.length === 1 ? 0 : 1]) {
      const [high, low] = hashPrefix(words, bits);
      const label = this.#table.get(high, low);
      if (label < 0) continue;
      const value = bits === words.length * 32 ? text : `${networkText(words, bits)}/${bits}`;
      return { kind: 'address', value, label: this.#labels[label] };
    }
    return undefined;
  }

  /** Whether any prefix holds the address. */
  hasAddress(words: Words): boolean {
    for (const bits of this.#lengths[words.length === 1 ? 0 : 1]) {
      const [high, low] = hashPrefix(words, bits);
      if (this.#table.get(high, low) >= 0) return true;
    }
    return false;
  }

  fingerprint(kind: IndicatorKind, value: string): Hit | undefined {
    const [high, low] = hashWhole(kind, value.toLowerCase());
    const label = this.#table.get(high, low);
    return label < 0 ? undefined : { kind, value: value.toLowerCase(), label: this.#labels[label] };
  }
}

/** The network as it was listed, not the address that was found in it: all its addresses are one indicator. */
function networkText(words: Words, bits: number): string {
  const [a, b, c, d] = Array.from(words, (word, i) => (word & wordMask(bits, i)) >>> 0);
  return words.length === 1 ? ipv4Text(a) : ipv6Text(a, b, c, d);
}

function hashPrefix(words: Words, bits: number): [number, number] {
  let high = stepHigh(HIGH, words.length * 1000 + bits + 0x10000);
  let low = stepLow(LOW, words.length * 1000 + bits + 0x10000);
  for (let i = 0; i < words.length; i++) {
    const word = (words[i] & wordMask(bits, i)) >>> 0;
    for (const half of [word >>> 16, word & 0xffff]) {
      high = stepHigh(high, half);
      low = stepLow(low, half);
    }
  }
  return [high, low];
}

function hashWhole(kind: IndicatorKind, value: string): [number, number] {
  let [high, low] = [HIGH, LOW];
  for (const text of [kind, ':', value])
    for (let i = 0; i < text.length; i++) {
      // Fingerprints are told apart from names by a bit that no character of a name has.
      high = stepHigh(high, text.charCodeAt(i) | 0x10000);
      low = stepLow(low, text.charCodeAt(i) | 0x10000);
    }
  return [high, low];
}
