// The hellos of SSL 2.0: one with which clients of all later versions could also begin (RFC 5246 §E.2), and its answer.
import { u16 } from '../../bytes/read.ts';
import { Hello } from './hello.ts';

/** Two bytes of length, type, version and three lengths. */
const CLIENT_HEADER = 11;
const SERVER_HEADER = 13;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 4;
const CIPHER_BYTES = 3;
const MAX_CIPHERS = 512;
const SSL2 = 0x0002;

/** Bytes of the record with its header; 0 when the two bytes are not its header. */
export const ssl2Length = (bytes: Uint8Array, at: number): number =>
  bytes[at] & 0x80 ? 2 + (((bytes[at] & 0x7f) << 8) | bytes[at + 1]) : 0;

/** All lengths of the header agree. False while it is not whole. */
export function isSsl2ClientHello(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < CLIENT_HEADER || bytes[at + 2] !== CLIENT_HELLO) return false;
  const version = u16(bytes, at + 3);
  const ciphers = u16(bytes, at + 5);
  const session = u16(bytes, at + 7);
  const challenge = u16(bytes, at + 9);
  return (
    (version === SSL2 || (version >= 0x0300 && version <= 0x0304)) &&
    ciphers > 0 &&
    ciphers <= MAX_CIPHERS * CIPHER_BYTES &&
    ciphers % CIPHER_BYTES === 0 &&
    (session === 0 || session === 16) &&
    challenge >= 16 &&
    challenge <= 32 &&
    ssl2Length(bytes, at) === CLIENT_HEADER + ciphers + session + challenge
  );
}

/** A hello without extensions, of which no fingerprint is made: those are of the hello that came after it. */
function hello(version: number, ciphers: readonly number[]): Hello {
  const bytes = Uint8Array.from(ciphers.flatMap((cipher) => [cipher >> 8, cipher & 255]));
  const h = new Hello(bytes, 0, bytes.length);
  h.version = version;
  h.ciphersEnd = h.extensionsAt = h.extensionsEnd = bytes.length;
  h.isWhole = false;
  h.isSsl2 = true;
  h.isKept = true;
  return h;
}

/** Bytes that `isSsl2ClientHello` said yes to. */
export function readSsl2ClientHello(bytes: Uint8Array, at: number, end: number): Hello | undefined {
  const ciphers: number[] = [];
  const last = at + CLIENT_HEADER + u16(bytes, at + 5);
  for (let i = at + CLIENT_HEADER; i + CIPHER_BYTES <= Math.min(last, end); i += CIPHER_BYTES)
    if (bytes[i] === 0) ciphers.push(u16(bytes, i + 1));
  return hello(u16(bytes, at + 3), ciphers);
}

export const readSsl2ServerHello = (bytes: Uint8Array, at: number, end: number): Hello | undefined =>
  end - at >= SERVER_HEADER && bytes[at + 2] === SERVER_HELLO && u16(bytes, at + 5) === SSL2
    ? hello(SSL2, [])
    : undefined;
