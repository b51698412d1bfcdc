// Looks the fields of an event up in the indicators: only those that some indicator could stand in.
import { ipv4Text, ipv6Text } from '../../bytes/address.ts';
import type { Column } from '../../protocols/event.ts';
import { readerOf } from '../../protocols/reading.ts';
import type { FieldSpec } from '../../wire/field.ts';
import type { Vocabulary } from '../fields.ts';
import { wordMask } from '../prefix.ts';
import type { Row, Slot } from '../row.ts';
import { type IndicatorKind, KIND, KINDS, type Kind, kindNumber } from './kinds.ts';
import type { Label } from './label.ts';
import type { Held, Patterns, Sequence } from './patterns.ts';
import type { IndicatorSet } from './set.ts';
import { hexOf, mailsIn, serialOf } from './value.ts';

/** What was found, said in full when it is asked for. */
export interface Hit {
  readonly kind: IndicatorKind | 'pattern';
  /** The indicator as it was found: the suffix, the prefix, the fingerprint, the pattern's text. */
  readonly value: string;
  /** How much of it may be written out. */
  readonly shows: Kind['shows'];
  readonly label: Label;
  /** Lists that name it. */
  readonly sources: number;
  /** Of a pattern that more than one event makes: what this event is of it. */
  readonly sequence?: Sequence | undefined;
}

/** @param paths fields that it rests on, the first one first */
export type Found = (hit: Hit, paths: readonly string[]) => void;

/** One field and one kind that may stand in it. */
interface Place {
  readonly slot: Slot;
  readonly kind: IndicatorKind;
  readonly number: number;
  readonly by: Kind['by'];
  readonly shows: Kind['shows'];
  /** Addresses as they stand in a packet, without a text of each. */
  readonly column: Column | undefined;
  /** Nothing is told of it but what patterns say that are tried here. */
  readonly leads: boolean;
}

/** Values of one field that are looked at. */
const MAX_VALUES = 64;

/** Looks an event type's fields up in a set of indicators. */
export class Lookup {
  readonly #set: IndicatorSet;
  readonly #row: Row;
  readonly #places: readonly Place[];
  /** `dns.type`, where the event has one. */
  readonly #type: Slot | undefined;
  readonly #host: Slot | undefined;
  readonly #port: Slot | undefined;
  readonly #words = new Uint32Array(4);
  readonly #eventType: string;
  readonly #patterns: Patterns;
  readonly #leads: boolean;
  readonly #free: readonly (readonly [pattern: number, label: number])[];
  #value = '';

  /** @param row the event type's row: what rules have read is not read again */
  constructor(type: string, set: IndicatorSet, vocabulary: Vocabulary, row: Row, patterns: Patterns) {
    const fields = vocabulary.types.get(type);
    const slot = columnsOf(type, vocabulary, row);
    this.#set = set;
    this.#row = row;
    const places: Place[] = [];
    for (const kind of KINDS) {
      const { fields: byType, by, shows }: Kind = KIND[kind];
      // What no list speaks of need not be read.
      if (!set.has(kind)) continue;
      for (const path of byType[type] ?? []) {
        const found = slot(path);
        const column = fields?.get(path)?.column;
        if (found)
          places.push({
            ...{ slot: found, kind, number: kindNumber(kind), by, leads: false },
            // A client's certificate is a person's: what may be withheld there is not written out here.
            shows: shows === 'value' && isPrivate(fields?.get(path)) ? 'nothing' : shows,
            column: column?.address === undefined ? undefined : column,
          });
      }
    }
    const { patterns: texts, free } = set.memory;
    this.#eventType = type;
    this.#patterns = patterns;
    this.#leads = texts.length > 0;
    this.#free = free.filter(([pattern]) => patterns.concerns(pattern, type));
    // A pattern may speak of an address and of something else: both stand in events that are no flows.
    if (texts.length > 0 && set.has('address') && type !== 'flow')
      for (const path of ['dest_ip', 'src_ip']) {
        const found = slot(path);
        const number = kindNumber('address');
        const about = { kind: 'address', number, by: 'prefix', shows: 'value' } as const;
        if (found) places.push({ slot: found, ...about, column: undefined, leads: true });
      }
    this.#places = places;
    this.#type = type === 'dns' && set.has('domain') ? slot('dns.type') : undefined;
    this.#host = set.has('url') ? slot('http.hostname') : undefined;
    this.#port = set.has('url') ? slot('http.http_port') : undefined;
  }

  /** Nothing of this type of event could be found. */
  get isIdle(): boolean {
    return this.#places.length === 0 && this.#free.length === 0;
  }

