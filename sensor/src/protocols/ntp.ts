// Network Time Protocol (RFC 5905; RFC 9327 for mode 6; mode 7 as ntpd has it): who keeps whose time, and who is made to shout.
import { ipv4Text } from '../bytes/address.ts';
import { u16, u32 } from '../bytes/read.ts';
import type { Emit, Field, Protocol, Value, Verdict } from './protocol.ts';

const TIME_BYTES = 48;
const CLIENT = 3;
const SERVER = 4;
const BROADCAST = 5;
const CONTROL = 6;
const PRIVATE = 7;
const CONTROL_BYTES = 12;
const PRIVATE_BYTES = 8;
const PRECISION = 3;
const ROOT_DELAY = 4;
const ROOT_DISPERSION = 8;
const REFERENCE_ID = 12;
const REFERENCE_TIME = 16;
const ORIGIN_TIME = 24;
const RECEIVE_TIME = 32;
const TRANSMIT_TIME = 40;
/** Requests of mode 7 for the list of a server's clients: the answer is a hundred times larger. */
const MON_GETLIST = 20;
const MON_GETLIST_1 = 42;
/** 2008 as seconds since 1900: clocks of servers are later, until the era ends in 2036 and some years into the next. */
const EARLIEST = 0xcc00_0000;
const NEXT_ERA = 0x2000_0000;
/** Root delay and dispersion of honest servers stay below this, seconds. */
const MAX_ROOT = 16;
const MAX_EXTENSIONS = 16;

class Message {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;

  get mode(): number {
    return this.bytes[this.at] & 7;
  }
  get isTime(): boolean {
    return this.mode < CONTROL;
  }
  get stratum(): number {
    return this.bytes[this.at + 1];
  }
  /** 16.16 bits as seconds. */
  short(offset: number): number {
    return u32(this.bytes, this.at + offset) / 65_536;
  }
  /** Seconds since 1970; undefined for a time that was left out. */
  time(offset: number): number | undefined {
    const seconds = u32(this.bytes, this.at + offset);
    if (seconds === 0) return undefined;
    const era = seconds < NEXT_ERA ? 2 ** 32 : 0;
    const fraction = u32(this.bytes, this.at + offset + 4) / 2 ** 32;
    return Math.round((seconds + era - 2_208_988_800 + fraction) * 1e6) / 1e6;
  }
  /** An address, or four letters where the source is a clock or a refusal. */
  get referenceId(): string {
    const at = this.at + REFERENCE_ID;
    if (this.stratum > 1) return ipv4Text(u32(this.bytes, at));
    let text = '';
    for (let i = at; i < at + 4; i++)
      if (this.bytes[i] > 0x20 && this.bytes[i] < 0x7f) text += String.fromCharCode(this.bytes[i]);
    return text;
  }
  /** Extension fields behind the times (RFC 7822); a message authentication code is none. */
  get extensions(): number {
    let at = this.at + TIME_BYTES;
    let count = 0;
    // What is left may be a code of at most 24 bytes.
    while (count < MAX_EXTENSIONS && this.end - at > 24) {
      const length = u16(this.bytes, at + 2);
      if (length < 16 || at + length > this.end) break;
      at += length;
      count++;
    }
    return count;
  }
}

const message = new Message();

const isClock = (seconds: number): boolean => seconds >= EARLIEST || (seconds > 0 && seconds < NEXT_ERA);

/** `yes` for a message whose numbers are those of clocks, `more` for one that has the shape. */
function probeTime(b: Uint8Array, at: number, end: number, mode: number, version: number): Verdict {
  if (end - at < TIME_BYTES || (end - at) % 4 !== 0 || mode === 0 || b[at + 1] > 16) return 'no';
  if (end - at > TIME_BYTES + 512) return 'no';
  if (u32(b, at + ROOT_DELAY) >= MAX_ROOT * 65_536 || u32(b, at + ROOT_DISPERSION) >= MAX_ROOT * 65_536)
    return 'no';
  if (version < 3) return 'more';
  const hasOrigin = u32(b, at + ORIGIN_TIME) !== 0;
  if (mode === CLIENT) {
    // Most clients say nothing but what they send; its value may be random, to tell the answer by.
    const says = u32(b, at + TRANSMIT_TIME) !== 0;
    if (u32(b, at + REFERENCE_TIME) === 0 && u32(b, at + RECEIVE_TIME) === 0)
      return says && !hasOrigin ? 'yes' : 'more';
    return isClock(u32(b, at + REFERENCE_TIME)) && isClock(u32(b, at + RECEIVE_TIME)) && says
      ? 'yes'
      : 'more';
  }
  const isServed = isClock(u32(b, at + TRANSMIT_TIME)) && b[at + PRECISION] > 0xd0;
  if (mode === SERVER) return isServed && isClock(u32(b, at + RECEIVE_TIME)) ? 'yes' : 'more';
  if (mode === BROADCAST)
    return isServed && !hasOrigin && isClock(u32(b, at + REFERENCE_TIME)) ? 'yes' : 'more';
  return isServed ? 'yes' : 'more';
}

function probeControl(b: Uint8Array, at: number, end: number): Verdict {
  if (end - at < CONTROL_BYTES || ((b[at + 1] & 0x1f) > 13 && (b[at + 1] & 0x1f) !== 31)) return 'no';
  const count = u16(b, at + 10);
  const rest = end - at - CONTROL_BYTES - count;
  // Padding to a word, and at most a key number and a code.
  if (rest < 0 || rest > 3 + 24 || (u16(b, at + 2) === 0 && (b[at + 1] & 0x80) !== 0)) return 'no';
  return 'yes';
}

