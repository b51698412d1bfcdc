// Values of fields as bytes, and back: exactly what was there, lists with holes and texts of any characters too.
import type { Value } from '../protocols/event.ts';
import type { Scalar } from '../wire/field.ts';
import type { RecordBytes } from './record.ts';

const TAG = { absent: 0, no: 1, yes: 2, number: 3, narrow: 4, wide: 5, list: 6 } as const;
const COUNT = 2;
/** Tag and length. */
const HEAD = 5;
/** Characters of one byte each. */
const NARROW = /^[\u0000-\u00ff]*$/;

/** In the place of a field's slot: the Suricata rules that may hold. */
export const SIGNATURES = 0xffff;

type One = Scalar | undefined;

/** Writes slots with their values one behind the other. */
export class ValueWriter {
  readonly #record: RecordBytes;
  #start = 0;
  #count = 0;
  at = 0;

  constructor(record: RecordBytes) {
    this.#record = record;
  }

  begin(at: number): void {
    this.#start = at;
    this.#count = 0;
    this.at = at + COUNT;
  }

  /** @returns false when it has no room: nothing was written then */
  add(slot: number, value: Value): boolean {
    if (value === undefined) return true;
    const before = this.at;
    if (before + 2 + HEAD > this.#record.bytes.length) return false;
    this.#record.view.setUint16(before, slot, true);
    this.at += 2;
    if (typeof value === 'object' ? !this.#list(value) : !this.#one(value)) {
      this.at = before;
      return false;
    }
    this.#count++;
    return true;
  }

  /** @returns where the values end */
  end(): number {
    this.#record.view.setUint16(this.#start, this.#count, true);
    return this.at;
  }

  #list(values: readonly One[]): boolean {
    this.#head(TAG.list, values.length);
    for (const value of values) if (!this.#one(value)) return false;
    return true;
  }

  #one(value: One): boolean {
    const { bytes, view, text } = this.#record;
    if (this.at + 9 > bytes.length) return false;
    switch (typeof value) {
      case 'undefined':
        bytes[this.at++] = TAG.absent;
        return true;
      case 'boolean':
        bytes[this.at++] = value ? TAG.yes : TAG.no;
        return true;
      case 'number':
        bytes[this.at] = TAG.number;
        view.setFloat64(this.at + 1, value, true);
        this.at += 9;
        return true;
    }
    const isNarrow = NARROW.test(value);
    const length = isNarrow ? value.length : 2 * value.length;
    if (this.at + HEAD + length > bytes.length) return false;
    this.#head(isNarrow ? TAG.narrow : TAG.wide, length);
    text.write(value, this.at, isNarrow ? 'latin1' : 'utf16le');
    this.at += length;
    return true;
  }

  #head(tag: number, length: number): void {
    this.#record.bytes[this.at] = tag;
    this.#record.view.setUint32(this.at + 1, length, true);
    this.at += HEAD;
  }
}

/** Reads what a `ValueWriter` wrote. */
export class ValueReader {
  readonly #record: RecordBytes;
  at = 0;

  constructor(record: RecordBytes) {
    this.#record = record;
  }

  /** Calls `take` for each value. */
  read(at: number, take: (slot: number, value: Value) => void): void {
    const { view } = this.#record;
    this.at = at + COUNT;
    for (let left = view.getUint16(at, true); left > 0; left--) {
      const slot = view.getUint16(this.at, true);
      this.at += 2;
      take(slot, this.#value());
    }
  }

  #value(): Value {
    const { bytes, view } = this.#record;
    if (bytes[this.at] !== TAG.list) return this.#one();
    const count = view.getUint32(this.at + 1, true);
    this.at += HEAD;
    const values: One[] = [];
    for (let i = 0; i < count; i++) values.push(this.#one());
    return values;
  }

  #one(): One {
    const { bytes, view, text } = this.#record;
    const tag = bytes[this.at++];
    if (tag === TAG.absent) return undefined;
    if (tag === TAG.no || tag === TAG.yes) return tag === TAG.yes;
    if (tag === TAG.number) {
      this.at += 8;
      return view.getFloat64(this.at - 8, true);
    }
    const length = view.getUint32(this.at, true);
    const from = this.at + HEAD - 1;
    this.at = from + length;
    return tag === TAG.narrow
      ? text.toString('latin1', from, this.at)
      : text.toString('utf16le', from, this.at);
  }
}