  /** Speaks of the row's current event; one finding a field. */
  find(found: Found): void {
    const now = Math.floor(this.#row.event.time / 1e6);
    for (let p = 0; p < this.#places.length; p++) {
      const place = this.#places[p];
      const leads = place.leads || (place.kind === 'domain' && this.#isAnswer());
      if (leads && !this.#leads) continue;
      const row = this.#look(place, now);
      const said = leads || row < 0 ? undefined : this.#set.labels.said(row, now);
      if (said !== undefined)
        found({ kind: place.kind, value: this.#value, shows: place.shows, ...said }, [place.slot.path]);
      if (this.#set.leading.length > 0) this.#lead(now, found);
    }
    for (const [pattern, label] of this.#free)
      if (this.#set.labels.isNow(label, now)) this.#try(pattern, label, found);
  }

  /** Tries the patterns that wait for what was just met. */
  #lead(now: number, found: Found): void {
    const { labels, leading } = this.#set;
    for (const row of leading)
      labels.patterns(row, now, (pattern, label) => this.#try(pattern, label, found));
    leading.length = 0;
  }

  #try(pattern: number, label: number, found: Found): void {
    const held: Held | undefined = this.#patterns.try(pattern, this.#eventType, this.#row);
    if (held === undefined) return;
    const { text, paths, sequence } = held;
    found(
      {
        kind: 'pattern',
        value: text,
        shows: 'nothing',
        label: this.#set.labels.label(label),
        sources: 1,
        sequence,
      },
      paths,
    );
  }

  #isAnswer(): boolean {
    return this.#type !== undefined && this.#type.count() > 0 && this.#type.value(0) === 'response';
  }

  /** @returns the row of the first value that is listed, or -1; `#value` is the indicator then */
  #look(place: Place, now: number): number {
    const { slot, column } = place;
    const { event } = this.#row;
    if (column !== undefined && !event.isTold) return this.#lookAtColumn(column, event.message, now);
    const count = Math.min(slot.count(), MAX_VALUES);
    let found = -1;
    let value = '';
    // Where patterns wait, all values are looked at.
    for (let i = 0; i < count && (found < 0 || this.#leads); i++) {
      const row = this.#lookAt(place, i, now);
      if (row >= 0 && found < 0) [found, value] = [row, this.#value];
    }
    this.#value = value;
    return found;
  }

  #lookAt({ slot, kind, number, by }: Place, i: number, now: number): number {
    const set = this.#set;
    switch (by) {
      case 'suffix': {
        const text = slot.text(i);
        const row = set.suffix(number, text, now);
        if (row >= 0) this.#value = text.slice(set.from, set.end).toLowerCase();
        return row;
      }
      case 'prefix': {
        const words = slot.address(i);
        if (words === null) return -1;
        const row = set.prefix(words, 0, words.length, now);
        if (row >= 0) this.#value = networkText(words, words.length, set.bits);
        return row;
      }
      case 'endpoint': {
        const words = slot.address(i);
        if (words === null) return -1;
        const { flow } = this.#row.event;
        const port = slot.path === 'src_ip' ? flow.src_port : flow.dest_port;
        const row = set.endpoint(words, 0, words.length, port, now);
        if (row >= 0)
          this.#value = words.length === 1 ? `${slot.text(i)}:${port}` : `[${slot.text(i)}]:${port}`;
        return row;
      }
      case 'url':
        return this.#lookAtUrl(slot.text(i), now);
      case 'text':
        return kind === 'email'
          ? this.#lookAtMails(slot.text(i), number, now)
          : this.#lookAtText(kind, slot.text(i), number, now);
    }
  }

  #lookAtText(kind: IndicatorKind, text: string, number: number, now: number): number {
    const plain =
      kind === 'cert-serial' ? serialOf(hexOf(text)) : kind.startsWith('cert-') ? hexOf(text) : text;
    const row = this.#set.text(number, plain, now);
    if (row >= 0) this.#value = plain.toLowerCase();
    return row;
  }

  #lookAtMails(text: string, number: number, now: number): number {
    for (const mail of mailsIn(text)) {
      const row = this.#set.text(number, mail, now);
      if (row < 0) continue;
      this.#value = mail;
      return row;
    }
    return -1;
  }

  /** The target of a request, or, at a proxy, the URL whole. */
  #lookAtUrl(target: string, now: number): number {
    let host = (this.#host?.count() ?? 0) > 0 ? (this.#host as Slot).lower(0) : '';
    const port = (this.#port?.count() ?? 0) > 0 ? (this.#port as Slot).value(0) : 80;
    if (port !== 80 && port !== 443) host += `:${port}`;
    let path = target;
    const scheme = target.startsWith('/') ? -1 : target.indexOf('://');
    if (scheme > 0 && scheme < 16) {
      const slash = target.indexOf('/', scheme + 3);
      const end = slash < 0 ? target.length : slash;
      host = target
        .slice(scheme + 3, end)
        .toLowerCase()
        .replace(/:(?:80|443)$/, '');
      path = slash < 0 ? '/' : target.slice(slash);
    }
    if (host === '') return -1;
    const row = this.#set.url(host, path, now);
    if (row >= 0) this.#value = `${host}${path}`;
    return row;
  }

  #lookAtColumn(column: Column, message: unknown, now: number): number {
    const count = Math.min(column.count(message), MAX_VALUES);
    const words = this.#words;
    let found = -1;
    for (let i = 0; i < count; i++) {
      const length = column.address?.(message, i, words) ?? 0;
      if (length === 0) continue;
      const row = this.#set.prefix(words, 0, length, now);
      if (row < 0 || found >= 0) continue;
      found = row;
      this.#value = networkText(words, length, this.#set.bits);
      if (!this.#leads) break;
    }
    return found;
  }
}

/** The network as it was listed, not the address that was found in it: all its addresses are one indicator. */
function networkText(words: ArrayLike<number>, count: number, bits: number): string {
  const [a, b, c, d] = Array.from({ length: count }, (_, i) => (words[i] & wordMask(bits, i)) >>> 0);
  const text = count === 1 ? ipv4Text(a) : ipv6Text(a, b, c, d);
  return bits === count * 32 ? text : `${text}/${bits}`;
}

const isPrivate = (field: FieldSpec | undefined): boolean =>
  field?.class === 'identifier' || field?.class === 'content';

/** Event types that may hold an indicator. */
export const LOOKED_AT: readonly string[] = [
  ...new Set(Object.values(KIND).flatMap(({ fields }) => Object.keys(fields))),
];

/** The columns of one kind of event, each made when it is first asked for. */
export const columnsOf =
  (type: string, vocabulary: Vocabulary, row: Row) =>
  (path: string): Slot | undefined => {
    const field = vocabulary.types.get(type)?.get(path);
    return field && row.slot(path, readerOf(field));
  };