function probePrivate(b: Uint8Array, at: number, end: number): Verdict {
  const length = end - at;
  if (length < PRIVATE_BYTES || (b[at + 2] !== 2 && b[at + 2] !== 3) || b[at + 3] > 45) return 'no';
  const items = u16(b, at + 4) & 0xfff;
  const size = u16(b, at + 6) & 0xfff;
  return PRIVATE_BYTES + items * size <= length && (b[at + 6] & 0xf0) === 0 ? 'yes' : 'no';
}

function probe(b: Uint8Array, at: number, end: number): Verdict {
  if (end - at < PRIVATE_BYTES) return 'no';
  const version = (b[at] >> 3) & 7;
  const mode = b[at] & 7;
  if (version < 1 || version > 4) return 'no';
  if (mode === CONTROL) return b[at] >> 6 === 0 ? probeControl(b, at, end) : 'no';
  if (mode === PRIVATE) return probePrivate(b, at, end);
  return probeTime(b, at, end, mode, version);
}

const of = (
  path: string,
  type: Field['type'],
  about: string,
  read: (m: Message) => Value,
  aliases: readonly string[] = [],
): Field<Message> => ({ name: `ntp.${path}`, type, class: 'protocol', aliases, about, read });
const ofTime =
  (read: (m: Message) => Value) =>
  (m: Message): Value =>
    m.isTime ? read(m) : undefined;

export const ntp = {
  name: 'ntp',
  about: 'Network Time Protocol.',
  tcpPorts: [],
  udpPorts: [123],
  probe,
  datagram(bytes, at, end, _, emit: Emit) {
    if (probe(bytes, at, end) === 'no') return emit.anomaly('malformed_data');
    message.bytes = bytes;
    message.at = at;
    message.end = end;
    const { mode } = message;
    if (mode === PRIVATE) {
      const code = bytes[at + 3];
      emit.anomaly(code === MON_GETLIST || code === MON_GETLIST_1 ? 'monlist' : 'private_mode');
    } else if (mode === CONTROL) emit.anomaly('control_mode');
    else if (mode === SERVER && message.stratum === 0) emit.anomaly('kiss_of_death');
    emit.event(message);
  },
  fields: [
    of('version', 'integer', 'Version.', (m) => (m.bytes[m.at] >> 3) & 7),
    of(
      'mode',
      'integer',
      '1 and 2 peers, 3 client, 4 server, 5 broadcast, 6 control, 7 private.',
      (m) => m.mode,
    ),
    of(
      'leap',
      'integer',
      'Leap second warning; 3: the clock is not set.',
      ofTime((m) => m.bytes[m.at] >> 6),
    ),
    of(
      'stratum',
      'integer',
      'Steps away from a true clock.',
      ofTime((m) => m.stratum),
    ),
    of(
      'poll',
      'integer',
      'Seconds between messages.',
      ofTime((m) => (m.bytes[m.at + 2] < 32 ? 2 ** m.bytes[m.at + 2] : undefined)),
    ),
    of(
      'precision',
      'number',
      'Precision of the clock, seconds.',
      ofTime((m) => 2 ** ((m.bytes[m.at + PRECISION] << 24) >> 24)),
    ),
    of(
      'root_delay',
      'number',
      'Way to the true clock and back, seconds.',
      ofTime((m) => m.short(ROOT_DELAY)),
    ),
    of(
      'root_disp',
      'number',
      'Largest error against the true clock, seconds.',
      ofTime((m) => m.short(ROOT_DISPERSION)),
    ),
    of(
      'reference_id',
      'string',
      'Where the time comes from: address, kind of clock, or why it is refused.',
      ofTime((m) => m.referenceId),
      ['ref_id'],
    ),
    of(
      'ref_time',
      'number',
      'When the clock was last set, seconds since 1970.',
      ofTime((m) => m.time(REFERENCE_TIME)),
    ),
    of(
      'org_time',
      'number',
      'When the client sent.',
      ofTime((m) => m.time(ORIGIN_TIME)),
    ),
    of(
      'rec_time',
      'number',
      'When the server received.',
      ofTime((m) => m.time(RECEIVE_TIME)),
    ),
    of(
      'xmt_time',
      'number',
      'When this message was sent.',
      ofTime((m) => m.time(TRANSMIT_TIME)),
    ),
    of(
      'num_exts',
      'integer',
      'Extension fields.',
      ofTime((m) => m.extensions),
    ),
    of('response', 'boolean', 'In mode 6 and 7: it is an answer.', (m) =>
      m.mode === CONTROL
        ? (m.bytes[m.at + 1] & 0x80) !== 0
        : m.mode === PRIVATE
          ? (m.bytes[m.at] & 0x80) !== 0
          : undefined,
    ),
    of('control_opcode', 'integer', 'In mode 6: what is asked; 1 status, 2 variables.', (m) =>
      m.mode === CONTROL ? m.bytes[m.at + 1] & 0x1f : undefined,
    ),
    of('request_code', 'integer', 'In mode 7: what is asked; 42 the list of clients.', (m) =>
      m.mode === PRIVATE ? m.bytes[m.at + 3] : undefined,
    ),
  ],
  anomalies: {
    malformed_data: 'A datagram that is no message of this protocol.',
    monlist: 'The list of the clients of a server is asked for or given, with which attacks are amplified.',
    private_mode: 'A private message that servers should not answer to strangers.',
    control_mode: 'A control message that servers should not answer to strangers.',
    kiss_of_death: 'A server refuses the client.',
  },
} as const satisfies Protocol<Message>;
