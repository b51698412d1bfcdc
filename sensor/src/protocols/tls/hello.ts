// ClientHello and ServerHello (RFC 8446 §4.1, RFC 5246 §7.4.1) as offsets over a copy of the handshake message.
import { u16 } from '../../bytes/read.ts';
import { latin1 } from '../../bytes/text.ts';

export const EXT_SERVER_NAME = 0x0000;
export const EXT_GROUPS = 0x000a;
export const EXT_POINT_FORMATS = 0x000b;
export const EXT_SIGNATURE_ALGORITHMS = 0x000d;
export const EXT_ALPN = 0x0010;
export const EXT_SUPPORTED_VERSIONS = 0x002b;

/** Values that clients add to keep servers honest (RFC 8701): both bytes equal, low nibble a. */
export const isGrease = (v: number): boolean => (v & 0x0f0f) === 0x0a0a && v >> 8 === (v & 255);

/** What both hellos share. All lists were proved to lie inside `bytes`. */
export interface Hello {
  readonly bytes: Uint8Array;
  /** legacy_version. */
  readonly version: number;
  readonly sessionAt: number;
  readonly sessionLength: number;
  /** Cipher suites `[ciphersAt, ciphersEnd)`; one of them in a ServerHello. */
  readonly ciphersAt: number;
  readonly ciphersEnd: number;
  /** Extensions `[extensionsAt, extensionsEnd)`; whole ones only. */
  readonly extensionsAt: number;
  readonly extensionsEnd: number;
}

const RANDOM_LENGTH = 32;

/** @param at the first byte behind the handshake header. @returns undefined when it is malformed */
export function readHello(
  bytes: Uint8Array,
  at: number,
  end: number,
  fromClient: boolean,
): Hello | undefined {
  if (end - at < 2 + RANDOM_LENGTH + 1) return undefined;
  const version = u16(bytes, at);
  const sessionAt = at + 2 + RANDOM_LENGTH + 1;
  const sessionLength = bytes[sessionAt - 1];
  let next = sessionAt + sessionLength;
  if (next + 2 > end) return undefined;
  const ciphersAt = fromClient ? next + 2 : next;
  const ciphersEnd = fromClient ? ciphersAt + u16(bytes, next) : ciphersAt + 2;
  if (ciphersEnd + 1 > end) return undefined;
  next = fromClient ? ciphersEnd + 1 + bytes[ciphersEnd] : ciphersEnd + 1; // compression methods
  const extensionsAt = next + 2;
  const claimed = extensionsAt <= end ? extensionsAt + u16(bytes, next) : extensionsAt;
  const extensionsEnd = wholeExtensions(bytes, extensionsAt, Math.min(claimed, end));
  return { bytes, version, sessionAt, sessionLength, ciphersAt, ciphersEnd, extensionsAt, extensionsEnd };
}

function wholeExtensions(bytes: Uint8Array, at: number, end: number): number {
  // Ends: each turn goes at least four bytes on.
  while (at + 4 <= end && at + 4 + u16(bytes, at + 2) <= end) at += 4 + u16(bytes, at + 2);
  return at;
}

/** Types of all extensions in wire order. */
export function extensionTypes(h: Hello): number[] {
  const types: number[] = [];
  for (let at = h.extensionsAt; at < h.extensionsEnd; at += 4 + u16(h.bytes, at + 2))
    types.push(u16(h.bytes, at));
  return types;
}

export function cipherSuites(h: Hello): number[] {
  return numbers(h.bytes, h.ciphersAt, h.ciphersEnd);
}

/** Where the data of the first extension of this type starts; -1 when it is absent. Its length stands two bytes before. */
export function findExtension(h: Hello, type: number): number {
  for (let at = h.extensionsAt; at < h.extensionsEnd; at += 4 + u16(h.bytes, at + 2))
    if (u16(h.bytes, at) === type) return at + 4;
  return -1;
}

const dataEnd = (h: Hello, at: number): number => at + u16(h.bytes, at - 2);

function numbers(bytes: Uint8Array, at: number, end: number): number[] {
  const list: number[] = [];
  for (let i = at; i + 2 <= end; i += 2) list.push(u16(bytes, i));
  return list;
}

/** A list of 16-bit numbers behind its own 16-bit length (groups, signature algorithms). */
export function numberList(h: Hello, type: number): number[] {
  const at = findExtension(h, type);
  if (at < 0 || dataEnd(h, at) < at + 2) return [];
  return numbers(h.bytes, at + 2, Math.min(dataEnd(h, at), at + 2 + u16(h.bytes, at)));
}

export function pointFormats(h: Hello): number[] {
  const at = findExtension(h, EXT_POINT_FORMATS);
  if (at < 0 || dataEnd(h, at) < at + 1) return [];
  const list: number[] = [];
  for (let i = at + 1; i < Math.min(dataEnd(h, at), at + 1 + h.bytes[at]); i++) list.push(h.bytes[i]);
  return list;
}

/** Host name of the server_name extension (RFC 6066 §3). */
export function serverName(h: Hello): string | undefined {
  const at = findExtension(h, EXT_SERVER_NAME);
  if (at < 0) return undefined;
  const end = dataEnd(h, at);
  const nameAt = at + 5; // list length(2) type(1) name length(2)
  if (nameAt > end || h.bytes[at + 2] !== 0) return undefined;
  const nameEnd = Math.min(end, nameAt + u16(h.bytes, at + 3));
  return nameEnd > nameAt ? latin1(h.bytes, nameAt, nameEnd) : undefined;
}

/** Protocol names of the ALPN extension (RFC 7301 §3.1) as ranges: start, end, start, end … */
export function alpnRanges(h: Hello): number[] {
  const at = findExtension(h, EXT_ALPN);
  const ranges: number[] = [];
  if (at < 0) return ranges;
  const end = dataEnd(h, at);
  // Ends: each turn goes at least one byte on.
  for (let i = at + 2; i < end && i + 1 + h.bytes[i] <= end; i += 1 + h.bytes[i])
    ranges.push(i + 1, i + 1 + h.bytes[i]);
  return ranges;
}

export function alpnNames(h: Hello): string[] | undefined {
  const ranges = alpnRanges(h);
  const names: string[] = [];
  for (let i = 0; i < ranges.length; i += 2) names.push(latin1(h.bytes, ranges[i], ranges[i + 1]));
  return names.length > 0 ? names : undefined;
}

/** Versions that the client offers in supported_versions, in wire order; empty when the extension is absent. */
export function supportedVersions(h: Hello): number[] {
  const at = findExtension(h, EXT_SUPPORTED_VERSIONS);
  if (at < 0 || dataEnd(h, at) < at + 1) return [];
  return numbers(h.bytes, at + 1, Math.min(dataEnd(h, at), at + 1 + h.bytes[at]));
}

/** The version that the server chose. */
export function selectedVersion(h: Hello): number {
  const at = findExtension(h, EXT_SUPPORTED_VERSIONS);
  return at >= 0 && dataEnd(h, at) >= at + 2 ? u16(h.bytes, at) : h.version;
}

// SHA-256 of "HelloRetryRequest" (RFC 8446 §4.1.3).
const RETRY_RANDOM = [
  0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2,
  0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
] as const;

/** True when the ServerHello only asks the client to try again. */
export const isRetryRequest = (h: Hello): boolean =>
  RETRY_RANDOM.every((byte, i) => h.bytes[h.sessionAt - 1 - RANDOM_LENGTH + i] === byte);
