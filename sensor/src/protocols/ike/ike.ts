// IKE (RFC 2409, 7296), as EVE `ike` records: how two ends agree on the keys of an IPsec tunnel, also through NAT (RFC 3948).
import { u32 } from '../../bytes/read.ts';
import { hex } from '../../bytes/text.ts';
import type { DatagramParser, Direction, Emit, Field, Protocol, Value, Verdict } from '../protocol.ts';
import { looksRight, Message, type Proposal } from './message.ts';
import * as words from './words.ts';

const INITIATOR = 0x08;
const AGGRESSIVE = 4;
/** Four zero bytes stand in front of IKE on the port of NAT traversal, where ESP has its index. */
const MARKER = 4;

/** Numbers that nobody should agree on any more (RFC 8247 §2): ciphers, functions, integrity, groups. */
const WEAK_1 = { encryption: [1, 2, 3, 4, 5, 6], hash: [1, 2, 3], group: [1, 2, 5] };
const WEAK_2 = {
  encryption: [1, 2, 3, 4, 5, 6, 7, 8, 9, 11],
  hash: [1, 2, 3],
  auth: [1, 2, 3, 4, 6],
  group: [1, 2, 5, 22],
};
/** Ciphers that need no integrity algorithm beside them. */
const COMBINED = new Set([14, 15, 16, 18, 19, 20, 28]);

/** A message, and what its session has agreed on until then. */
class Negotiation {
  message = new Message();
  chosen: Proposal | undefined;
}

const negotiation = new Negotiation();

const some = (numbers: readonly number[], weak: readonly number[]): boolean =>
  numbers.some((n) => weak.includes(n));

function warn(m: Message, emit: Emit): void {
  const { proposals } = m;
  const isTwo = m.major === 2;
  const weak = isTwo ? WEAK_2 : WEAK_1;
  if (proposals.some((p) => some(p.encryption, weak.encryption))) emit.anomaly('weak_crypto_enc');
  if (proposals.some((p) => some(p.hash, weak.hash))) emit.anomaly('weak_crypto_prf');
  if (proposals.some((p) => some(p.group, weak.group))) emit.anomaly('weak_crypto_dh');
  if (!isTwo) {
    if (m.exchange === AGGRESSIVE) emit.anomaly('aggressive_mode');
    return;
  }
  if (proposals.some((p) => some(p.auth, WEAK_2.auth))) emit.anomaly('weak_crypto_auth');
  if (proposals.some((p) => some(p.group, [0]))) emit.anomaly('weak_crypto_no_dh');
  if (
    proposals.some(
      (p) => (p.auth.length === 0 || some(p.auth, [0])) && p.encryption.some((n) => !COMBINED.has(n)),
    )
  )
    emit.anomaly('weak_crypto_no_auth');
}

const isTraversing = (b: Uint8Array, at: number, end: number): boolean =>
  end - at > MARKER && u32(b, at) === 0;

class Talk implements DatagramParser {
  #chosen: Proposal | undefined;

  datagram(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    const marked = isTraversing(bytes, at, end);
    const from = marked ? at + MARKER : at;
    // Between them on the same ports go the tunnel's own packets.
    if (!looksRight(bytes, from, end)) return 0;
    const m = negotiation.message;
    const isWhole = m.take(bytes, from, end);
    m.isTraversing = marked;
    if (!isWhole) emit.anomaly('malformed_data');
    // What the answering side sends back is what both have agreed on.
    const isAnswer = m.major === 1 ? direction === 1 : (m.flags & INITIATOR) === 0;
    if (isAnswer && m.proposals.length > 0) this.#chosen = m.proposals[0];
    negotiation.chosen = this.#chosen;
    warn(m, emit);
    emit.event(negotiation);
    return 0;
  }
}

const of = (
  path: string,
  type: Field['type'],
  about: string,
  read: (m: Message, chosen: Proposal | undefined) => Value,
  fieldClass: Field['class'] = 'protocol',
): Field<Negotiation> => ({
  name: `ike.${path}`,
  type,
  class: fieldClass,
  about,
  read: (r) => read(r.message, r.chosen),
});

type Reading = (m: Message, chosen: Proposal | undefined) => Value;
const of1 =
  (read: Reading): Reading =>
  (m, chosen) =>
    m.major === 1 ? read(m, chosen) : undefined;
const of2 =
  (read: Reading): Reading =>
  (m, chosen) =>
    m.major === 2 ? read(m, chosen) : undefined;

