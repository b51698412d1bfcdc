// The gate: what a privacy profile lets out of the sensor, in which form. Nothing else makes a `Released` value.
import { createHash, createHmac } from 'node:crypto';
import type { JsonBytes } from '../bytes/json.ts';
import type { Event } from '../protocols/event.ts';
import { eventFields } from '../protocols/index.ts';
import type { Block, Field, Say, Value } from '../protocols/protocol.ts';
import { toldFields } from '../protocols/told.ts';
import {
  FACT_PATTERN,
  type FieldSpec,
  isFreeText,
  MAX_FACT_TEXT,
  type PrivacyClass,
  type Profile,
  type Scalar,
  type Treatment,
  treatment,
} from '../wire/field.ts';
import { cleaned } from './free-text.ts';
import { FreeTextMemory } from './free-text-memory.ts';

declare const passed: unique symbol;
/** Went through a gate. Writers take nothing else, so a value that no profile judged does not compile. */
export type Released<T> = T & { readonly [passed]: true };

/** A block as a gate lets it through. */
export interface QuickWay {
  readonly root: string;
  /** Names of the fields that it writes. */
  readonly names: ReadonlySet<string>;
  /** @returns false when nothing was written, and the fields are to be asked one by one */
  write(event: Event, out: JsonBytes): boolean;
}

export interface GateOptions {
  readonly profile: Profile;
  /** Makes the keyed hashes. Without one, what would leave as a hash is withheld. */
  readonly key?: Uint8Array | undefined;
  /** Classes that the authority discloses; under `lawful-order` no other leaves beyond those of `strict`. */
  readonly discloses?: readonly PrivacyClass[] | undefined;
  /** The closed schema: event type → its fields. */
  readonly schema?: Readonly<Record<string, readonly Field[]>>;
  /** The same as somebody else's sensor tells them. */
  readonly told?: Readonly<Record<string, readonly Field[]>>;
}

const FACT = new RegExp(FACT_PATTERN);
/** Digits of a hash that stand for its key, and of the value: 128 bits, where a meeting of two by chance is out of reach. */
const MARK_DIGITS = 8;
const HASH_DIGITS = 32;

export class Gate {
  readonly profile: Profile;
  /** Fields that were turned away, by name: not in the schema, or of a class that does not leave. */
  readonly refused = new Map<string, number>();
  readonly #key: Uint8Array | undefined;
  /** Tells the keys of hashes apart; empty without one. */
  readonly mark: string;
  readonly #discloses: readonly PrivacyClass[] | undefined;
  readonly #known: ReadonlyMap<string, ReadonlySet<Field>>;
  readonly #say: Say;

  constructor({ profile, key, discloses, schema = eventFields, told = toldFields }: GateOptions) {
    this.profile = profile;
    this.#key = key;
    this.mark =
      key === undefined ? '' : createHash('sha256').update(key).digest('hex').substring(0, MARK_DIGITS);
    this.#discloses = profile === 'lawful-order' ? discloses : undefined;
    this.#known = new Map(
      Object.entries(schema).map(([type, fields]) => [type, new Set([...fields, ...(told[type] ?? [])])]),
    );
    const texts = new FreeTextMemory(this.#cleans ? cleaned : (text) => text);
    this.#say = (out, bytes, at, end) => texts.write(out, bytes, at, end);
  }

