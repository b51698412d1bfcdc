// JA3, JA3S and JA4, remembered: the programs of a network say hello in a few hundred ways, thousands of times.
import { md5Hex } from '../../bytes/hash.ts';
import { u16 } from '../../bytes/read.ts';
import { dataEnd, type Hello, isGrease, offeredVersion } from './hello.ts';
import { ja3sText, ja3Text } from './ja3.ts';
import { ja4, type Transport } from './ja4.ts';
import { Codes, Memory } from './memory.ts';

export interface Fingerprints {
  readonly ja3Text: string;
  readonly ja3: string;
  readonly ja4: string;
}

/** Parts of a row are told apart by a number that no part holds: it is GREASE. */
const END = 0x0a0a;

const codes = new Codes();

/** The words of a list, and its last byte when it has half a word more. */
function list(bytes: Uint8Array, at: number, end: number): void {
  let i = at;
  for (; i + 2 <= end; i += 2) {
    const word = u16(bytes, i);
    if (!isGrease(word)) codes.add(word);
  }
  codes.add(END);
  if (i < end) codes.add(bytes[i]);
}

/**
 * Everything that the fingerprints are made of, as the hello has it. GREASE, which clients draw by chance and no
 * fingerprint reads, is left out.
 */
function identity(h: Hello, transport: Transport): string | undefined {
  const { bytes, groupsAt, formatsAt, algorithmsAt, alpnAt } = h;
  codes.length = 0;
  codes.add(transport.charCodeAt(0));
  codes.add(h.version);
  codes.add(offeredVersion(h));
  list(bytes, h.ciphersAt, h.ciphersEnd);
  for (let at = h.extensionsAt; at < h.extensionsEnd; at += 4 + u16(bytes, at + 2)) {
    const type = u16(bytes, at);
    if (!isGrease(type)) codes.add(type);
  }
  codes.add(END);
  if (groupsAt >= 0) list(bytes, groupsAt, dataEnd(h, groupsAt));
  codes.add(END);
  if (formatsAt >= 0) for (let i = formatsAt; i < dataEnd(h, formatsAt); i++) codes.add(bytes[i]);
  codes.add(END);
  if (algorithmsAt >= 0) list(bytes, algorithmsAt, dataEnd(h, algorithmsAt));
  codes.add(END);
  // Of the protocols JA4 reads the ends of the first one's name.
  if (alpnAt >= 0 && alpnAt + 3 < dataEnd(h, alpnAt)) {
    const last = alpnAt + 2 + bytes[alpnAt + 2];
    codes.add(bytes[alpnAt + 2]);
    codes.add(bytes[alpnAt + 3]);
    if (last < dataEnd(h, alpnAt)) codes.add(bytes[last]);
  }
  return codes.key();
}

const clients = new Memory<Fingerprints>();

/** undefined when the hello is not whole: what is missing would be missing in the fingerprint. */
export function fingerprints(h: Hello, transport: Transport): Fingerprints | undefined {
  if (!h.isWhole) return undefined;
  return clients.of(identity(h, transport), () => {
    const text = ja3Text(h);
    return { ja3Text: text, ja3: md5Hex(text), ja4: ja4(h, transport) };
  });
}

export interface ServerFingerprint {
  readonly ja3sText: string;
  readonly ja3s: string;
}

const servers = new Memory<ServerFingerprint>();

export function serverFingerprint(h: Hello): ServerFingerprint | undefined {
  if (!h.isWhole) return undefined;
  const { bytes } = h;
  codes.length = 0;
  codes.add(h.version);
  codes.add(u16(bytes, h.ciphersAt));
  for (let at = h.extensionsAt; at < h.extensionsEnd; at += 4 + u16(bytes, at + 2)) codes.add(u16(bytes, at));
  return servers.of(codes.key(), () => {
    const text = ja3sText(h);
    return { ja3sText: text, ja3s: md5Hex(text) };
  });
}
