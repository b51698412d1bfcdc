// An X.509 certificate (RFC 5280 §4.1) put together element by element, for handshakes written by hand.
import { type Octets, octets } from './octets.ts';

export function der(tag: number, ...parts: readonly Octets[]): Uint8Array {
  const { length } = octets(...parts);
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return octets([tag], size, ...parts);
}
const sequence = (...parts: readonly Octets[]): Uint8Array => der(0x30, ...parts);
const oid = (...digits: readonly number[]): Uint8Array => der(0x06, digits);

const COMMON_NAME = oid(0x55, 4, 3);
const name = (common: string): Uint8Array => sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, common))));
const ECDSA_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2));
const P256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1), oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7));
/** Parameters of a curve (RFC 3279 §2.3.5) as far as anybody looks: version and field. */
const OWN_CURVE = sequence(
  oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1),
  sequence(der(0x02, [1]), sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 1, 1), der(0x02, [0x7f]))),
);

export interface CertificateParts {
  readonly subject: string;
  readonly issuer: string;
  readonly hosts?: readonly string[];
  /** The curve is spelt out, not named. */
  readonly ownCurve?: boolean;
}

/** With a key on P-256, valid in 2026. */
export function certificate({ subject, issuer, hosts = [], ownCurve = false }: CertificateParts): Uint8Array {
  const names = sequence(...hosts.map((host) => der(0x82, host)), der(0x87, [192, 0, 2, 7]));
  const extensions = der(0xa3, sequence(sequence(oid(0x55, 0x1d, 17), der(0x04, names))));
  const body = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [0x12, 0x34]),
    ECDSA_SHA256,
    name(issuer),
    sequence(der(0x17, '260101000000Z'), der(0x17, '261231235959Z')),
    name(subject),
    sequence(ownCurve ? OWN_CURVE : P256, der(0x03, [0, 4], new Uint8Array(64).fill(7))),
    ...(hosts.length > 0 ? [extensions] : []),
  );
  return sequence(body, ECDSA_SHA256, der(0x03, [0], new Uint8Array(70).fill(9)));
}
