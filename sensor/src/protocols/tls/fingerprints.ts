// JA3 and JA4 of a client, remembered: the programs of a network say hello in a few hundred ways, thousands of times.
import { md5Hex } from '../../bytes/hash.ts';
import { u16 } from '../../bytes/read.ts';
import {
  EXT_ALPN,
  EXT_GROUPS,
  EXT_POINT_FORMATS,
  EXT_SIGNATURE_ALGORITHMS,
  EXT_SUPPORTED_VERSIONS,
  type Hello,
  isGrease,
} from './hello.ts';
import { ja3sText, ja3Text } from './ja3.ts';
import { ja4 } from './ja4.ts';

export interface Fingerprints {
  readonly ja3Text: string;
  readonly ja3: string;
  readonly ja4: string;
}

/** Ways to say hello that are remembered; then all are forgotten at once. */
const REMEMBERED = 4096;

const known = new Map<string, Fingerprints>();

/** Extensions whose content the fingerprints read; of all others they read the type alone. */
const READ = new Set([
  EXT_GROUPS,
  EXT_POINT_FORMATS,
  EXT_SIGNATURE_ALGORITHMS,
  EXT_ALPN,
  EXT_SUPPORTED_VERSIONS,
]);

/**
 * Everything that the fingerprints are made of, as the hello has it: two bytes a character. GREASE, which clients draw by
 * chance and no fingerprint reads, is left out.
 */
function identity(h: Hello): string {
  const { bytes } = h;
  let text = String.fromCharCode(h.version) + words(bytes, h.ciphersAt, h.ciphersEnd);
  for (let at = h.extensionsAt; at < h.extensionsEnd; at += 4 + u16(bytes, at + 2)) {
    const type = u16(bytes, at);
    if (isGrease(type)) continue;
    text += String.fromCharCode(type);
    if (READ.has(type)) text += words(bytes, at + 4, at + 4 + u16(bytes, at + 2));
  }
  return text;
}

/** Behind their number, so that no list runs into the next. Lists start at odd places where a byte tells their length. */
function words(bytes: Uint8Array, at: number, end: number): string {
  let text = String.fromCharCode(end - at);
  let i = at + ((end - at) & 1);
  if (i > at) text += String.fromCharCode(bytes[at]);
  for (; i < end; i += 2) {
    const word = u16(bytes, i);
    if (!isGrease(word)) text += String.fromCharCode(word);
  }
  return text;
}

/** Of a client that speaks TLS over TCP. */
export function fingerprints(h: Hello): Fingerprints {
  const key = identity(h);
  let found = known.get(key);
  if (found === undefined) {
    if (known.size === REMEMBERED) known.clear();
    const text = ja3Text(h);
    found = { ja3Text: text, ja3: md5Hex(text), ja4: ja4(h, 't') };
    known.set(key, found);
  }
  return found;
}

export interface ServerFingerprint {
  readonly ja3sText: string;
  readonly ja3s: string;
}

const knownServers = new Map<string, ServerFingerprint>();

export function serverFingerprint(h: Hello): ServerFingerprint {
  const text = ja3sText(h);
  let found = knownServers.get(text);
  if (found === undefined) {
    if (knownServers.size === REMEMBERED) knownServers.clear();
    found = { ja3sText: text, ja3s: md5Hex(text) };
    knownServers.set(text, found);
  }
  return found;
}
