// OPC UA over TCP: a record for each service with its answer; of encrypted channels their policy and number.
import { describe } from '../describe.ts';
import { Pairs } from '../pairs.ts';
import {
  type Direction,
  type Emit,
  type Protocol,
  STREAM_DONE,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from '../protocol.ts';
import {
  ACKNOWLEDGE,
  CLOSE,
  ERROR,
  HEADER,
  HELLO,
  isHeader,
  kindName,
  MAX_READ,
  MESSAGE,
  Message,
  OPEN,
  REVERSE,
  sizeOf,
} from './message.ts';
import { effectOf, modeName, requestName, statusName, tokenName } from './services.ts';

/** Requests of one flow that wait for their answers; publishing is asked for ahead of time. */
const MAX_WAITING = 128;
/** Under which a hello, and an opening whose inside is encrypted, wait. */
const HELLO_KEY = -1;
const OPEN_KEY = -2;

class Exchange {
  request: Message | undefined;
  response: Message | undefined;
  policy: string | undefined;
  get one(): Message {
    return (this.request ?? this.response) as Message;
  }
}
/** Reused: valid during the event. */
const exchange = new Exchange();

class Talk implements StreamParser {
  readonly #waiting = new Pairs<Message>(MAX_WAITING);
  readonly #skip = [0, 0];
  /** The next chunk of a direction goes on with the message before. */
  readonly #goesOn = [false, false];
  #policy: string | undefined;

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes at least one byte, or leaves.
    while (next < end) {
      if (this.#skip[direction] > 0) {
        const passed = Math.min(this.#skip[direction], end - next);
        this.#skip[direction] -= passed;
        next += passed;
        continue;
      }
      if (end - next < HEADER) break;
      if (!isHeader(bytes, next)) {
        emit.anomaly('malformed_data');
        return next === at ? STREAM_LOST : STREAM_DONE;
      }
      const size = sizeOf(bytes, next);
      const read = Math.min(size, MAX_READ);
      if (end - next < read) break;
      this.#take(Message.read(bytes, next, next + read), direction, emit);
      this.#skip[direction] = size - read;
      next += read;
    }
    return next - at;
  }

  gap(direction: Direction, count: number): boolean {
    this.#skip[direction] -= count;
    return this.#skip[direction] >= 0;
  }

  end(emit: Emit): void {
    this.#waiting.drain((request) => this.#tell(request, undefined, emit));
  }

  #take(message: Message, direction: Direction, emit: Emit): void {
    const goesOn = this.#goesOn[direction];
    this.#goesOn[direction] = message.goesOn;
    if (goesOn) return;
    if (message.malformed) emit.anomaly('malformed_data');
    if (message.policy !== undefined) this.#policy = message.policy;
    const isResponse = message.service?.isResponse ?? direction === 1;
    switch (message.kind) {
      case HELLO:
        this.#ask(HELLO_KEY, message, emit);
        break;
      case ACKNOWLEDGE:
        this.#tell(this.#waiting.take(HELLO_KEY), message, emit);
        break;
      case ERROR:
        this.#tell(this.#waiting.take(HELLO_KEY) ?? this.#waiting.take(OPEN_KEY), message, emit);
        break;
      case OPEN:
        if (isResponse) this.#tell(this.#waiting.take(OPEN_KEY), message, emit);
        else this.#ask(OPEN_KEY, message, emit);
        break;
      case MESSAGE:
        // What is encrypted cannot be paired, and says nothing that the flow does not say.
        if (message.isSecured) break;
        if (isResponse) this.#tell(this.#waiting.take(message.request), message, emit);
        else this.#ask(message.request, message, emit);
        break;
      case CLOSE:
      case REVERSE:
        this.#tell(message, undefined, emit);
    }
  }

  #ask(key: number, message: Message, emit: Emit): void {
    const given = this.#waiting.add(key, message);
    if (given !== undefined) this.#tell(given, undefined, emit);
  }

  #tell(request: Message | undefined, response: Message | undefined, emit: Emit): void {
    exchange.request = request;
    exchange.response = response;
    exchange.policy = this.#policy;
    emit.event(exchange);
  }
}

const { text, number, flag } = describe<Exchange>('opcua');
const known = (n: number | undefined): number | undefined => (n === undefined || n < 0 ? undefined : n);
/** `opc.tcp://host:4840/path`: the host. */
const hostOf = (url: string | undefined): string | undefined =>
  url && /^[a-z.+-]+:\/\/(\[[^\]]*\]|[^:/?#]*)/i.exec(url)?.[1];

export const opcua = {
  name: 'opcua',
  about: 'OPC UA: data and methods of machines.',
  tcpPorts: [4840],
  udpPorts: [],
  probe(bytes, at, end): Verdict {
    if (end - at >= HEADER) return isHeader(bytes, at) ? 'yes' : 'no';
    // All kinds are written in capitals.
    for (let i = at; i < Math.min(end, at + 4); i++) if (bytes[i] < 0x41 || bytes[i] > 0x5a) return 'no';
    return 'more';
  },
  open: () => new Talk(),
  fields: [
    text('message', 'Kind of message: Hello, OpenSecureChannel, Message and others.', (m) =>
      kindName(m.one.kind),
    ),
    text('service', 'Service that is asked for.', (m) => m.one.service?.name),
    text(
      'effect',
      'In one word: read, write, control, configure, discover, session, connect, subscribe or other.',
      ({ one }) => one.service && effectOf(one.service.name),
    ),
    flag('answered', 'There was an answer.', (m) => m.response !== undefined),
    text('service_result', 'How it went.', ({ response }) =>
      response === undefined || response.result < 0 ? undefined : statusName(response.result),
    ),
    number('version', 'Version of the transport.', (m) => known(m.one.version)),
    text('endpoint.host', 'Host of the endpoint.', (m) => hostOf(m.one.url), { class: 'name' }),
    text('endpoint.url', 'Address of the endpoint.', (m) => m.one.url, { class: 'content' }),
    text('server_uri', 'Server that offers itself.', (m) => m.one.server, { class: 'name' }),
    number(
      'channel_id',
      'Number of the secure channel.',
      (m) => known(m.response?.channel) ?? known(m.one.channel),
    ),
    number('request_id', 'Number that ties an answer to its request.', (m) => known(m.one.request)),
    text('security_policy', 'Policy of the channel.', (m) => (m.one.kind === OPEN ? m.policy : undefined)),
    text('security_mode', 'None, Sign or SignAndEncrypt.', ({ one }) =>
      one.mode < 0 ? undefined : modeName(one.mode),
    ),
    text('channel_request', 'Issue or Renew.', ({ one }) =>
      one.opening < 0 ? undefined : requestName(one.opening),
    ),
    flag('secured', 'What is inside is encrypted.', ({ one }) => (one.isSecured ? true : undefined)),
    number('count', 'Nodes that are read or written, methods that are called.', (m) =>
      known(m.request?.count),
    ),
    text('user.token', 'How a user shows who he is: Anonymous, UserName, X509 or Issued.', ({ request }) =>
      request === undefined || request.token < 0 ? undefined : tokenName(request.token),
    ),
    text('user.name', 'Name of the user.', (m) => m.request?.user, { class: 'identifier' }),
    text('error', 'Why the connection is given up.', ({ response, request }) => {
      const code = response?.error ?? request?.error ?? -1;
      return code < 0 ? undefined : statusName(code);
    }),
  ],
  anomalies: { malformed_data: 'A message is shorter than what it says, or of no known kind.' },
} as const satisfies Protocol<Exchange>;
