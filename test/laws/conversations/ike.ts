// Keys agreed on in version 1, aggressively (RFC 2409 §5.4), and in version 2 (RFC 7296 §1.2), there through NAT (RFC 3948).
import { be16, be32, type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const MINE = [0x61, 0xd3, 0x69, 0x3c, 0xe1, 0x2a, 0xf5, 0x28];
const YOURS = [1, 2, 3, 4, 5, 6, 7, 8];
const NOBODY = new Uint8Array(8);

const header = (
  other: Octets,
  first: number,
  version: number,
  exchange: number,
  flags: number,
  body: Uint8Array,
) => octets(MINE, other, [first, version, exchange, flags], be32(0), be32(28 + body.length), body);
const payload = (next: number, ...content: readonly Octets[]): Uint8Array => {
  const whole = octets(...content);
  return octets([next, 0], be16(whole.length + 4), whole);
};
const attribute = (kind: number, value: number): Uint8Array => octets(be16(0x8000 | kind), be16(value));

/** One transform of version 1: AES-128, SHA-1, shared key, group 2, a day. */
const suite = payload(
  0,
  [1, 1, 0, 0],
  attribute(1, 7),
  attribute(2, 2),
  attribute(3, 1),
  attribute(4, 2),
  attribute(14, 128),
  attribute(11, 1),
  [0, 12, 0, 4, 0, 1, 0x51, 0x80],
);
const sa1 = (next: number): Uint8Array => payload(next, be32(1), be32(1), payload(0, [1, 1, 0, 1], suite));
const aggressive = (identity: string, vendor: Octets): Uint8Array =>
  octets(
    sa1(4),
    payload(10, new Uint8Array(128).fill(9)),
    payload(5, new Uint8Array(20).fill(8)),
    payload(13, [3, 17, 1, 0xf4], identity),
    payload(0, vendor),
  );

const transform = (last: boolean, kind: number, number: number, ...attributes: Octets[]): Uint8Array =>
  payload(last ? 0 : 3, [kind, 0], be16(number), ...attributes);
const sa2 = (next: number, group: number): Uint8Array =>
  payload(
    next,
    payload(
      0,
      [1, 1, 0, 4],
      transform(false, 1, 12, attribute(14, 256)),
      transform(false, 2, 5),
      transform(false, 3, 12),
      transform(true, 4, group),
    ),
  );
const init = (group: number): Uint8Array =>
  octets(
    sa2(34, group),
    payload(40, be16(group), [0, 0], new Uint8Array(32).fill(9)),
    payload(41, new Uint8Array(24).fill(8)),
    payload(0, [0, 0], be16(16388), new Uint8Array(20).fill(7)),
  );

export const spoken: readonly Spoken[] = [
  {
    about: 'Version 1 in aggressive mode: the name stands in clear.',
    transport: 'udp',
    port: 500,
    clientPort: 500,
    messages: [
      ['client', header(NOBODY, 1, 0x10, 4, 0, aggressive('tanaka@example.jp', [0x12, 0xf5, 0xf2, 0x8c]))],
      ['server', header(YOURS, 1, 0x10, 4, 0, aggressive('gate.example.jp', [0xaf, 0xca, 0xd7, 0x13]))],
      ['client', header(YOURS, 8, 0x10, 4, 1, new Uint8Array(32).fill(0x5a))],
    ],
    says: [
      {
        'ike.version_major': 1,
        'ike.init_spi': '61d3693ce12af528',
        'ike.resp_spi': '0000000000000000',
        'ike.exchange_type': 4,
        'ike.exchange_type_verbose': 'Aggressive',
        'ike.ikev1.doi': 1,
        'ike.ikev1.identity': 'tanaka@example.jp',
        'ike.ikev1.proposals.alg_enc': ['EncAesCbc'],
        'ike.ikev1.proposals.alg_hash': ['HashSha'],
        'ike.ikev1.vendor_ids': ['12f5f28c'],
        'ike.key_exchange_length': 128,
        'ike.payload': ['SecurityAssociation', 'KeyExchange', 'Nonce', 'Identification', 'VendorID', 'None'],
        'ike.alg_enc': undefined,
      },
      {
        'ike.alg_enc': 'EncAesCbc',
        'ike.alg_enc_raw': 7,
        'ike.alg_auth': 'AuthPreSharedKey',
        'ike.alg_dh': 'GroupModp1024Bit',
        'ike.sa_key_length_raw': 128,
        'ike.sa_life_type': 'LifeTypeSeconds',
        'ike.sa_life_duration_raw': 86_400,
      },
      { 'ike.ikev1.encrypted_payloads': true, 'ike.payload': undefined, 'ike.ikev1.identity': undefined },
    ],
    anomalies: [
      'weak_crypto_prf',
      'weak_crypto_dh',
      'aggressive_mode',
      'weak_crypto_prf',
      'weak_crypto_dh',
      'aggressive_mode',
      'aggressive_mode',
    ],
  },
  {
    about: 'Version 2 through address translation; the tunnel itself goes the same way.',
    transport: 'udp',
    port: 4500,
    messages: [
      ['client', octets(be32(0), header(NOBODY, 33, 0x20, 34, 0x08, init(31)))],
      ['server', octets(be32(0), header(YOURS, 33, 0x20, 34, 0x20, init(31)))],
      ['client', octets(be32(0), header(YOURS, 46, 0x20, 35, 0x08, payload(35, new Uint8Array(64).fill(3))))],
      ['client', octets(be32(0xc0de), new Uint8Array(80))],
      ['client', [0xff]],
    ],
    says: [
      {
        'ike.version_major': 2,
        'ike.nat_t': true,
        'ike.role': 'initiator',
        'ike.ikev2.proposals.alg_enc': ['ENCR_AES_CBC'],
        'ike.ikev2.proposals.key_length': ['256'],
        'ike.ikev2.proposals.alg_dh': ['Curve25519'],
        'ike.ikev2.notify': ['NAT_DETECTION_SOURCE_IP'],
        'ike.ikev2.errors': 0,
        'ike.key_exchange_dh': 'Curve25519',
        'ike.alg_enc': undefined,
      },
      {
        'ike.role': 'responder',
        'ike.alg_enc': 'ENCR_AES_CBC',
        'ike.alg_auth': 'AUTH_HMAC_SHA2_256_128',
        'ike.alg_prf': 'PRF_HMAC_SHA2_256',
        'ike.alg_dh': 'Curve25519',
      },
      { 'ike.exchange_type': 35, 'ike.payload': ['EncryptedAndAuthenticated', 'IDInitiator'] },
    ],
  },
  {
    about: 'A proposal that nobody should make, and that goes on behind the end.',
    transport: 'udp',
    port: 500,
    clientPort: 500,
    messages: [
      ['client', header(NOBODY, 33, 0x20, 34, 0x08, sa2(0, 2))],
      ['client', header(NOBODY, 33, 0x20, 34, 0x08, octets([0, 0, 1, 0], new Uint8Array(8)))],
    ],
    says: [{ 'ike.ikev2.proposals.alg_dh': ['Modp1024'] }, { 'ike.ikev2.proposals': undefined }],
    anomalies: ['weak_crypto_dh', 'malformed_data'],
  },
];
