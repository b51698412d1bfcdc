// RADIUS (RFC 2865, 2866, 5176): who logged in at which device, and what became of it; a record for each exchange.
import { ipv4Text } from '../../bytes/address.ts';
import { copyOf } from '../../bytes/copy.ts';
import { shown } from '../../bytes/line.ts';
import { u16, u32 } from '../../bytes/read.ts';
import { ipv6 } from '../dns/rdata.ts';
import {
  type DatagramParser,
  type Direction,
  type Emit,
  type Field,
  type Protocol,
  STREAM_LOST,
  type Value,
  type Verdict,
} from '../protocol.ts';

const HEADER = 20;
const MAX_MESSAGE = 4096; // RFC 2865 §3
const MAX_ATTRIBUTES = 128;
/** Requests of one flow that wait for their answers; the oldest is told without one. */
const MAX_WAITING = 8;

const ACCESS_REQUEST = 1;
const ACCOUNTING_REQUEST = 4;

const CODES: Readonly<Record<number, string>> = {
  1: 'access_request',
  2: 'access_accept',
  3: 'access_reject',
  4: 'accounting_request',
  5: 'accounting_response',
  11: 'access_challenge',
  12: 'status_server',
  13: 'status_client',
  40: 'disconnect_request',
  41: 'disconnect_ack',
  42: 'disconnect_nak',
  43: 'coa_request',
  44: 'coa_ack',
  45: 'coa_nak',
};
const isRequest = (code: number): boolean =>
  code === ACCESS_REQUEST ||
  code === ACCOUNTING_REQUEST ||
  code === 12 ||
  code === 13 ||
  code === 40 ||
  code === 43;
/** Codes with which servers agree, or refuse. */
const RESULTS: Readonly<Record<number, string>> = {
  2: 'success',
  3: 'failed',
  5: 'success',
  11: 'challenge',
  41: 'success',
  42: 'failed',
  44: 'success',
  45: 'failed',
};

const USER_NAME = 1;
const USER_PASSWORD = 2;
const CHAP_PASSWORD = 3;
const NAS_ADDRESS = 4;
const NAS_PORT = 5;
const SERVICE_TYPE = 6;
const FRAMED_ADDRESS = 8;
const REPLY_MESSAGE = 18;
const VENDOR_SPECIFIC = 26;
const SESSION_TIMEOUT = 27;
const CALLED_STATION = 30;
const CALLING_STATION = 31;
const NAS_IDENTIFIER = 32;
const ACCOUNTING_STATUS = 40;
const INPUT_OCTETS = 42;
const OUTPUT_OCTETS = 43;
const SESSION_ID = 44;
const SESSION_TIME = 46;
const NAS_PORT_TYPE = 61;
const TUNNEL_CLIENT = 66;
const CONNECT_INFO = 77;
const EAP_MESSAGE = 79;
const AUTHENTICATOR = 80;
const NAS_IPV6 = 95;
const MICROSOFT = 311;

const ACCOUNTING = ['', 'start', 'stop', 'interim_update', '', '', '', 'accounting_on', 'accounting_off'];

/** A message's length as it says itself; 0 when it cannot be one. */
function lengthOf(b: Uint8Array, at: number, end: number): number {
  if (end - at < HEADER || CODES[b[at]] === undefined) return 0;
  const length = u16(b, at + 2);
  return length >= HEADER && length <= MAX_MESSAGE && at + length <= end ? length : 0;
}

/** True when the attributes fill the message to the byte. */
function areWhole(b: Uint8Array, at: number, end: number): boolean {
  for (let i = 0; i < MAX_ATTRIBUTES && at < end; i++) {
    if (at + 2 > end || b[at + 1] < 2 || b[at] === 0) return false;
    at += b[at + 1];
  }
  return at === end;
}

/** Where the first attribute of a kind has its value; -1 without one. Its length stands in the byte before, less two. */
function attribute(b: Uint8Array, code: number, least: number): number {
  let at = HEADER;
  for (let i = 0; i < MAX_ATTRIBUTES && at + 2 <= b.length && b[at + 1] >= 2; i++) {
    const stop = at + b[at + 1];
    if (b[at] === code && stop <= b.length && b[at + 1] - 2 >= least) return at + 2;
    at = stop;
  }
  return -1;
}

