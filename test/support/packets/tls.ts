// TLS hellos and records (RFC 8446 §4.1, §5.1) written byte by byte, for fingerprints and for splitting.
import { be16, be24, type Octets, octets } from './octets.ts';

export type Extension = readonly [type: number, data: Octets];

const list16 = (numbers: readonly number[]): Uint8Array => octets(...numbers.map(be16));
const long = (data: Octets): Uint8Array => octets(be16(octets(data).length), data);
const short = (data: Octets): Uint8Array => octets([octets(data).length], data);

export const extension = {
  serverName: (host: string): Extension => [0, long(octets([0], long(host)))],
  groups: (groups: readonly number[]): Extension => [10, long(list16(groups))],
  pointFormats: (formats: readonly number[]): Extension => [11, short(formats)],
  signatureAlgorithms: (schemes: readonly number[]): Extension => [13, long(list16(schemes))],
  alpn: (...names: Octets[]): Extension => [16, long(octets(...names.map(short)))],
  supportedVersions: (versions: readonly number[]): Extension => [43, short(list16(versions))],
  selectedVersion: (version: number): Extension => [43, be16(version)],
  empty: (type: number): Extension => [type, []],
};

export interface HelloParts {
  /** legacy_version. */
  readonly version?: number;
  readonly ciphers: readonly number[];
  readonly session?: Octets;
  /** undefined: the hello ends without an extension list. */
  readonly extensions?: readonly Extension[];
}

const extensionList = (extensions: readonly Extension[] | undefined): Uint8Array =>
  extensions === undefined
    ? new Uint8Array(0)
    : long(octets(...extensions.map(([type, data]) => octets(be16(type), long(data)))));

const RANDOM = Uint8Array.from({ length: 32 }, (_, i) => i);

export const handshake = (type: number, body: Octets): Uint8Array =>
  octets([type], be24(octets(body).length), body);

/** The ClientHello's body, behind the handshake header. */
export const clientHelloBody = ({ version = 0x0303, ciphers, session = [], extensions }: HelloParts) =>
  octets(be16(version), RANDOM, short(session), long(list16(ciphers)), [1, 0], extensionList(extensions));

export const clientHello = (parts: HelloParts): Uint8Array => handshake(1, clientHelloBody(parts));

export const serverHelloBody = ({ version = 0x0303, ciphers, session = [], extensions }: HelloParts) =>
  octets(be16(version), RANDOM, short(session), be16(ciphers[0]), [0], extensionList(extensions));

export const serverHello = (parts: HelloParts): Uint8Array => handshake(2, serverHelloBody(parts));

/** Records of at most `size` bytes each. @param type 22 handshake, 23 application data, 20 change cipher spec, 21 alert */
export function records(data: Octets, { type = 22, version = 0x0301, size = 16_384 } = {}): Uint8Array {
  const bytes = octets(data);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size)
    parts.push(octets([type], be16(version), long(bytes.subarray(at, at + size))));
  return octets(...parts);
}

export const GREASE = 0x0a0a;

/** An ordinary TLS 1.3 client. */
export const ordinaryClient = (host: string): Uint8Array =>
  clientHello({
    ciphers: [GREASE, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f],
    session: new Uint8Array(32),
    extensions: [
      extension.empty(0x1a1a),
      extension.serverName(host),
      extension.groups([0x2a2a, 29, 23, 24]),
      extension.pointFormats([0]),
      extension.alpn('h2', 'http/1.1'),
      extension.signatureAlgorithms([0x0403, 0x0804]),
      extension.supportedVersions([0x3a3a, 0x0304, 0x0303]),
    ],
  });

/** A server that takes TLS 1.3. */
export const ordinaryServer = (): Uint8Array =>
  serverHello({
    ciphers: [0x1301],
    session: new Uint8Array(32),
    extensions: [extension.selectedVersion(0x0304)],
  });
