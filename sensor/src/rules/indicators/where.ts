// Where in an event an indicator may stand.
import { readField } from '../../protocols/told.ts';
import type { Vocabulary } from '../fields.ts';
import type { Row, Slot } from '../row.ts';
import type { Hit, IndicatorKind, IndicatorSet } from './set.ts';

/**
 * Fields that may hold an indicator. DNS names are looked up in questions only, so that a question and its answer are
 * one finding; addresses in answers, since the connection may never follow. Flows are looked up at their end.
 */
const KINDS_OF: Readonly<Record<string, Readonly<Record<string, IndicatorKind>>>> = {
  dns: { 'dns.queries.rrname': 'domain', 'dns.answers.rdata': 'address' },
  tls: { 'tls.sni': 'domain', 'tls.ja3.hash': 'ja3', 'tls.ja3s.hash': 'ja3s', 'tls.ja4': 'ja4' },
  http: { 'http.hostname': 'domain' },
  flow: { dest_ip: 'address', src_ip: 'address' },
};

export type Found = (hit: Hit, path: string) => void;

/** Looks an event type's fields up in a set of indicators. */
export class Lookup {
  readonly #set: IndicatorSet;
  readonly #places: readonly { readonly slot: Slot; readonly kind: IndicatorKind }[];
  /** `dns.type`, where the event has one. */
  readonly #type: Slot | undefined;

  /** @param set all that is looked for @param row the event type's row: what rules have read is not read again */
  constructor(type: string, set: IndicatorSet, vocabulary: Vocabulary, row: Row) {
    const fields = vocabulary.types.get(type);
    const slot = (path: string): Slot | undefined => {
      const field = fields?.get(path);
      return field && row.slot(path, (event) => readField(field, event));
    };
    this.#set = set;
    this.#type = slot('dns.type');
    this.#places = Object.entries(KINDS_OF[type] ?? {}).flatMap(([path, kind]) => {
      // What no list speaks of need not be read. A host may be named by its address.
      if (!set.has(kind) && !(kind === 'domain' && set.has('address'))) return [];
      const found = slot(path);
      return found ? [{ slot: found, kind }] : [];
    });
  }

  /** Speaks of the row's current event; one finding a field. */
  find(found: Found): void {
    const isAnswer = this.#type !== undefined && this.#type.count() > 0 && this.#type.text(0) === 'response';
    for (const { slot, kind } of this.#places) {
      if (isAnswer && kind === 'domain') continue;
      for (let i = 0; i < slot.count(); i++) {
        const hit = this.#look(slot, i, kind);
        if (!hit) continue;
        found(hit, slot.path);
        break;
      }
    }
  }

  #look(slot: Slot, i: number, kind: IndicatorKind): Hit | undefined {
    if (kind === 'ja3' || kind === 'ja3s' || kind === 'ja4') return this.#set.fingerprint(kind, slot.text(i));
    const byName = kind === 'domain' ? this.#set.domain(slot.text(i)) : undefined;
    if (byName || !this.#set.has('address')) return byName;
    const words = slot.address(i);
    return words ? this.#set.address(words, slot.text(i)) : undefined;
  }
}

/** Event types that may hold an indicator. */
export const LOOKED_AT: readonly string[] = Object.keys(KINDS_OF);
