// Kerberos 5 (RFC 4120) over UDP and TCP: each request to the ticket service with its answer, as one EVE `krb5` record.
import { Element, elementLength, SEQUENCE } from '../../bytes/ber.ts';
import { u32 } from '../../bytes/read.ts';
import {
  type DatagramParser,
  type Direction,
  type Emit,
  type Field,
  type Protocol,
  STREAM_LOST,
  type StreamParser,
  type Value,
  type Verdict,
} from '../protocol.ts';
import { AS_REQ, KRB_ERROR, type KrbMessage, readKerberos, TGS_REQ, typeOf } from './message.ts';
import { encryptionName, errorName, isWeak, TYPES } from './names.ts';

const LENGTH_FIELD = 4;
/** Larger than any ticket with its authorisation data. */
const MAX_MESSAGE = 60_000;
/** Requests of one flow that wait for their answer. */
const MAX_WAITING = 16;

/** KDC options (RFC 4120 §5.4.1), the first bit being the highest. */
const FORWARDABLE = 0x4000_0000;
const RENEWABLE = 0x0080_0000;

interface Exchange {
  readonly request: KrbMessage | undefined;
  readonly reply: KrbMessage | undefined;
}

/** Requests and answers of one flow, in turn. */
class Exchanges implements StreamParser, DatagramParser {
  readonly #waiting: KrbMessage[] = [];

  stream(bytes: Uint8Array, at: number, end: number, _: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes a whole message of at least LENGTH_FIELD bytes.
    while (end - next >= LENGTH_FIELD) {
      const length = u32(bytes, next);
      if (length > MAX_MESSAGE) {
        emit.anomaly('malformed_data');
        return STREAM_LOST;
      }
      if (end - next - LENGTH_FIELD < length) break;
      const from = next + LENGTH_FIELD;
      next = from + length;
      this.#message(bytes, from, next, emit);
    }
    return next - at;
  }

  datagram(bytes: Uint8Array, at: number, end: number, _: Direction, emit: Emit): number {
    this.#message(bytes, at, end, emit);
    return 0;
  }

  #message(bytes: Uint8Array, at: number, end: number, emit: Emit): void {
    const message = readKerberos(bytes, at, end);
    if (message === undefined) {
      emit.anomaly('malformed_data');
      return;
    }
    if (message.type === AS_REQ || message.type === TGS_REQ) {
      if (this.#waiting.length === MAX_WAITING) this.#say(this.#waiting.shift(), undefined, emit);
      this.#waiting.push(message);
    } else this.#say(this.#waiting.shift(), message, emit);
  }

  #say(request: KrbMessage | undefined, reply: KrbMessage | undefined, emit: Emit): void {
    emit.event({ request, reply } satisfies Exchange);
  }

  end(emit: Emit): void {
    for (const request of this.#waiting) this.#say(request, undefined, emit);
    this.#waiting.length = 0;
  }
}

type Spec = Omit<Field<Exchange>, 'read' | 'type'> & { type?: Field['type'] };
const field = (spec: Spec, read: (e: Exchange) => Value): Field<Exchange> => ({
  type: 'string',
  ...spec,
  read,
});

/** What the record speaks of: the answer, or a request that has none. */
const told = (e: Exchange): KrbMessage | undefined => e.reply ?? e.request;
const option = (e: Exchange, bit: number): boolean | undefined =>
  e.request?.options === undefined ? undefined : (e.request.options & bit) !== 0;

/** A message by its first octets: its own tag, its length, a sequence, the version. */
function looksLike(b: Uint8Array, at: number, end: number, length: number): boolean {
  const e = new Element();
  return (
    at < end &&
    typeOf(b[at]) !== 0 &&
    elementLength(b, at, end) === length &&
    e.open(b, at, end) &&
    e.open(b, e.from, end) &&
    e.tag === SEQUENCE
  );
}

/** Tag, length and the sequence's own head: no more is needed. */
const OPENING = 12;

