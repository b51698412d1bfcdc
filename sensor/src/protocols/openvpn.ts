// The beginning of OpenVPN: the resets with which both sides open a session, over UDP and TCP, however they are protected.
import { u16, u32 } from '../bytes/read.ts';
import { hex } from '../bytes/text.ts';
import { fieldsOf } from './describe.ts';
import {
  type DatagramParser,
  type Direction,
  type Emit,
  type Protocol,
  STREAM_DONE,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from './protocol.ts';

const OPCODES: Readonly<Record<number, string>> = {
  1: 'control_hard_reset_client_v1',
  2: 'control_hard_reset_server_v1',
  3: 'control_soft_reset_v1',
  4: 'control_v1',
  5: 'ack_v1',
  6: 'data_v1',
  7: 'control_hard_reset_client_v2',
  8: 'control_hard_reset_server_v2',
  9: 'data_v2',
  10: 'control_hard_reset_client_v3',
  11: 'control_wkc_v1',
};
const CLIENT_RESET = 7;
const SERVER_RESET = 8;
const CLIENT_RESET_V3 = 10;
/** Opcode and key, session. */
const OPENING = 9;
/** Number of acknowledged packets, number of this packet. */
const CLOSING = 5;
/** Number and time against replay. */
const REPLAY = 8;
/** Lengths of the code in front of the replay's number: SHA-1, SHA-256, SHA-512, and truncated ones. */
const AUTH_LENGTHS = [20, 32, 64, 28, 48, 16];
const CRYPT_CODE = 32;
/** A wrapped key ends the third kind of client reset. */
const MAX_WRAPPED_KEY = 1024;
/** 2001: clocks are set. */
const EARLIEST = 1_000_000_000;
/** Datagrams of a flow that are looked at, records that are told. */
const MAX_LOOKED_AT = 64;
const MAX_RECORDS = 4;
const MAX_RESET = OPENING + 64 + REPLAY + CLOSING + 4 * 8 + 8 + MAX_WRAPPED_KEY;

/** How resets are protected against strangers. */
type Protection = 'none' | 'tls-auth' | 'tls-crypt' | 'tls-crypt-v2';

/** The list of acknowledged packets and the number of this one, to the end: the number of a reset is 0. */
function isClosing(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < CLOSING || b[at] > 8) return false;
  const acknowledged = b[at] === 0 ? 0 : b[at] * 4 + 8;
  return at + 1 + acknowledged + 4 === end && u32(b, end - 4) === 0;
}

const isReplay = (b: Uint8Array, at: number): boolean => {
  const number = u32(b, at);
  return number >= 1 && number <= 16 && u32(b, at + 4) >= EARLIEST;
};

/** How a reset is protected; undefined when these bytes are none. */
function protection(b: Uint8Array, at: number, end: number): Protection | undefined {
  if (end - at < OPENING + CLOSING || end - at > MAX_RESET || (b[at] & 7) !== 0) return undefined;
  const opcode = b[at] >> 3;
  const body = at + OPENING;
  // A session's number is random.
  if (u32(b, at + 1) === 0 || u32(b, at + 5) === 0) return undefined;
  if (opcode === CLIENT_RESET_V3)
    return end - body > REPLAY + CRYPT_CODE + CLOSING && isReplay(b, body) ? 'tls-crypt-v2' : undefined;
  if (opcode !== CLIENT_RESET && opcode !== SERVER_RESET) return undefined;
  if (isClosing(b, body, end)) return 'none';
  for (const length of AUTH_LENGTHS) {
    const replay = body + length;
    if (replay + REPLAY + CLOSING <= end && isReplay(b, replay) && isClosing(b, replay + REPLAY, end))
      return 'tls-auth';
  }
  const rest = end - body - REPLAY - CRYPT_CODE - CLOSING;
  return rest >= 0 && rest <= 8 * 4 + 8 && isReplay(b, body) ? 'tls-crypt' : undefined;
}

class Reset {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  protection: Protection = 'none';
}

const reset = new Reset();

function tell(bytes: Uint8Array, at: number, end: number, emit: Emit): boolean {
  const how = protection(bytes, at, end);
  if (how === undefined) return false;
  reset.bytes = bytes;
  reset.at = at;
  reset.protection = how;
  emit.event(reset);
  return true;
}

class Talk implements DatagramParser {
  #looked = 0;
  #told = 0;

  datagram(bytes: Uint8Array, at: number, end: number, _: Direction, emit: Emit): number {
    if (tell(bytes, at, end, emit)) this.#told++;
    return ++this.#looked < MAX_LOOKED_AT && this.#told < MAX_RECORDS ? 0 : STREAM_DONE;
  }
}

/** Packets with a length of two bytes in front. */
class Stream implements StreamParser {
  /** Directions whose reset was told: behind it everything is encrypted. */
  #told = 0;

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    const bit = 1 << direction;
    if ((this.#told & bit) !== 0) return STREAM_DONE;
    if (end - at < 2) return 0;
    const length = u16(bytes, at);
    if (length < OPENING + CLOSING || length > MAX_RESET) return STREAM_LOST;
    if (end - at - 2 < length) return 0;
    if (!tell(bytes, at + 2, at + 2 + length, emit)) return STREAM_LOST;
    this.#told |= bit;
    return 2 + length;
  }
}

const of = fieldsOf<Reset>('openvpn');

export const openvpn = {
  name: 'openvpn',
  about: 'OpenVPN tunnels, the resets that open them.',
  tcpPorts: [1194],
  udpPorts: [1194],
  probe(bytes, at, end, _, transport): Verdict {
    if (transport === 'udp') return protection(bytes, at, end) === undefined ? 'no' : 'yes';
    if (end - at < 3) return end - at === 0 || bytes[at] <= MAX_RESET >> 8 ? 'more' : 'no';
    const length = u16(bytes, at);
    const opcode = bytes[at + 2] >> 3;
    if (length < OPENING + CLOSING || length > MAX_RESET || (bytes[at + 2] & 7) !== 0) return 'no';
    if (opcode !== CLIENT_RESET && opcode !== SERVER_RESET && opcode !== CLIENT_RESET_V3) return 'no';
    if (end - at < 2 + length) return 'more';
    return protection(bytes, at + 2, at + 2 + length) === undefined ? 'no' : 'yes';
  },
  openDatagrams: () => new Talk(),
  open: () => new Stream(),
  fields: [
    of('opcode', 'string', 'protocol', 'Kind of reset.', (r) => OPCODES[r.bytes[r.at] >> 3]),
    of('session_id', 'string', 'protocol', 'Number of the session, hex.', (r) =>
      hex(r.bytes, r.at + 1, r.at + 9),
    ),
    of('protection', 'string', 'protocol', 'none, tls-auth, tls-crypt or tls-crypt-v2.', (r) => r.protection),
  ],
  anomalies: {},
} as const satisfies Protocol<Reset>;
