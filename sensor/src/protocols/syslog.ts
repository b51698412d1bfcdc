// Syslog over UDP (RFC 3164, 5424, 5426): which machine reports with what urgency; never what it says.
import { decimal, shown, wordEnd } from '../bytes/line.ts';
import { find } from '../bytes/text.ts';
import { fieldsOf } from './describe.ts';
import type { Emit, Protocol, Verdict } from './protocol.ts';

const OPEN = 0x3c;
const CLOSE = 0x3e;
const SPACE = 0x20;
const MAX_PRIORITY = 191;
const FACILITIES = [
  'KERN',
  'USER',
  'MAIL',
  'DAEMON',
  'AUTH',
  'SYSLOG',
  'LPR',
  'NEWS',
  'UUCP',
  'CRON',
  'AUTHPRIV',
  'FTP',
  'NTP',
  'AUDIT',
  'ALERT',
  'CLOCK',
  'LOCAL0',
  'LOCAL1',
  'LOCAL2',
  'LOCAL3',
  'LOCAL4',
  'LOCAL5',
  'LOCAL6',
  'LOCAL7',
];
const SEVERITIES = ['EMERG', 'ALERT', 'CRIT', 'ERR', 'WARNING', 'NOTICE', 'INFO', 'DEBUG'];

class Message {
  bytes: Uint8Array = new Uint8Array(0);
  /** Behind the priority. */
  at = 0;
  end = 0;
  priority = -1;

  take(bytes: Uint8Array, at: number, end: number): boolean {
    this.priority = -1;
    if (end - at < 4 || bytes[at] !== OPEN) return false;
    const close = find(bytes, CLOSE, at + 1, Math.min(end, at + 5));
    const priority = close < 0 ? -1 : decimal(bytes, at + 1, close, 3);
    if (priority < 0 || priority > MAX_PRIORITY || (bytes[at + 1] === 0x30 && close > at + 2)) return false;
    for (let i = at + 1; i < close; i++) if (bytes[i] < 0x30 || bytes[i] > 0x39) return false;
    this.bytes = bytes;
    this.at = close + 1;
    this.end = end;
    this.priority = priority;
    return close + 1 < end;
  }

  /** `1 ` and a time, or a month: what honest senders begin with. */
  get isDated(): boolean {
    const text = shown(this.bytes, this.at, Math.min(this.end, this.at + 6));
    return this.isNew || /^(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d?$/.test(text);
  }
  get isNew(): boolean {
    return this.end - this.at > 2 && this.bytes[this.at] === 0x31 && this.bytes[this.at + 1] === SPACE;
  }
  /** The n-th word of RFC 5424's header: 1 time, 2 machine, 3 program, 4 process, 5 kind of message. */
  word(n: number): string | undefined {
    if (!this.isNew) return undefined;
    let at = this.at;
    for (let i = 0; i < n; i++) {
      at = wordEnd(this.bytes, at, this.end) + 1;
      if (at >= this.end) return undefined;
    }
    const text = shown(this.bytes, at, wordEnd(this.bytes, at, this.end));
    return text === '-' || text === '' ? undefined : text;
  }
}

const message = new Message();
const of = fieldsOf<Message>('syslog');

export const syslog = {
  name: 'syslog',
  about: 'Syslog over UDP, without its text.',
  tcpPorts: [],
  udpPorts: [514],
  probe: (bytes, at, end): Verdict =>
    !message.take(bytes, at, end) ? 'no' : message.isDated ? 'yes' : 'more',
  datagram(bytes, at, end, _, emit: Emit) {
    if (message.take(bytes, at, end)) emit.event(message);
  },
  fields: [
    of(
      'facility',
      'string',
      'protocol',
      'Part of the system that reports.',
      (m) => FACILITIES[m.priority >> 3],
    ),
    of('severity', 'string', 'protocol', 'How urgent it is.', (m) => SEVERITIES[m.priority & 7]),
    of('hostname', 'string', 'identifier', 'Machine that reports.', (m) => m.word(2)),
    of('app_name', 'string', 'protocol', 'Program that reports.', (m) => m.word(3)),
    of('msgid', 'string', 'protocol', 'Kind of message.', (m) => m.word(5)),
    of('length', 'integer', 'flow', 'Bytes of the message.', (m) => m.end - m.at),
  ],
  anomalies: {},
} as const satisfies Protocol<Message>;
