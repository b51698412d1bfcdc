// ClientHello and ServerHello (RFC 8446 §4.1, RFC 5246 §7.4.1, RFC 6347 §4.2.1) as offsets over their bytes.
import { copy, copyOf } from '../../bytes/copy.ts';
import { u16 } from '../../bytes/read.ts';
import { latin1 } from '../../bytes/text.ts';

export const EXT_SERVER_NAME = 0x0000;
export const EXT_GROUPS = 0x000a;
export const EXT_POINT_FORMATS = 0x000b;
export const EXT_SIGNATURE_ALGORITHMS = 0x000d;
export const EXT_ALPN = 0x0010;
const EXT_SESSION_TICKET = 0x0023;
const EXT_PRE_SHARED_KEY = 0x0029;
const EXT_EARLY_DATA = 0x002a;
export const EXT_SUPPORTED_VERSIONS = 0x002b;
const EXT_KEY_SHARE = 0x0033;
/** Encrypted ClientHello (RFC 9849), and its forerunner, which hid the name alone. */
const EXT_ECH = 0xfe0d;
const EXT_ESNI = 0xffce;

/** Values that clients add to keep servers honest (RFC 8701): both bytes equal, low nibble a. */
export const isGrease = (v: number): boolean => (v & 0x0f0f) === 0x0a0a && v >> 8 === (v & 255);

const RANDOM_LENGTH = 32;

/**
 * What both hellos share. All lists lie inside `bytes`. Where the data of an extension starts stands in `…At`, -1 when it
 * is absent; its length stands two bytes before. Of extensions that come twice the first counts.
 */
export class Hello {
  bytes: Uint8Array;
  /** The hello's own bytes `[at, end)`. */
  at: number;
  end: number;
  /** legacy_version. */
  version = 0;
  sessionAt = 0;
  sessionLength = 0;
  /** Cipher suites `[ciphersAt, ciphersEnd)`; one of them in a ServerHello. */
  ciphersAt = 0;
  ciphersEnd = 0;
  /** Extensions `[extensionsAt, extensionsEnd)`; whole ones only. */
  extensionsAt = 0;
  extensionsEnd = 0;
  /** False when a length reached beyond the end, or the bytes were cut: what is here is right, but not all. */
  isWhole = true;
  /** It has a place of its own, and is no longer the packet's. */
  isKept = false;
  isSsl2 = false;
  nameAt = -1;
  groupsAt = -1;
  formatsAt = -1;
  algorithmsAt = -1;
  alpnAt = -1;
  versionsAt = -1;
  sharesAt = -1;
  ticketAt = -1;
  hasPsk = false;
  hasEarlyData = false;
  hasEch = false;
  hasEsni = false;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** Takes its bytes along to a place of its own, or into `place` from `into` on, which has room for them. */
  move(place?: Uint8Array, into = 0): void {
    if (place === undefined) this.bytes = copyOf(this.bytes, this.at, this.end);
    else {
      copy(this.bytes, this.at, this.end, place, into);
      this.bytes = place;
    }
    this.isKept = true;
    const by = into - this.at;
    this.at += by;
    this.end += by;
    this.sessionAt += by;
    this.ciphersAt += by;
    this.ciphersEnd += by;
    this.extensionsAt += by;
    this.extensionsEnd += by;
    if (this.nameAt >= 0) this.nameAt += by;
    if (this.groupsAt >= 0) this.groupsAt += by;
    if (this.formatsAt >= 0) this.formatsAt += by;
    if (this.algorithmsAt >= 0) this.algorithmsAt += by;
    if (this.alpnAt >= 0) this.alpnAt += by;
    if (this.versionsAt >= 0) this.versionsAt += by;
    if (this.sharesAt >= 0) this.sharesAt += by;
    if (this.ticketAt >= 0) this.ticketAt += by;
  }

  /** Notes where every extension is that anything here reads. */
  extensions(at: number, end: number): void {
    const b = this.bytes;
    this.extensionsAt = at;
    let next = at;
    // Ends: each turn goes at least four bytes on.
    while (next + 4 <= end) {
      const data = next + 4;
      const after = data + u16(b, next + 2);
      if (after > end) break;
      switch (u16(b, next)) {
        case EXT_SERVER_NAME:
          if (this.nameAt < 0) this.nameAt = data;
          break;
        case EXT_GROUPS:
          if (this.groupsAt < 0) this.groupsAt = data;
          break;
        case EXT_POINT_FORMATS:
          if (this.formatsAt < 0) this.formatsAt = data;
          break;
        case EXT_SIGNATURE_ALGORITHMS:
          if (this.algorithmsAt < 0) this.algorithmsAt = data;
          break;
        case EXT_ALPN:
          if (this.alpnAt < 0) this.alpnAt = data;
          break;
        case EXT_SUPPORTED_VERSIONS:
          if (this.versionsAt < 0) this.versionsAt = data;
          break;
        case EXT_KEY_SHARE:
          if (this.sharesAt < 0) this.sharesAt = data;
          break;
        case EXT_SESSION_TICKET:
          if (this.ticketAt < 0) this.ticketAt = data;
          break;
        case EXT_PRE_SHARED_KEY:
          this.hasPsk = true;
          break;
        case EXT_EARLY_DATA:
          this.hasEarlyData = true;
          break;
        case EXT_ECH:
          this.hasEch = true;
          break;
        case EXT_ESNI:
          this.hasEsni = true;
          break;
      }
      next = after;
    }
    this.extensionsEnd = next;
    if (next !== end) this.isWhole = false;
  }
}

