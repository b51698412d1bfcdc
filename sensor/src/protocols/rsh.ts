// rsh (rcmd, BSD): who has a command run as whom on another machine, on trust. rexec differs: its password is never read.
import { decimal, shown } from '../bytes/line.ts';
import type { Protocol, Verdict } from './protocol.ts';
import { DIGITS, PRINTABLE, readWords, TrustedLogin, VISIBLE, verdictOf } from './trusted-login.ts';

const MAX_USER = 32;
const MAX_COMMAND = 1024;

class Call {
  port = 0;
  clientUser = '';
  serverUser = '';
  command = '';
  accepted: boolean | undefined;
}

/** A port for what goes wrong, empty or zero without such a connection; who asks, as whom; the command. */
const WORDS = [
  { most: 5, isEmptyAllowed: true, ...DIGITS },
  { most: MAX_USER, ...VISIBLE },
  { most: MAX_USER, ...VISIBLE },
  { most: MAX_COMMAND, ...PRINTABLE },
];
const ends = [0, 0, 0, 0];

class RshStream extends TrustedLogin<Call> {
  protected read(b: Uint8Array, at: number, end: number): { request: Call; behind: number } | number {
    const behind = readWords(b, at, end, WORDS, ends);
    if (behind < 0) return behind;
    const request = new Call();
    request.port = Math.max(0, decimal(b, at, ends[0], 5));
    request.clientUser = shown(b, ends[0] + 1, ends[1]);
    request.serverUser = shown(b, ends[1] + 1, ends[2]);
    request.command = shown(b, ends[2] + 1, ends[3], MAX_COMMAND);
    return { request, behind };
  }
}

export const rsh = {
  name: 'rsh',
  about: 'rsh: commands run on another machine.',
  tcpPorts: [514],
  udpPorts: [],
  probe(bytes, at, end, direction): Verdict {
    if (at === end) return 'more';
    // A port and a zero: nothing else begins so.
    if (direction === 1 || bytes[at] < 0x30 || bytes[at] > 0x39) return 'no';
    return verdictOf(readWords(bytes, at, end, WORDS, ends));
  },
  open: () => new RshStream(),
  fields: [
    {
      name: 'rsh.client_user',
      type: 'string',
      class: 'identifier',
      about: 'Who asks, as the client says.',
      read: (c) => c.clientUser,
    },
    {
      name: 'rsh.server_user',
      type: 'string',
      class: 'identifier',
      about: 'Whom to run the command as.',
      read: (c) => c.serverUser,
    },
    {
      name: 'rsh.command',
      type: 'string',
      class: 'content',
      about: 'The command.',
      read: (c) => c.command,
    },
    {
      name: 'rsh.error_port',
      type: 'integer',
      class: 'flow',
      about: 'Port of the client for what goes wrong; 0 without.',
      read: (c) => c.port,
    },
    {
      name: 'rsh.accepted',
      type: 'boolean',
      class: 'protocol',
      about: 'The server runs it.',
      read: (c) => c.accepted,
    },
  ],
  anomalies: {},
} as const satisfies Protocol<Call>;
