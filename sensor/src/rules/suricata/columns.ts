// The buffers of one type of event: fields of its row, in the form that rules look at, each made at most once an event.
import { readerOf } from '../../protocols/reading.ts';
import type { Vocabulary } from '../fields.ts';
import type { Row, Slot } from '../row.ts';
import type { Form } from './buffers.ts';
import { headReader, isHeadPath } from './http-head.ts';
import type { Transform } from './transforms.ts';

/** Octets that a path may have in a hexadecimal escape (RFC 3986 §2.1). */
const ESCAPE = /%([0-9a-fA-F]{2})/g;

/** The target as a server understands it: its path decoded, dots and doubled slashes taken out, its query as it is. */
function normalUri(text: string): string {
  const mark = text.indexOf('?');
  let path = mark < 0 ? text : text.slice(0, mark);
  const query = mark < 0 ? '' : text.slice(mark);
  if (path.includes('%'))
    path = path.replace(ESCAPE, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  // Of a target with a host the path alone is told.
  const whole = /^[a-z][a-z0-9+.-]*:\/\/[^/]*(\/.*)?$/is.exec(path);
  if (whole !== null) path = whole[1] ?? '/';
  if (path.includes('//')) path = path.replace(/\/{2,}/g, '/');
  if (path.includes('/.')) path = withoutDots(path);
  return path + query;
}

/** RFC 3986 §5.2.4. */
function withoutDots(path: string): string {
  const out: string[] = [];
  const parts = path.split('/');
  for (const [i, part] of parts.entries()) {
    const isLast = i === parts.length - 1;
    if (part === '.') {
      if (isLast) out.push('');
    } else if (part === '..') {
      if (out.length > 1) out.pop();
      if (isLast) out.push('');
    } else out.push(part);
  }
  return out.join('/');
}

const FORMS: Readonly<Record<Form, (text: string) => string>> = {
  uri: normalUri,
  lower: (text) => text.toLowerCase(),
};

const NARROW = /^[\u0000-\u00ff]*$/;
/** One byte a character, as rules write them: what a record has as characters of Unicode is UTF-8 on the wire. */
const narrow = (text: string): string =>
  NARROW.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');

/** A buffer: `count()` values, each a text of its own. */
export class Column {
  readonly slot: Slot;
  readonly #row: Row;
  readonly #make: readonly ((text: string) => string)[];
  readonly #texts: (string | undefined)[] = [];
  readonly #lower: (string | undefined)[] = [];
  #turn = -1;

  constructor(row: Row, slot: Slot, make: readonly ((text: string) => string)[]) {
    this.#row = row;
    this.slot = slot;
    this.#make = make;
  }

  count(): number {
    const count = this.slot.count();
    if (this.#turn !== this.#row.turn) {
      this.#turn = this.#row.turn;
      for (let i = 0; i < count; i++) this.#texts[i] = this.#lower[i] = undefined;
    }
    return count;
  }

  /** After `count` was asked of this event. */
  text(i: number): string {
    let text = this.#texts[i];
    if (text === undefined) {
      text = narrow(this.slot.text(i));
      for (const make of this.#make) text = make(text);
      this.#texts[i] = text;
    }
    return text;
  }

  lower(i: number): string {
    return (this.#lower[i] ??= this.text(i).toLowerCase());
  }
}

export class Columns {
  readonly type: string;
  readonly row: Row;
  readonly #fields: NonNullable<ReturnType<Vocabulary['types']['get']>>;
  readonly #known = new Map<string, Column>();

  constructor(type: string, row: Row, vocabulary: Vocabulary) {
    this.type = type;
    this.row = row;
    this.#fields = vocabulary.types.get(type) ?? new Map();
  }

  has(path: string): boolean {
    return this.#fields.has(path);
  }

  slot(path: string): Slot | undefined {
    if (isHeadPath(path)) return this.row.slot(path, headReader(path));
    const field = this.#fields.get(path);
    return field && this.row.slot(path, readerOf(field));
  }

  column(path: string, form: Form | undefined, transforms: readonly Transform[]): Column | undefined {
    const key = [path, form, ...transforms.map((transform) => transform.key)].join('|');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const slot = this.slot(path);
    if (slot === undefined) return undefined;
    const make = [
      ...(form === undefined ? [] : [FORMS[form]]),
      ...transforms.map((transform) => transform.make),
    ];
    const column = new Column(this.row, slot, make);
    this.#known.set(key, column);
    return column;
  }
}