export const krb5 = {
  name: 'krb5',
  about: 'Kerberos 5: who asks which ticket of whom, and whether it is given.',
  tcpPorts: [88],
  udpPorts: [88],
  probe(bytes, at, end, _, transport): Verdict {
    if (transport === 'udp') return looksLike(bytes, at, end, end - at) ? 'yes' : 'no';
    if (end - at <= LENGTH_FIELD) return at === end || bytes[at] === 0 ? 'more' : 'no';
    if (bytes[at] !== 0 || typeOf(bytes[at + LENGTH_FIELD]) === 0) return 'no';
    if (looksLike(bytes, at + LENGTH_FIELD, end, u32(bytes, at))) return 'yes';
    return end - at < LENGTH_FIELD + OPENING ? 'more' : 'no';
  },
  open: () => new Exchanges(),
  openDatagrams: () => new Exchanges(),
  fields: [
    field(
      { name: 'krb5.msg_type', class: 'protocol', about: 'Type of the answer, or of a request without one.' },
      (e) => {
        const type = told(e)?.type ?? 0;
        return TYPES[type] ?? String(type);
      },
    ),
    field(
      { name: 'krb5.failed_request', class: 'protocol', about: 'Type of the request that an error answers.' },
      (e) => (e.reply?.type === KRB_ERROR ? (TYPES[e.request?.type ?? 0] ?? 'UNKNOWN') : undefined),
    ),
    field(
      { name: 'krb5.error_code', class: 'protocol', aliases: ['error_msg'], about: 'What went wrong.' },
      (e) => (e.reply?.errorCode === undefined ? undefined : errorName(e.reply.errorCode)),
    ),
    field(
      {
        name: 'krb5.request_type',
        class: 'protocol',
        about: 'AS for a first ticket, TGS for one of a service.',
      },
      (e) => (e.request === undefined ? undefined : e.request.type === AS_REQ ? 'AS' : 'TGS'),
    ),
    field(
      {
        name: 'krb5.cname',
        class: 'identifier',
        about: 'Who the ticket is for, as the answer says; <empty> where it does not.',
      },
      (e) => told(e)?.cname ?? '<empty>',
    ),
    field(
      {
        name: 'krb5.client',
        class: 'identifier',
        aliases: ['client'],
        about: 'Who asks, where one of both sides says it: errors seldom do.',
      },
      (e) => e.request?.cname ?? e.reply?.cname,
    ),
    field(
      { name: 'krb5.realm', class: 'name', about: 'Realm, <empty> where it is not said.' },
      (e) => told(e)?.realm ?? '<empty>',
    ),
    field(
      {
        name: 'krb5.sname',
        class: 'name',
        aliases: ['service_name'],
        about: 'Service that the ticket is for, <empty> where it is not said.',
      },
      (e) => told(e)?.snames?.join('/') ?? '<empty>',
    ),
    field(
      {
        name: 'krb5.encryption',
        class: 'protocol',
        aliases: ['cipher'],
        about: "Encryption of the answer's own part, <none> without one.",
      },
      (e) => {
        const type = told(e)?.encryption;
        return type === undefined ? '<none>' : encryptionName(type);
      },
    ),
    field(
      { name: 'krb5.weak_encryption', type: 'boolean', class: 'protocol', about: 'That encryption is weak.' },
      (e) => {
        const type = told(e)?.encryption;
        return type !== undefined && isWeak(type);
      },
    ),
    field({ name: 'krb5.ticket_encryption', class: 'protocol', about: 'Encryption of the ticket.' }, (e) => {
      const type = e.reply?.ticketEncryption;
      return type === undefined ? undefined : encryptionName(type);
    }),
    field(
      {
        name: 'krb5.ticket_weak_encryption',
        type: 'boolean',
        class: 'protocol',
        about: 'The encryption of the ticket is weak.',
      },
      (e) => {
        const type = e.reply?.ticketEncryption;
        return type === undefined ? undefined : isWeak(type);
      },
    ),
    field(
      {
        name: 'krb5.offered_encryption',
        class: 'protocol',
        about: 'Encryptions that the request offers, most wanted first.',
      },
      (e) => e.request?.offered?.map(encryptionName),
    ),
    field(
      {
        name: 'krb5.preauthentication',
        type: 'boolean',
        class: 'protocol',
        about: 'The request proves who asks.',
      },
      (e) => (e.request?.type === AS_REQ ? e.request.preauthenticated === true : undefined),
    ),
    field(
      {
        name: 'krb5.forwardable',
        type: 'boolean',
        class: 'protocol',
        aliases: ['forwardable'],
        about: 'A forwardable ticket is asked for.',
      },
      (e) => option(e, FORWARDABLE),
    ),
    field(
      {
        name: 'krb5.renewable',
        type: 'boolean',
        class: 'protocol',
        aliases: ['renewable'],
        about: 'A renewable ticket is asked for.',
      },
      (e) => option(e, RENEWABLE),
    ),
  ],
  anomalies: { malformed_data: 'A message is no Kerberos, or contradicts its own lengths.' },
} as const satisfies Protocol<Exchange>;
