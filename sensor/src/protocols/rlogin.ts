// rlogin (RFC 1282): who logs in as whom, on trust or with a password that is never read.
import { shown } from '../bytes/line.ts';
import { find } from '../bytes/text.ts';
import {
  type Direction,
  type Emit,
  type Protocol,
  STREAM_DONE,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from './protocol.ts';

const MAX_WORD = 64;
const SLASH = 0x2f;

class LogIn {
  clientUser = '';
  serverUser = '';
  /** `terminal/speed`. */
  terminal = '';
  accepted: boolean | undefined;
}

/** Ends of the three words behind the first zero; -1 for more, -2 when they are none. */
function readWords(b: Uint8Array, at: number, end: number, ends: [number, number, number]): number {
  if (b[at] !== 0) return -2;
  let from = at + 1;
  for (let n = 0; n < 3; n++) {
    const zero = find(b, 0, from, Math.min(end, from + MAX_WORD + 1));
    const stop = zero < 0 ? end : zero;
    for (let i = from; i < stop; i++) if (b[i] < 0x21 || b[i] > 0x7e) return -2;
    if (zero < 0) return end - from > MAX_WORD ? -2 : -1;
    if (zero === from) return -2;
    ends[n] = zero;
    from = zero + 1;
  }
  const slash = find(b, SLASH, ends[1] + 1, ends[2]);
  if (slash < 0) return -2;
  for (let i = slash + 1; i < ends[2]; i++) if (b[i] < 0x30 || b[i] > 0x39) return -2;
  return from - at;
}

const ends: [number, number, number] = [0, 0, 0];

class RloginStream implements StreamParser {
  #logIn: LogIn | undefined;
  #emitted = false;

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    if (direction === 1) {
      // The request was not seen, or comes later: the answer alone says nothing.
      if (this.#logIn === undefined) return 0;
      this.#logIn.accepted = bytes[at] === 0;
      this.end(emit);
      return STREAM_DONE;
    }
    // What follows is what somebody types.
    if (this.#logIn !== undefined) return STREAM_DONE;
    const taken = readWords(bytes, at, end, ends);
    if (taken === -1) return 0;
    if (taken < 0) return STREAM_LOST;
    const logIn = new LogIn();
    logIn.clientUser = shown(bytes, at + 1, ends[0]);
    logIn.serverUser = shown(bytes, ends[0] + 1, ends[1]);
    logIn.terminal = shown(bytes, ends[1] + 1, ends[2]);
    this.#logIn = logIn;
    return taken;
  }

  gap(): boolean {
    return false;
  }

  end(emit: Emit): void {
    if (this.#emitted || this.#logIn === undefined) return;
    this.#emitted = true;
    emit.event(this.#logIn);
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
    const taken = readWords(bytes, at, end, ends);
    return taken === -1 ? 'more' : taken < 0 ? 'no' : 'yes';
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
