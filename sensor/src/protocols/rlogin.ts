// rlogin (RFC 1282): who logs in as whom, on trust or with a password that is never read.
import { shown } from '../bytes/line.ts';
import { find } from '../bytes/text.ts';
import type { Protocol, Verdict } from './protocol.ts';
import { OTHER, readWords, TrustedLogin, UNFINISHED, VISIBLE, verdictOf } from './trusted-login.ts';

const MAX_WORD = 64;
const SLASH = 0x2f;

class LogIn {
  clientUser = '';
  serverUser = '';
  /** `terminal/speed`. */
  terminal = '';
  accepted: boolean | undefined;
}

/** Behind a zero: who asks, as whom, and `terminal/speed`. */
const WORDS = Array.from({ length: 3 }, () => ({ most: MAX_WORD, ...VISIBLE }));
const ends = [0, 0, 0];

function readLogIn(b: Uint8Array, at: number, end: number): number {
  if (b[at] !== 0) return OTHER;
  const behind = readWords(b, at + 1, end, WORDS, ends);
  if (behind < 0) return behind;
  const slash = find(b, SLASH, ends[1] + 1, ends[2]);
  if (slash < 0) return OTHER;
  for (let i = slash + 1; i < ends[2]; i++) if (b[i] < 0x30 || b[i] > 0x39) return OTHER;
  return behind;
}

class RloginStream extends TrustedLogin<LogIn> {
  protected read(b: Uint8Array, at: number, end: number): { request: LogIn; behind: number } | number {
    if (at === end) return UNFINISHED;
    const behind = readLogIn(b, at, end);
    if (behind < 0) return behind;
    const request = new LogIn();
    request.clientUser = shown(b, at + 1, ends[0]);
    request.serverUser = shown(b, ends[0] + 1, ends[1]);
    request.terminal = shown(b, ends[1] + 1, ends[2]);
    return { request, behind };
  }
}

export const rlogin = {
  name: 'rlogin',
  about: 'rlogin: who logs in as whom.',
  tcpPorts: [513],
  udpPorts: [],
  probe(bytes, at, end, direction): Verdict {
    if (at === end) return 'more';
    if (direction === 1 || bytes[at] !== 0) return 'no';
    return verdictOf(readLogIn(bytes, at, end));
  },
  open: () => new RloginStream(),
  fields: [
    {
      name: 'rlogin.client_user',
      type: 'string',
      class: 'identifier',
      about: 'Who asks, as the client says.',
      read: (l) => l.clientUser,
    },
    {
      name: 'rlogin.server_user',
      type: 'string',
      class: 'identifier',
      about: 'Whom to log in as.',
      read: (l) => l.serverUser,
    },
    {
      name: 'rlogin.terminal',
      type: 'string',
      class: 'protocol',
      about: 'Kind of terminal and its speed.',
      read: (l) => l.terminal,
    },
    {
      name: 'rlogin.accepted',
      type: 'boolean',
      class: 'protocol',
      about: 'The server took the request; it may still ask for a password.',
      read: (l) => l.accepted,
    },
  ],
  anomalies: {},
} as const satisfies Protocol<LogIn>;