/**
 * @param at the first byte behind the handshake header
 * @param hasCookie the ClientHello of DTLS, which has one behind the session
 * @returns undefined when not even its ciphers are there
 */
export function readHello(
  bytes: Uint8Array,
  at: number,
  end: number,
  fromClient: boolean,
  hasCookie = false,
): Hello | undefined {
  if (end - at < 2 + RANDOM_LENGTH + 1) return undefined;
  const h = new Hello(bytes, at, end);
  h.version = u16(bytes, at);
  h.sessionAt = at + 2 + RANDOM_LENGTH + 1;
  h.sessionLength = bytes[h.sessionAt - 1];
  let next = h.sessionAt + h.sessionLength;
  if (hasCookie) {
    if (next >= end) return undefined;
    next += 1 + bytes[next];
  }
  if (next + 2 > end) return undefined;
  h.ciphersAt = fromClient ? next + 2 : next;
  h.ciphersEnd = h.ciphersAt + (fromClient ? u16(bytes, next) : 2);
  if (h.ciphersEnd + 1 > end) {
    // A ClientHello that is cut in its ciphers: nothing follows them.
    h.ciphersEnd = Math.min(h.ciphersEnd, end - ((end - h.ciphersAt) & 1));
    h.extensionsAt = h.extensionsEnd = end;
    h.isWhole = false;
    return fromClient && h.ciphersEnd > h.ciphersAt ? h : undefined;
  }
  next = fromClient ? h.ciphersEnd + 1 + bytes[h.ciphersEnd] : h.ciphersEnd + 1; // compression methods
  h.extensionsAt = h.extensionsEnd = Math.min(end, next + 2);
  if (next + 2 > end) {
    h.isWhole = next <= end;
    return h;
  }
  const claimed = next + 2 + u16(bytes, next);
  h.extensions(next + 2, Math.min(claimed, end));
  if (claimed > end) h.isWhole = false;
  return h;
}

/** Types of all extensions in wire order. */
export function extensionTypes(h: Hello): number[] {
  const types: number[] = [];
  for (let at = h.extensionsAt; at < h.extensionsEnd; at += 4 + u16(h.bytes, at + 2))
    types.push(u16(h.bytes, at));
  return types;
}

/** Where the data of the extension that starts at `at` ends. */
export const dataEnd = (h: Hello, at: number): number => at + u16(h.bytes, at - 2);

/** Host name of the server_name extension (RFC 6066 §3). */
export function serverName(h: Hello): string | undefined {
  const at = h.nameAt;
  if (at < 0) return undefined;
  const end = dataEnd(h, at);
  const nameAt = at + 5; // list length(2) type(1) name length(2)
  if (nameAt > end || h.bytes[at + 2] !== 0) return undefined;
  const nameEnd = Math.min(end, nameAt + u16(h.bytes, at + 3));
  return nameEnd > nameAt ? latin1(h.bytes, nameAt, nameEnd) : undefined;
}

/** Protocol names of the ALPN extension (RFC 7301 §3.1). */
export function alpnNames(h: Hello): string[] | undefined {
  if (h.alpnAt < 0) return undefined;
  const { bytes } = h;
  const end = dataEnd(h, h.alpnAt);
  const names: string[] = [];
  // Ends: each turn goes at least one byte on.
  for (let i = h.alpnAt + 2; i < end && i + 1 + bytes[i] <= end; i += 1 + bytes[i])
    names.push(latin1(bytes, i + 1, i + 1 + bytes[i]));
  return names.length > 0 ? names : undefined;
}

/** The highest version that the client offers; its legacy_version when it offers no list. */
export function offeredVersion(h: Hello): number {
  const at = h.versionsAt;
  if (at < 0 || dataEnd(h, at) < at + 1) return h.version;
  const end = Math.min(dataEnd(h, at), at + 1 + h.bytes[at]);
  let highest = 0;
  for (let i = at + 1; i + 2 <= end; i += 2) {
    const version = u16(h.bytes, i);
    if (!isGrease(version) && isNewer(version, highest)) highest = version;
  }
  return highest === 0 ? h.version : highest;
}

/** DTLS counts its versions downwards from 0xfeff. */
const isNewer = (version: number, than: number): boolean =>
  version >= 0xfe00 && than >= 0xfe00 ? version < than : version > than;

/** The version that the server chose. */
export const selectedVersion = (h: Hello): number =>
  h.versionsAt >= 0 && dataEnd(h, h.versionsAt) >= h.versionsAt + 2 ? u16(h.bytes, h.versionsAt) : h.version;

/** The group of a ServerHello's key share; 0 when it has none. */
export const selectedGroup = (h: Hello): number =>
  h.sharesAt >= 0 && dataEnd(h, h.sharesAt) >= h.sharesAt + 2 ? u16(h.bytes, h.sharesAt) : 0;

/** True when the server takes up the session that the client named (RFC 5246 §7.3). */
export function isSameSession(client: Hello, server: Hello): boolean {
  if (client.sessionLength === 0 || client.sessionLength !== server.sessionLength) return false;
  for (let i = 0; i < client.sessionLength; i++)
    if (client.bytes[client.sessionAt + i] !== server.bytes[server.sessionAt + i]) return false;
  return true;
}

// SHA-256 of "HelloRetryRequest" (RFC 8446 §4.1.3).
const RETRY_RANDOM = [
  0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2,
  0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
] as const;

/** True when the ServerHello only asks the client to try again. */
export function isRetryRequest(h: Hello): boolean {
  const at = h.sessionAt - 1 - RANDOM_LENGTH;
  for (let i = 0; i < RANDOM_LENGTH; i++) if (h.bytes[at + i] !== RETRY_RANDOM[i]) return false;
  return true;
}