type List = 'encryption' | 'hash' | 'auth' | 'group' | 'esn' | 'keyLength';
type Words = { readonly [number: number]: string };

/** The number agreed on, by name; in version 2 told with the answering side's messages. */
const agreed =
  (list: List, one: Words | undefined, two: Words | undefined): Reading =>
  (m, chosen) => {
    const names = m.major === 1 ? one : two;
    const number = chosen?.[list][0];
    if (names === undefined || number === undefined || (m.major === 2 && (m.flags & INITIATOR) !== 0))
      return undefined;
    return words.word(names, number);
  };
const raw =
  (get: (p: Proposal) => number | undefined): Reading =>
  (_, chosen) => {
    const number = chosen === undefined ? undefined : get(chosen);
    return number === undefined || number < 0 ? undefined : number;
  };

/** Columns of what is proposed; undefined when nothing is. */
const proposed =
  (version: 1 | 2, get: (p: Proposal) => string | undefined): Reading =>
  (m) =>
    m.major === version && m.proposals.length > 0 ? m.proposals.map(get) : undefined;
const joined =
  (list: List, names: Words | undefined) =>
  (p: Proposal): string | undefined =>
    p[list].length === 0
      ? undefined
      : p[list].map((n) => (names === undefined ? String(n) : words.word(names, n))).join(',');

const proposals = (version: 1 | 2): Field<Negotiation>[] => {
  const isOne = version === 1;
  const path = `ikev${version}.proposals[]`;
  return [
    of(
      `${path}.alg_enc`,
      'string',
      'Ciphers.',
      proposed(version, joined('encryption', isOne ? words.ENCRYPTION_1 : words.ENCRYPTION_2)),
    ),
    of(
      `${path}.key_length`,
      'string',
      'Bits of their keys.',
      proposed(version, joined('keyLength', undefined)),
    ),
    isOne
      ? of(`${path}.alg_hash`, 'string', 'Hash.', proposed(version, joined('hash', words.HASH_1)))
      : of(
          `${path}.alg_prf`,
          'string',
          'Pseudo-random functions.',
          proposed(version, joined('hash', words.PRF_2)),
        ),
    of(
      `${path}.alg_auth`,
      'string',
      isOne ? 'How the ends prove who they are.' : 'Integrity algorithms.',
      proposed(version, joined('auth', isOne ? words.AUTHENTICATION_1 : words.INTEGRITY_2)),
    ),
    of(
      `${path}.alg_dh`,
      'string',
      'Groups of the key exchange.',
      proposed(version, joined('group', isOne ? words.GROUPS_1 : words.GROUPS_2)),
    ),
  ];
};

