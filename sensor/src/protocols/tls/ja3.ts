// JA3 and JA3S: fingerprints of the two hellos in wire order (salesforce/ja3), as bytes: clients that shuffle their
// extensions give a new one with every hello, so it must be quick to make rather than remembered.
import { DIGIT_COUNTS, digitsThen, threeDigitsThen } from '../../bytes/digits.ts';
import type { JsonBytes } from '../../bytes/json.ts';
import { MD5_ROOM, md5 } from '../../bytes/md5.ts';
import { u16, viewOf } from '../../bytes/read.ts';
import { latin1 } from '../../bytes/text.ts';
import { dataEnd, type Hello, isGrease } from './hello.ts';

/** Digits and separator of a number of 16 bits. */
const NUMBER = 6;
/** Numbers of a text that are neither in a list nor an extension's type, and the separators of empty lists. */
const FRAME = 32;
const COMMA = 0x2c;
const HASH_LENGTH = 32;

const DIGITS = digitsThen('-');
const THREE_DIGITS = threeDigitsThen('-');

/** What a fingerprint is made of, and its MD5 in hex: of one hello, until it is made of another. */
class Fingerprint {
  #of: Hello | undefined;
  #length = 0;
  // The same bytes in four ways: written by number, summed up by word, and copied eight at a time.
  #text!: Uint8Array;
  #view!: DataView;
  #words!: Int32Array;
  #packed!: Float64Array;
  readonly #hash = new Float64Array(HASH_LENGTH / 8);
  readonly #hashDigits = new Uint16Array(this.#hash.buffer);

  constructor() {
    this.#make(2048);
  }

  #make(bytes: number): void {
    this.#packed = new Float64Array((bytes + 7) >> 3);
    const { buffer } = this.#packed;
    this.#text = new Uint8Array(buffer);
    this.#view = viewOf(new Uint8Array(buffer));
    this.#words = new Int32Array(buffer);
  }

  begin(h: Hello): boolean {
    if (this.#of === h) return false;
    this.#of = h;
    this.#length = 0;
    // No list in it has more numbers than the hello has bytes.
    const room = (h.end - h.at) * NUMBER + FRAME + MD5_ROOM;
    if (this.#text.length < room) this.#make(room);
    return true;
  }

  finish(): void {
    md5(this.#words, this.#length, this.#hashDigits);
  }

  /** The end of a list that began at `from`: a comma in the place of its last dash. */
  close(from: number): void {
    if (this.#length === from) this.#length++;
    this.#text[this.#length - 1] = COMMA;
  }

  /** The last comma is none. */
  cut(): void {
    this.#length--;
  }

  get length(): number {
    return this.#length;
  }

  /** The number and a dash. */
  number(value: number): void {
    const view = this.#view;
    let at = this.#length;
    if (value < 1000) {
      view.setInt32(at, DIGITS[value], true);
      this.#length = at + DIGIT_COUNTS[value] + 1;
      return;
    }
    const thousands = (value / 1000) | 0;
    view.setInt32(at, DIGITS[thousands], true);
    at += DIGIT_COUNTS[thousands];
    view.setInt32(at, THREE_DIGITS[value - thousands * 1000], true);
    this.#length = at + 4;
  }

  /** A field of its own. */
  single(value: number): void {
    const from = this.#length;
    this.number(value);
    this.close(from);
  }

  /** Numbers of 16 bits in `[at, end)`, decimal, without GREASE. */
  list(bytes: Uint8Array, at: number, end: number): void {
    const from = this.#length;
    for (let i = at; i + 2 <= end; i += 2) {
      const value = u16(bytes, i);
      if (!isGrease(value)) this.number(value);
    }
    this.close(from);
  }

  extensions(h: Hello, withGrease: boolean): void {
    const { bytes, extensionsEnd } = h;
    const from = this.#length;
    // Ends: each turn goes at least four bytes on.
    for (let at = h.extensionsAt; at < extensionsEnd; at += 4 + u16(bytes, at + 2)) {
      const type = u16(bytes, at);
      if (withGrease || !isGrease(type)) this.number(type);
    }
    this.close(from);
  }

  get text(): string {
    return latin1(this.#text, 0, this.#length);
  }
  get hash(): string {
    return latin1(new Uint8Array(this.#hash.buffer), 0, HASH_LENGTH);
  }
  /** Without quotes. */
  writeText(out: JsonBytes): void {
    out.packed(this.#packed, 0, this.#length);
  }
  writeHash(out: JsonBytes): void {
    out.packed(this.#hash, 0, HASH_LENGTH);
  }
}

const client = new Fingerprint();
const server = new Fingerprint();

/**
 * JA3: the MD5 of `version,ciphers,extensions,groups,point formats`, decimal, without GREASE.
 * @returns what says it, until it is asked for another hello
 */
export function ja3(h: Hello): Fingerprint {
  if (!client.begin(h)) return client;
  const { bytes, groupsAt, formatsAt } = h;
  client.single(h.version);
  client.list(bytes, h.ciphersAt, h.ciphersEnd);
  client.extensions(h, false);
  // A list behind its own length, of 16 bits here and of 8 there.
  const from = groupsAt + 2;
  const end =
    groupsAt >= 0 && dataEnd(h, groupsAt) >= from
      ? Math.min(dataEnd(h, groupsAt), from + u16(bytes, groupsAt))
      : from;
  client.list(bytes, from, end);
  const formats = client.length;
  if (formatsAt >= 0 && dataEnd(h, formatsAt) > formatsAt) {
    const last = Math.min(dataEnd(h, formatsAt), formatsAt + 1 + bytes[formatsAt]);
    for (let i = formatsAt + 1; i < last; i++) client.number(bytes[i]);
  }
  client.close(formats);
  client.cut();
  client.finish();
  return client;
}

/** JA3S: the MD5 of `version,cipher,extensions` of the ServerHello; likewise. */
export function ja3s(h: Hello): Fingerprint {
  if (!server.begin(h)) return server;
  server.single(h.version);
  server.single(u16(h.bytes, h.ciphersAt));
  server.extensions(h, true);
  server.cut();
  server.finish();
  return server;
}

/** What JA3 and JA3S are the MD5 of. */
export const ja3Text = (h: Hello): string => ja3(h).text;
export const ja3sText = (h: Hello): string => ja3s(h).text;
