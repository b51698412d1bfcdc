// Reads OPC UA's binary encoding (part 6, §5.2) in turn; once something is cut, everything behind it is absent.
import { u16le, u32le } from '../../bytes/read.ts';
import { utf8 } from '../../bytes/text.ts';

/** Longest text that is kept, bytes. */
const MAX_TEXT = 512;
/** Strings of an array that are passed over. */
const MAX_ARRAY = 64;
const ABSENT = 0xffffffff;

export class Reader {
  readonly #b: Uint8Array;
  readonly #end: number;
  #at: number;
  /** False once it would have read behind the end. */
  ok = true;

  constructor(b: Uint8Array, at: number, end: number) {
    this.#b = b;
    this.#at = at;
    this.#end = end;
  }

  #take(count: number): number {
    const at = this.#at;
    if (!this.ok || count > this.#end - at) {
      this.ok = false;
      return -1;
    }
    this.#at = at + count;
    return at;
  }

  skip(count: number): this {
    this.#take(count);
    return this;
  }

  byte(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : this.#b[at];
  }

  u32(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : u32le(this.#b, at);
  }

  /** Text or bytes, passed over. */
  skipString(): this {
    const length = this.u32();
    if (length !== ABSENT) this.#take(length);
    return this;
  }

  string(): string | undefined {
    const length = this.u32();
    if (length === ABSENT) return undefined;
    const at = this.#take(length);
    return at < 0 ? undefined : utf8(this.#b, at, at + Math.min(length, MAX_TEXT));
  }

  skipStrings(): this {
    const count = this.u32();
    if (count === ABSENT) return this;
    if (count > MAX_ARRAY) this.ok = false;
    for (let i = 0; i < count && this.ok; i++) this.skipString();
    return this;
  }

  /** Number of a numeric node id of namespace 0; -1 of another one, which is passed over. */
  nodeId(): number {
    const form = this.byte() & 0x3f;
    if (form === 0) return this.byte();
    if (form === 1) {
      const at = this.#take(3);
      return at < 0 || this.#b[at] !== 0 ? -1 : u16le(this.#b, at + 1);
    }
    if (form === 2) {
      const at = this.#take(6);
      return at < 0 || u16le(this.#b, at) !== 0 ? -1 : u32le(this.#b, at + 2);
    }
    if (form === 3 || form === 5) this.skip(2).skipString();
    else if (form === 4) this.skip(18);
    else this.ok = false;
    return -1;
  }

  /** What stands in front of every request (part 4, §7.33). Its token is the session's secret: passed over. */
  requestHeader(): this {
    this.nodeId();
    this.skip(16).skipString().skip(4);
    this.nodeId();
    const encoding = this.byte();
    return encoding === 0 ? this : this.skipString();
  }
}
