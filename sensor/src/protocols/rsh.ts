// rsh (rcmd, BSD): who has a command run as whom on another machine, on trust. rexec differs: its password is never read.
import { decimal, shown } from '../bytes/line.ts';
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

const MAX_USER = 32;
const MAX_COMMAND = 1024;

class Call {
  port = 0;
  clientUser = '';
  serverUser = '';
  command = '';
  accepted: boolean | undefined;
}

/** Ends of port, two names and the command; -1 for more, -2 when they are none. */
function readCall(b: Uint8Array, at: number, end: number, ends: [number, number, number, number]): number {
  let from = at;
  for (let n = 0; n < 4; n++) {
    const most = n === 0 ? 5 : n === 3 ? MAX_COMMAND : MAX_USER;
    const zero = find(b, 0, from, Math.min(end, from + most + 1));
    const stop = zero < 0 ? end : zero;
    const [low, high] = n === 0 ? [0x30, 0x39] : n === 3 ? [0x20, 0x7e] : [0x21, 0x7e];
    for (let i = from; i < stop; i++) if (b[i] < low || b[i] > high) return -2;
    if (zero < 0) return end - from > most ? -2 : -1;
    // Without a second connection the port is empty, or zero.
    if (zero === from && n > 0) return -2;
    ends[n] = zero;
    from = zero + 1;
  }
  return from - at;
}

const ends: [number, number, number, number] = [0, 0, 0, 0];

class RshStream implements StreamParser {
  #call: Call | undefined;
  #emitted = false;

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    if (direction === 1) {
      if (this.#call === undefined) return 0;
      this.#call.accepted = bytes[at] === 0;
      this.end(emit);
      return STREAM_DONE;
    }
    // What follows is what somebody types.
    if (this.#call !== undefined) return STREAM_DONE;
    const taken = readCall(bytes, at, end, ends);
    if (taken === -1) return 0;
    if (taken < 0) return STREAM_LOST;
    const call = new Call();
    call.port = Math.max(0, decimal(bytes, at, ends[0], 5));
    call.clientUser = shown(bytes, ends[0] + 1, ends[1]);
    call.serverUser = shown(bytes, ends[1] + 1, ends[2]);
    call.command = shown(bytes, ends[2] + 1, ends[3], MAX_COMMAND);
    this.#call = call;
    return taken;
  }

  gap(): boolean {
    return false;
  }

  end(emit: Emit): void {
    if (this.#emitted || this.#call === undefined) return;
    this.#emitted = true;
    emit.event(this.#call);
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
    const taken = readCall(bytes, at, end, ends);
    return taken === -1 ? 'more' : taken < 0 ? 'no' : 'yes';
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