export const ike = {
  name: 'ike',
  about: 'Internet Key Exchange, versions 1 and 2.',
  tcpPorts: [],
  udpPorts: [500, 4500],
  probe: (bytes, at, end): Verdict =>
    looksRight(bytes, isTraversing(bytes, at, end) ? at + MARKER : at, end) ? 'yes' : 'no',
  openDatagrams: () => new Talk(),
  fields: [
    of('version_major', 'integer', 'Version.', (m) => m.major),
    of('version_minor', 'integer', 'Its lower part.', (m) => m.bytes[m.at + 17] & 15),
    of('init_spi', 'string', 'Number of the session at the side that began, hex.', (m) =>
      hex(m.bytes, m.at, m.at + 8),
    ),
    of('resp_spi', 'string', 'Number of the session at the other side, hex.', (m) =>
      hex(m.bytes, m.at + 8, m.at + 16),
    ),
    of('message_id', 'integer', 'Number of the exchange.', (m) => u32(m.bytes, m.at + 20)),
    of('exchange_type', 'integer', 'Kind of exchange.', (m) => m.exchange),
    of(
      'exchange_type_verbose',
      'string',
      'Kind of exchange of version 1 by name.',
      of1((m) => words.EXCHANGES_1[m.exchange]),
    ),
    of('nat_t', 'boolean', 'There is address translation on the way.', (m) =>
      m.isTraversing ? true : undefined,
    ),
    of(
      'role',
      'string',
      'Of version 2: initiator or responder.',
      of2((m) => ((m.flags & INITIATOR) !== 0 ? 'initiator' : 'responder')),
    ),
    of(
      'alg_enc',
      'string',
      'Cipher agreed on.',
      agreed('encryption', words.ENCRYPTION_1, words.ENCRYPTION_2),
    ),
    of('alg_enc_raw', 'integer', 'Its number.', of1(raw((p) => p.encryption[0]))),
    of('alg_hash', 'string', 'Hash agreed on.', agreed('hash', words.HASH_1, undefined)),
    of('alg_hash_raw', 'integer', 'Its number.', of1(raw((p) => p.hash[0]))),
    of(
      'alg_auth',
      'string',
      'Authentication (version 1) or integrity (version 2) agreed on.',
      agreed('auth', words.AUTHENTICATION_1, words.INTEGRITY_2),
    ),
    of('alg_auth_raw', 'integer', 'Its number.', of1(raw((p) => p.auth[0]))),
    of('alg_prf', 'string', 'Pseudo-random function agreed on.', agreed('hash', undefined, words.PRF_2)),
    of('alg_dh', 'string', 'Group agreed on.', agreed('group', words.GROUPS_1, words.GROUPS_2)),
    of('alg_dh_raw', 'integer', 'Its number.', of1(raw((p) => p.group[0]))),
    of('alg_esn', 'string', 'Extended sequence numbers.', agreed('esn', undefined, words.ESN_2)),
    of(
      'sa_key_length_raw',
      'integer',
      'Bits of the key.',
      raw((p) => p.keyLength[0]),
    ),
    of(
      'sa_life_type',
      'string',
      'What the life is counted in.',
      of1((_, p) =>
        p === undefined || p.lifeType < 0 ? undefined : words.word(words.LIFE_TYPES, p.lifeType),
      ),
    ),
    of('sa_life_duration_raw', 'integer', 'How long the agreement holds.', of1(raw((p) => p.lifeDuration))),
    of('payload', 'string', 'Payloads in clear, by name.', (m) =>
      m.payloads.length === 0
        ? undefined
        : m.payloads.map((n) => words.word(m.major === 1 ? words.PAYLOADS_1 : words.PAYLOADS_2, n)),
    ),
    of('key_exchange_length', 'integer', 'Bytes of the key exchange.', (m) =>
      m.keyBytes < 0 ? undefined : m.keyBytes,
    ),
    of('key_exchange_dh', 'string', 'Of version 2: group of the key that was sent.', (m) =>
      m.keyGroup < 0 ? undefined : words.word(words.GROUPS_2, m.keyGroup),
    ),
    of('nonce_length', 'integer', 'Bytes of the nonce.', (m) =>
      m.nonceBytes < 0 ? undefined : m.nonceBytes,
    ),
    of('ikev1.doi', 'integer', 'Domain of interpretation; 1 is IPsec.', (m) =>
      m.doi < 0 ? undefined : m.doi,
    ),
    of(
      'ikev1.encrypted_payloads',
      'boolean',
      'The payloads are encrypted.',
      of1((m) => m.isEncrypted),
    ),
    of(
      'ikev1.vendor_ids',
      'string',
      'What the program is and can do, hex.',
      of1((m) => (m.vendors.length === 0 ? undefined : m.vendors)),
    ),
    of(
      'ikev1.identity',
      'string',
      'Who says to be here, when it stands in clear.',
      (m) => m.identity,
      'identifier',
    ),
    ...proposals(1),
    of(
      'ikev2.errors',
      'integer',
      'Errors that it tells of.',
      of2((m) => m.errors),
    ),
    of(
      'ikev2.notify',
      'string',
      'Notifications in clear, by name.',
      of2((m) =>
        m.notifications.length === 0 ? undefined : m.notifications.map((n) => words.word(words.NOTIFY_2, n)),
      ),
    ),
    of(
      'ikev2.vendor_ids',
      'string',
      'What the program is and can do, hex.',
      of2((m) => (m.vendors.length === 0 ? undefined : m.vendors)),
    ),
    ...proposals(2),
  ],
  anomalies: {
    malformed_data: 'A length of the message points beyond its end.',
    weak_crypto_enc: 'A weak cipher is proposed.',
    weak_crypto_prf: 'A weak hash or pseudo-random function is proposed.',
    weak_crypto_auth: 'A weak integrity algorithm is proposed.',
    weak_crypto_dh: 'A weak group is proposed.',
    weak_crypto_no_dh: 'No key exchange is proposed.',
    weak_crypto_no_auth: 'Nothing that protects the messages is proposed.',
    aggressive_mode: 'Aggressive mode: the name stands in clear, and the password can be guessed offline.',
  },
} as const satisfies Protocol<Negotiation>;