  /** How a field of this class leaves here. */
  how(fieldClass: PrivacyClass): Treatment {
    const how = treatment(this.profile, fieldClass);
    if (how === 'hashed' && this.#key === undefined) return 'withheld';
    const isNamed = this.#discloses?.includes(fieldClass) ?? true;
    return isNamed || treatment('strict', fieldClass) === 'clear' ? how : 'withheld';
  }

  /** The fields of a type of event that leave, each reading what leaves of it. Any other is refused and counted. */
  fields(type: string, fields: readonly Field[]): readonly Released<Field>[] {
    const released: Released<Field>[] = [];
    for (const field of fields) {
      if (!this.#names(type, field)) this.#refuse(field.name);
      else if (this.how(field.class) !== 'withheld') released.push(this.#release(field));
    }
    return released;
  }

  /** Those ways to write several fields at once that write what leaves of each, and nothing else. */
  blocks(type: string, blocks: readonly Block[]): readonly Released<QuickWay>[] {
    return blocks.flatMap((block) => this.#quickWay(type, block) ?? []);
  }

  #quickWay(
    type: string,
    { root, fields, optional = [], free = [], write }: Block,
  ): Released<QuickWay> | undefined {
    const leaves = (field: Field): boolean =>
      this.#names(type, field) &&
      this.how(field.class) === 'clear' &&
      (!this.#isCleaned(field) || free.includes(field));
    const written = fields.filter(leaves);
    const whole = written.length === fields.length;
    if (!whole && fields.some((field) => leaves(field) === optional.includes(field))) return undefined;
    return {
      root,
      names: new Set(written.map(({ name }) => name)),
      write: (event, out) => write(event.message, event, out, whole, this.#say),
    } satisfies QuickWay as QuickWay as Released<QuickWay>;
  }

  /** What leaves of one field of an event; undefined when nothing does. */
  value(field: Field, event: Event): Released<Exclude<Value, undefined>> | undefined {
    if (!this.#names(event.type, field)) {
      this.#refuse(field.name);
      return undefined;
    }
    if (this.how(field.class) === 'withheld') return undefined;
    return this.#form(field, field.read(event.message, event)) as
      | Released<Exclude<Value, undefined>>
      | undefined;
  }

  /** A fact of a detector's own; undefined, and counted, when it is not shaped like one. */
  fact(name: string, value: unknown): Released<Scalar> | undefined {
    const isFact =
      typeof value === 'boolean' ||
      (typeof value === 'number' && Number.isFinite(value)) ||
      (typeof value === 'string' && value.length <= MAX_FACT_TEXT);
    if (isFact && FACT.test(name)) return value as Released<Scalar>;
    this.#refuse(name);
    return undefined;
  }

  /** The keyed hash of a value. Equal values have equal hashes, whatever field or protocol they stand in. */
  hash(value: Scalar): string {
    const digest = createHmac('sha256', this.#key as Uint8Array)
      .update(String(value))
      .digest('hex');
    return `hmac:${this.mark}:${digest.substring(0, HASH_DIGITS)}`;
  }

  #names(type: string, field: Field): boolean {
    return this.#known.get(type)?.has(field) ?? false;
  }

  #release(field: Field): Released<Field> {
    const isHashed = this.how(field.class) === 'hashed';
    const isCleaned = this.#isCleaned(field);
    if (!isHashed && !isCleaned) return field as Released<Field>;
    // Quicker ways to write the value would go past the gate.
    const { write: _, column: __, ...spec } = field;
    const read = (message: unknown, event: Event): Value => {
      const value = field.read(message, event);
      if (value === undefined) return undefined;
      return each(value, isHashed ? (one) => this.hash(one) : cleanedText);
    };
    return { ...spec, read } as Field as Released<Field>;
  }

  /** Free text may name people: it is cleaned where those do not leave in clear. */
  get #cleans(): boolean {
    return this.how('identifier') !== 'clear';
  }

  #isCleaned(field: FieldSpec): boolean {
    return isFreeText(field) && this.#cleans;
  }

  #form(field: FieldSpec, value: Value): Value {
    if (value === undefined) return undefined;
    if (this.how(field.class) === 'hashed') return each(value, (one) => this.hash(one));
    return this.#isCleaned(field) ? each(value, cleanedText) : value;
  }

  #refuse(name: string): void {
    this.refused.set(name, (this.refused.get(name) ?? 0) + 1);
  }
}

const cleanedText = (one: Scalar): Scalar => (typeof one === 'string' ? cleaned(one) : one);

const each = (value: Exclude<Value, undefined>, form: (one: Scalar) => Scalar): Value =>
  typeof value === 'object' ? value.map((one) => (one === undefined ? undefined : form(one))) : form(value);
