// JA3 and JA3S: fingerprints of the two hellos in wire order (salesforce/ja3), as bytes: clients that shuffle their
// extensions give a new one with every hello, so it must be quick to make rather than remembered.
import type { JsonBytes } from '../../bytes/json.ts';
import { MD5_ROOM, md5 } from '../../bytes/md5.ts';
import { u16 } from '../../bytes/read.ts';
import { latin1 } from '../../bytes/text.ts';
import { dataEnd, type Hello, isGrease } from './hello.ts';

/** Digits and separator of a number of 16 bits. */
const NUMBER = 6;
const COMMA = 0x2c;
const DASH = 0x2d;
const HASH_LENGTH = 32;

/** What a fingerprint is made of, and its MD5 in hex: of one hello, until it is made of another. */
class Fingerprint {
  #of: Hello | undefined;
  #text: Uint8Array = new Uint8Array(1024);
  #length = 0;
  readonly #hash = new Uint8Array(HASH_LENGTH);

  begin(h: Hello): boolean {
    if (this.#of === h) return false;
    this.#of = h;
    this.#length = 0;
    // No list in it has more numbers than the hello has bytes.
    const room = (h.end - h.at) * NUMBER + MD5_ROOM;
    if (this.#text.length < room) this.#text = new Uint8Array(room);
    return true;
  }

  finish(): void {
    md5(this.#text, this.#length, this.#hash, 0);
  }

  byte(code: number): void {
    this.#text[this.#length++] = code;
  }

  number(value: number): void {
    const text = this.#text;
    let at = this.#length;
    if (value >= 10_000) text[at++] = 0x30 + ((value / 10_000) | 0);
    if (value >= 1000) text[at++] = 0x30 + (((value / 1000) | 0) % 10);
    if (value >= 100) text[at++] = 0x30 + (((value / 100) | 0) % 10);
    if (value >= 10) text[at++] = 0x30 + (((value / 10) | 0) % 10);
    text[at++] = 0x30 + (value % 10);
    this.#length = at;
  }

  /** Numbers of 16 bits in `[at, end)`, decimal, without GREASE. */
  list(bytes: Uint8Array, at: number, end: number): void {
    let isFirst = true;
    for (let i = at; i + 2 <= end; i += 2) {
      const value = u16(bytes, i);
      if (isGrease(value)) continue;
      if (!isFirst) this.byte(DASH);
      isFirst = false;
      this.number(value);
    }
  }

  extensions(h: Hello, withGrease: boolean): void {
    let isFirst = true;
    for (let at = h.extensionsAt; at < h.extensionsEnd; at += 4 + u16(h.bytes, at + 2)) {
      const type = u16(h.bytes, at);
      if (!withGrease && isGrease(type)) continue;
      if (!isFirst) this.byte(DASH);
      isFirst = false;
      this.number(type);
    }
  }

  get text(): string {
    return latin1(this.#text, 0, this.#length);
  }
  get hash(): string {
    return latin1(this.#hash, 0, HASH_LENGTH);
  }
  writeText(out: JsonBytes): void {
    out.octets(this.#text, 0, this.#length);
  }
  writeHash(out: JsonBytes): void {
    out.octets(this.#hash, 0, HASH_LENGTH);
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
  client.number(h.version);
  client.byte(COMMA);
  client.list(bytes, h.ciphersAt, h.ciphersEnd);
  client.byte(COMMA);
  client.extensions(h, false);
  client.byte(COMMA);
  // A list behind its own length, of 16 bits here and of 8 there.
  if (groupsAt >= 0 && dataEnd(h, groupsAt) >= groupsAt + 2)
    client.list(bytes, groupsAt + 2, Math.min(dataEnd(h, groupsAt), groupsAt + 2 + u16(bytes, groupsAt)));
  client.byte(COMMA);
  if (formatsAt >= 0 && dataEnd(h, formatsAt) > formatsAt) {
    const end = Math.min(dataEnd(h, formatsAt), formatsAt + 1 + bytes[formatsAt]);
    for (let i = formatsAt + 1; i < end; i++) {
      if (i > formatsAt + 1) client.byte(DASH);
      client.number(bytes[i]);
    }
  }
  client.finish();
  return client;
}

/** JA3S: the MD5 of `version,cipher,extensions` of the ServerHello; likewise. */
export function ja3s(h: Hello): Fingerprint {
  if (!server.begin(h)) return server;
  server.number(h.version);
  server.byte(COMMA);
  server.number(u16(h.bytes, h.ciphersAt));
  server.byte(COMMA);
  server.extensions(h, true);
  server.finish();
  return server;
}

/** What JA3 and JA3S are the MD5 of. */
export const ja3Text = (h: Hello): string => ja3(h).text;
export const ja3sText = (h: Hello): string => ja3s(h).text;
