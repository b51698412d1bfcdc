// A certificate with an RSA key and a signature of one's choice: what old devices and old authorities still show.
import { der } from '../../support/packets/certificate.ts';
import { octets } from '../../support/packets/octets.ts';

const oid = (...bytes: readonly number[]): Uint8Array => der(0x06, bytes);
const name = (common: string): Uint8Array =>
  der(0x30, der(0x31, der(0x30, oid(0x55, 4, 3), der(0x0c, common))));
const RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1];
/** Last byte of the signature's algorithm (RFC 8017 §C). */
const WITH = { sha1: 5, sha256: 11 } as const;

export interface RsaParts {
  readonly subject: string;
  readonly issuer?: string;
  readonly bits?: number;
  readonly hash?: keyof typeof WITH;
}

/** Valid in 2026. */
export function rsaCertificate(parts: RsaParts): Uint8Array {
  const { subject, issuer = 'Example CA', bits = 2048, hash = 'sha256' } = parts;
  const algorithm = der(0x30, oid(...RSA, WITH[hash]), [5, 0]);
  const modulus = octets([0, 0xc1], new Uint8Array(bits / 8 - 1).fill(0x5b));
  const key = der(0x30, der(0x02, modulus), der(0x02, [1, 0, 1]));
  const body = der(
    0x30,
    der(0xa0, der(0x02, [2])),
    der(0x02, [0x51, 0x0a]),
    algorithm,
    name(issuer),
    der(0x30, der(0x17, '260101000000Z'), der(0x17, '261231235959Z')),
    name(subject),
    der(0x30, der(0x30, oid(...RSA, 1), [5, 0]), der(0x03, [0], key)),
  );
  return der(0x30, body, algorithm, der(0x03, [0], new Uint8Array(bits / 8).fill(9)));
}
