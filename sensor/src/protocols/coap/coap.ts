// CoAP over UDP (RFC 7252): a record for each request with its response; news of what is observed a record each.
import { describe } from '../describe.ts';
import type { DatagramParser, Direction, Emit, Field, Protocol, Value } from '../protocol.ts';
import { type Block, Message, RESET } from './message.ts';
import { codeName, codeText, effectOf, formatName, isCode, typeName } from './names.ts';

/** Requests of one flow that wait for their responses. */
const MAX_WAITING = 64;

class Exchange {
  request: Message | undefined;
  response: Message | undefined;
  /** The other side did not want the message. */
  isReset = false;
  get one(): Message {
    return (this.request ?? this.response) as Message;
  }
}
/** Reused: valid during the event. */
const exchange = new Exchange();

/** Requests wait by their token, of the side that asked. */
class Talk implements DatagramParser {
  readonly #waiting = new Map<string, Message>();

  datagram(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    if (!Message.isAt(bytes, at, end)) {
      emit.anomaly('malformed_data');
      return 0;
    }
    const message = Message.read(bytes, at, end);
    if (message.malformed) emit.anomaly('malformed_data');
    if (message.isRequest) this.#ask(message, direction, emit);
    else if (message.isEmpty) {
      if (message.type === RESET) this.#reset(message, direction, emit);
    } else {
      const key = `${1 - direction}${message.token}`;
      const request = this.#waiting.get(key);
      this.#waiting.delete(key);
      this.#tell(request, message, false, emit);
    }
    return 0;
  }

  end(emit: Emit): void {
    for (const request of this.#waiting.values()) this.#tell(request, undefined, false, emit);
    this.#waiting.clear();
  }

  #ask(message: Message, direction: Direction, emit: Emit): void {
    const key = `${direction}${message.token}`;
    const before = this.#waiting.get(key);
    // Sent again: the same number.
    if (before?.id === message.id) return;
    this.#waiting.delete(key);
    this.#waiting.set(key, message);
    if (before !== undefined) this.#tell(before, undefined, false, emit);
    if (this.#waiting.size <= MAX_WAITING) return;
    for (const [oldest, request] of this.#waiting) {
      this.#waiting.delete(oldest);
      this.#tell(request, undefined, false, emit);
      return;
    }
  }

  /** Refuses a message by its number. */
  #reset({ id }: Message, direction: Direction, emit: Emit): void {
    for (const [key, request] of this.#waiting)
      if (request.id === id && key.startsWith(String(1 - direction))) {
        this.#waiting.delete(key);
        this.#tell(request, undefined, true, emit);
        return;
      }
  }

  #tell(request: Message | undefined, response: Message | undefined, isReset: boolean, emit: Emit): void {
    exchange.request = request;
    exchange.response = response;
    exchange.isReset = isReset;
    emit.event(exchange);
  }
}

const { text, number, flag } = describe<Exchange>('coap');
const known = (n: number | undefined): number | undefined => (n === undefined || n < 0 ? undefined : n);
const asked = (m: Exchange, get: (request: Message) => Value): Value => m.request && get(m.request);
const answered = (m: Exchange, get: (response: Message) => Value): Value => m.response && get(m.response);
type Side = 'request' | 'response';
const format = (m: Message | undefined): string | undefined =>
  m === undefined || m.contentFormat < 0 ? undefined : formatName(m.contentFormat);

function blocks(side: Side, name: 'block1' | 'block2'): Field<Exchange>[] {
  const get =
    (read: (block: Block) => Value) =>
    (m: Exchange): Value => {
      const block = m[side]?.[name];
      return block && read(block);
    };
  const what = name === 'block1' ? 'request' : 'response';
  return [
    number(
      `${side}.${name}.number`,
      `Which part of the ${what}'s body.`,
      get((b) => b.number),
    ),
    flag(
      `${side}.${name}.more`,
      'More parts follow.',
      get((b) => b.more),
    ),
    number(
      `${side}.${name}.size`,
      'Bytes of a part.',
      get((b) => b.size),
    ),
  ];
}

export const coap = {
  name: 'coap',
  about: 'CoAP: requests to constrained devices.',
  tcpPorts: [],
  udpPorts: [5683],
  probe(bytes, at, end) {
    if (!Message.isAt(bytes, at, end)) return 'no';
    const message = Message.read(bytes, at, end);
    if (message.malformed || !isCode(message.code)) return 'no';
    // Four bytes alone may be anything; on the port of CoAP they are its.
    const saysMuch = message.path !== undefined || message.contentFormat >= 0 || message.observe >= 0;
    return saysMuch && message.isKnown ? 'yes' : 'more';
  },
  openDatagrams: () => new Talk(),
  fields: [
    text('type', 'Confirmable, Non-confirmable, Acknowledgement or Reset.', (m) => typeName(m.one.type)),
    number('message_id', 'Number of the message.', (m) => m.one.id),
    text('method', 'What is asked for: GET, POST, PUT, DELETE, FETCH, PATCH or iPATCH.', (m) =>
      asked(m, (r) => codeName(r.code)),
    ),
    text('effect', 'In one word: read, write or other.', (m) => asked(m, (r) => effectOf(codeName(r.code)))),
    text('host', 'Host that is asked.', (m) => asked(m, (r) => r.host), { class: 'name' }),
    number('port', 'Port that is asked.', (m) => asked(m, (r) => known(r.port))),
    text('path', 'Path of the resource.', (m) => asked(m, (r) => r.path ?? '/'), { class: 'content' }),
    text('query', 'Query.', (m) => asked(m, (r) => r.query), { class: 'content' }),
    text('proxy_uri', 'Address that a proxy is to ask.', (m) => asked(m, (r) => r.proxy), {
      class: 'content',
    }),
    number('observe', '0 asks for news of the resource, 1 ends it.', (m) =>
      asked(m, (r) => known(r.observe)),
    ),
    text('accept', 'Form that is wanted.', (m) =>
      asked(m, (r) => (r.accept < 0 ? undefined : formatName(r.accept))),
    ),
    text('request.content_format', 'Form of what is sent.', (m) => format(m.request)),
    number('request.length', 'Bytes that are sent.', (m) => asked(m, (r) => r.length)),
    ...blocks('request', 'block1'),
    ...blocks('request', 'block2'),
    text('code', 'Code of the response: class, dot, detail.', (m) => answered(m, (r) => codeText(r.code))),
    text('status', 'Its name.', (m) => answered(m, (r) => codeName(r.code))),
    text('response.content_format', 'Form of what comes back.', (m) => format(m.response)),
    number('response.length', 'Bytes that come back.', (m) => answered(m, (r) => r.length)),
    number('response.observe', 'Number of the news.', (m) => answered(m, (r) => known(r.observe))),
    ...blocks('response', 'block1'),
    ...blocks('response', 'block2'),
    flag('reset', 'The other side did not want the message.', (m) => (m.isReset ? true : undefined)),
  ],
  anomalies: { malformed_data: 'A message is cut, or no message.' },
} as const satisfies Protocol<Exchange>;
