// QUIC Initial packets (RFC 9000 §17.2.2) protected as RFC 9001 §5 says, with the ciphers of node:crypto.
import { createCipheriv, createHmac } from 'node:crypto';
import type { Side } from './conversation.ts';
import { be16, be32, type Octets, octets } from './octets.ts';

const hmac = (key: Octets, data: Octets): Uint8Array =>
  createHmac('sha256', octets(key)).update(octets(data)).digest();

function expand(secret: Octets, label: string, length: number): Uint8Array {
  const text = `tls13 ${label}`;
  return hmac(secret, octets(be16(length), [text.length], text, [0, 1])).subarray(0, length);
}

const bytesOf = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, 'hex'));

export interface Version {
  readonly number: number;
  readonly salt: string;
  /** Before `key`, `iv`, `hp`. */
  readonly label: string;
  /** Bits of an Initial packet in the first byte. */
  readonly type: number;
}
export const V1: Version = {
  number: 1,
  salt: '38762cf7f55934b34d179ae6a4c80cadccbb7f0a',
  label: 'quic',
  type: 0x00,
};
export const V2: Version = {
  number: 0x6b3343cf,
  salt: '0dede3def700a6db819381be6e269dcbf9bd2ed9',
  label: 'quicv2',
  type: 0x10,
};
export const DRAFT_29: Version = {
  number: 0xff00001d,
  salt: 'afbfec289993d24c9e9786f19c6111e04390a899',
  label: 'quic',
  type: 0x00,
};

/** A variable-length integer (RFC 9000 §16), in two bytes or in four. */
export const integer = (n: number): number[] => (n < 0x4000 ? be16(n | 0x4000) : be32(n + 0x80000000));

/** A CRYPTO frame. */
export const crypto = (offset: number, data: Octets): Uint8Array =>
  octets([6], integer(offset), integer(octets(data).length), data);

export const ids = (dcid: Octets, scid: Octets): Uint8Array =>
  octets([octets(dcid).length], dcid, [octets(scid).length], scid);

export interface InitialParts {
  readonly version?: Version;
  readonly from: Side;
  /** The connection id that the keys come from: the client's first. */
  readonly key: Octets;
  readonly dcid: Octets;
  readonly scid?: Octets;
  readonly token?: Octets;
  readonly number?: number;
  readonly frames: Octets;
  /** Bytes of the whole packet; PADDING frames fill it up. */
  readonly size?: number;
}

export function initial(parts: InitialParts): Uint8Array {
  const { version = V1, from, key, dcid, scid = [], token = [], number = 0, size = 0 } = parts;
  const secret = expand(hmac(bytesOf(version.salt), key), `${from} in`, 32);
  const [k, iv, hp] = [
    expand(secret, `${version.label} key`, 16),
    expand(secret, `${version.label} iv`, 12),
    expand(secret, `${version.label} hp`, 16),
  ];
  const before = octets(
    [0xc0 | version.type | 3],
    be32(version.number),
    ids(dcid, scid),
    integer(octets(token).length),
    token,
  );
  const least = before.length + 2 + 4 + 16 + octets(parts.frames).length;
  const frames = octets(parts.frames, new Uint8Array(Math.max(0, size - least)));
  const header = octets(before, integer(4 + frames.length + 16), be32(number));
  const nonce = Uint8Array.from(iv, (byte, i) => byte ^ (i >= 8 ? be32(number)[i - 8] : 0));
  const cipher = createCipheriv('aes-128-gcm', k, nonce);
  cipher.setAAD(header);
  const sealed = octets(cipher.update(frames), cipher.final(), cipher.getAuthTag());
  const packet = octets(header, sealed);
  const numberAt = header.length - 4;
  const mask = createCipheriv('aes-128-ecb', hp, null).update(packet.subarray(numberAt + 4, numberAt + 20));
  packet[0] ^= mask[0] & 0x0f;
  for (let i = 0; i < 4; i++) packet[numberAt + i] ^= mask[1 + i];
  return packet;
}

/** Retry (RFC 9000 §17.2.5); its integrity tag is of no interest here. */
export const retry = (dcid: Octets, scid: Octets): Uint8Array =>
  octets([0xf0], be32(1), ids(dcid, scid), 'a token', new Uint8Array(16));

export const negotiation = (dcid: Octets, scid: Octets, versions: readonly number[]): Uint8Array =>
  octets([0xca], be32(0), ids(dcid, scid), ...versions.map(be32));

/** A packet behind the handshake: nothing of it can be read. */
export const short = (dcid: Octets): Uint8Array => octets([0x41], dcid, new Uint8Array(40).fill(0x5a));
