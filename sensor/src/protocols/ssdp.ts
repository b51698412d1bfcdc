// SSDP (UPnP Device Architecture 2.0 §1): devices that look for each other by multicast, in the words of HTTP.
import { isWord, shown } from '../bytes/line.ts';
import { find, sameWord, startsWith, word } from '../bytes/text.ts';
import type { Emit, Field, Protocol, Value, Verdict } from './protocol.ts';

const SEARCH = word('M-SEARCH * HTTP/1.1\r\n');
const NOTIFY = word('NOTIFY * HTTP/1.1\r\n');
const ANSWER = word('HTTP/1.1 200 OK\r\n');
const METHODS = [
  [SEARCH, 'm-search'],
  [NOTIFY, 'notify'],
  [ANSWER, 'response'],
] as const;
const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
/** Header lines of one message that are looked at. */
const MAX_LINES = 32;

class Message {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;

  /** The value of a header; `name` in lower case. */
  header(name: Uint8Array): string | undefined {
    const b = this.bytes;
    let at = this.at;
    for (let i = 0; i < MAX_LINES && at < this.end; i++) {
      const stop = find(b, LF, at, this.end);
      const end = stop < 0 ? this.end : stop > at && b[stop - 1] === CR ? stop - 1 : stop;
      const colon = find(b, COLON, at, Math.min(end, at + name.length + 1));
      if (colon > 0 && isWord(b, at, colon, name)) return shown(b, colon + 1, end).trim();
      if (stop < 0) break;
      at = stop + 1;
    }
    return undefined;
  }
}

const message = new Message();

/** An answer is HTTP's too: it is one of SSDP when it says whose it is. */
const SERVICE_NAME = word('usn');
const SEARCH_TARGET = word('st');

const of = (
  path: string,
  fieldClass: Field['class'],
  about: string,
  read: (m: Message) => Value,
): Field<Message> => ({ name: `ssdp.${path}`, type: 'string', class: fieldClass, about, read });
const header = (name: string): ((m: Message) => Value) => {
  const bytes = word(name);
  return (m) => m.header(bytes);
};

function take(bytes: Uint8Array, at: number, end: number): boolean {
  message.bytes = bytes;
  message.at = at;
  message.end = end;
  if (startsWith(bytes, at, end, SEARCH) || startsWith(bytes, at, end, NOTIFY)) return true;
  // Some devices write the words in other cases.
  if (end - at < ANSWER.length || !sameWord(bytes, at, LOWER_ANSWER)) return false;
  return message.header(SERVICE_NAME) !== undefined || message.header(SEARCH_TARGET) !== undefined;
}
const LOWER_ANSWER = word('http/1.1 200 ok\r\n');

export const ssdp = {
  name: 'ssdp',
  about: 'Simple Service Discovery Protocol, devices of the local network.',
  tcpPorts: [],
  udpPorts: [1900],
  probe: (bytes, at, end): Verdict => (take(bytes, at, end) ? 'yes' : 'no'),
  datagram(bytes, at, end, _, emit: Emit) {
    if (take(bytes, at, end)) emit.event(message);
  },
  fields: [
    of(
      'method',
      'protocol',
      'm-search, notify or response.',
      (m) => METHODS.find(([begins]) => startsWith(m.bytes, m.at, m.end, begins))?.[1] ?? 'response',
    ),
    of('st', 'protocol', 'What is looked for, or was found.', header('st')),
    of('nt', 'protocol', 'What makes itself known.', header('nt')),
    of('nts', 'protocol', 'Whether it comes or goes: ssdp:alive, ssdp:byebye.', header('nts')),
    of('server', 'protocol', 'System and program of a device.', header('server')),
    of('user_agent', 'protocol', 'System and program of whoever looks.', header('user-agent')),
    of('usn', 'identifier', 'Unique name of a device.', header('usn')),
    of('location', 'content', 'Where a device describes itself.', header('location')),
  ],
  anomalies: {},
} as const satisfies Protocol<Message>;