/** An exchange: a request, its answer, or both. */
interface Exchange {
  readonly request: Uint8Array | undefined;
  readonly reply: Uint8Array | undefined;
}

class Talk implements DatagramParser {
  /** In the order of their asking; code and identifier are the first two bytes. */
  #waiting: Uint8Array[] = [];

  datagram(bytes: Uint8Array, at: number, end: number, _: Direction, emit: Emit): number {
    const length = lengthOf(bytes, at, end);
    if (length === 0 || !areWhole(bytes, at + HEADER, at + length)) {
      emit.anomaly('malformed_data');
      return length === 0 && this.#waiting.length === 0 ? STREAM_LOST : 0;
    }
    const message = copyOf(bytes, at, at + length);
    const asked = this.#waiting.findIndex((request) => request[1] === message[1]);
    if (isRequest(message[0])) {
      // The same number again is the same question, asked once more.
      if (asked >= 0) this.#waiting.splice(asked, 1);
      else if (this.#waiting.length === MAX_WAITING)
        emit.event({ request: this.#waiting.shift(), reply: undefined });
      this.#waiting.push(message);
    } else emit.event({ request: asked < 0 ? undefined : this.#waiting.splice(asked, 1)[0], reply: message });
    return 0;
  }

  end(emit: Emit): void {
    for (const request of this.#waiting) emit.event({ request, reply: undefined });
    this.#waiting = [];
  }
}

type Side = 'request' | 'reply';
/** An attribute of the first of these messages that has it. */
function look<T>(
  x: Exchange,
  sides: readonly Side[],
  code: number,
  least: number,
  get: (b: Uint8Array, at: number, end: number) => T,
): T | undefined {
  for (const side of sides) {
    const b = x[side];
    const at = b === undefined ? -1 : attribute(b, code, least);
    if (b !== undefined && at >= 0) return get(b, at, at + b[at - 1] - 2);
  }
  return undefined;
}
const ASKED: readonly Side[] = ['request'];
const ANSWERED: readonly Side[] = ['reply'];
const EITHER: readonly Side[] = ['reply', 'request'];

const of = (
  path: string,
  type: Field['type'],
  fieldClass: Field['class'],
  about: string,
  read: (x: Exchange) => Value,
  aliases: readonly string[] = [],
): Field<Exchange> => ({ name: `radius.${path}`, type, class: fieldClass, aliases, about, read });
const text =
  (sides: readonly Side[], code: number) =>
  (x: Exchange): Value =>
    look(x, sides, code, 1, (b, at, end) => shown(b, at, end));
const number =
  (sides: readonly Side[], code: number) =>
  (x: Exchange): Value =>
    look(x, sides, code, 4, u32);
const address =
  (sides: readonly Side[], code: number) =>
  (x: Exchange): Value =>
    look(x, sides, code, 4, (b, at) => ipv4Text(u32(b, at)));

/** How the user proves to be who he says: never with what. */
function method(x: Exchange): string | undefined {
  const b = x.request;
  if (b === undefined || b[0] !== ACCESS_REQUEST) return undefined;
  if (attribute(b, EAP_MESSAGE, 1) >= 0) return 'eap';
  if (attribute(b, CHAP_PASSWORD, 1) >= 0) return 'chap';
  const vendor = attribute(b, VENDOR_SPECIFIC, 5);
  if (vendor >= 0 && u32(b, vendor) === MICROSOFT) return 'mschap';
  return attribute(b, USER_PASSWORD, 1) >= 0 ? 'pap' : undefined;
}

export const radius = {
  name: 'radius',
  about: 'RADIUS, log-ins and sessions at network devices.',
  tcpPorts: [],
  udpPorts: [1812, 1813, 1645, 1646, 3799],
  probe(bytes, at, end): Verdict {
    const length = lengthOf(bytes, at, end);
    if (length === 0 || length !== end - at || !areWhole(bytes, at + HEADER, end)) return 'no';
    // Without attributes there is little to tell it by.
    return length > HEADER ? 'yes' : 'more';
  },
  openDatagrams: () => new Talk(),
  fields: [
    of(
      'request',
      'string',
      'protocol',
      'What is asked: access_request, accounting_request and so on.',
      (x) => (x.request === undefined ? undefined : CODES[x.request[0]]),
    ),
    of('reply', 'string', 'protocol', 'What is answered: access_accept, access_reject and so on.', (x) =>
      x.reply === undefined ? undefined : CODES[x.reply[0]],
    ),
    of('result', 'string', 'protocol', 'success, failed, challenge or unknown.', (x) =>
      x.reply === undefined ? 'unknown' : (RESULTS[x.reply[0]] ?? 'unknown'),
    ),
    of('id', 'integer', 'protocol', 'Number of the exchange.', (x) => (x.request ?? x.reply)?.[1]),
    of('username', 'string', 'identifier', 'Who logs in.', text(['request', 'reply'], USER_NAME)),
    of('auth_method', 'string', 'protocol', 'pap, chap, mschap or eap.', method),
    of('message_authenticator', 'boolean', 'protocol', 'The request is signed, as RFC 9765 wants it.', (x) =>
      x.request?.[0] === ACCESS_REQUEST ? attribute(x.request, AUTHENTICATOR, 16) >= 0 : undefined,
    ),
    of(
      'calling_station_id',
      'string',
      'identifier',
      'Machine or number that calls.',
      text(ASKED, CALLING_STATION),
      ['mac'],
    ),
    of(
      'called_station_id',
      'string',
      'name',
      'Network or number that is called.',
      text(ASKED, CALLED_STATION),
    ),
    of(
      'nas_ip_address',
      'address',
      'flow',
      'Device at which it happens.',
      (x) => address(ASKED, NAS_ADDRESS)(x) ?? look(x, ASKED, NAS_IPV6, 16, ipv6),
    ),
    of('nas_identifier', 'string', 'name', 'Name of that device.', text(ASKED, NAS_IDENTIFIER)),
    of('nas_port', 'integer', 'protocol', 'Its port.', number(ASKED, NAS_PORT)),
    of(
      'nas_port_type',
      'integer',
      'protocol',
      'Kind of port; 5 virtual, 15 Ethernet, 19 Wi-Fi.',
      number(ASKED, NAS_PORT_TYPE),
    ),
    of(
      'service_type',
      'integer',
      'protocol',
      'Kind of service; 6 is administration.',
      number(EITHER, SERVICE_TYPE),
    ),
    of(
      'framed_ip_address',
      'address',
      'flow',
      'Address given to the user.',
      address(EITHER, FRAMED_ADDRESS),
      ['framed_addr'],
    ),
    of('tunnel_client', 'string', 'flow', 'Outer end of a tunnel.', text(EITHER, TUNNEL_CLIENT)),
    of(
      'connect_info',
      'string',
      'protocol',
      'Kind of connection, as the device says.',
      text(ASKED, CONNECT_INFO),
    ),
    of('reply_message', 'string', 'content', 'What the user is told.', text(ANSWERED, REPLY_MESSAGE), [
      'reply_msg',
    ]),
    of(
      'session_timeout',
      'integer',
      'protocol',
      'Seconds that the session may last.',
      number(ANSWERED, SESSION_TIMEOUT),
    ),
    of('acct_status_type', 'string', 'protocol', 'start, stop, interim_update and so on.', (x) => {
      const status = number(ASKED, ACCOUNTING_STATUS)(x);
      return typeof status === 'number' ? ACCOUNTING[status] || String(status) : undefined;
    }),
    of('acct_session_id', 'string', 'identifier', 'Name of the session.', text(ASKED, SESSION_ID)),
    of(
      'acct_session_time',
      'integer',
      'flow',
      'Seconds that the session has lasted.',
      number(ASKED, SESSION_TIME),
    ),
    of('acct_input_octets', 'integer', 'flow', 'Bytes from the user.', number(ASKED, INPUT_OCTETS)),
    of('acct_output_octets', 'integer', 'flow', 'Bytes to the user.', number(ASKED, OUTPUT_OCTETS)),
  ],
  anomalies: { malformed_data: 'A length of the message points beyond its end.' },
} as const satisfies Protocol<Exchange>;
