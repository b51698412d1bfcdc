// A scene for a capture that is built: hosts, a clock, and conversations that follow one another on one wire.
import type { Spoken } from '../../laws/conversations/conversation.ts';
import type { Frame } from '../../support/packets/capture.ts';
import { NOON } from '../../support/packets/capture.ts';
import { Conversation, datagrams } from '../../support/packets/conversation.ts';
import { ethernet, ip, type Segment } from '../../support/packets/frame.ts';

/** Who says what, as the books of `test/laws/conversations` have it. */
export type Talk = Pick<Spoken, 'transport' | 'port' | 'messages'>;

/** What the note beside a capture says of it. */
export interface About {
  readonly kind: 'attack' | 'benign';
  readonly title: string;
  readonly origin: string;
  readonly attacker?: readonly string[];
  readonly victims?: readonly string[];
}

export interface Take {
  readonly about: About;
  readonly scene: Scene;
}

export interface Ways {
  readonly port?: number;
  readonly clientPort?: number;
  /** Bytes of a segment at most. */
  readonly segment?: number;
}

const SECOND = 1e6;
/** Between two conversations, µs. */
const PAUSE = 0.2 * SECOND;
const FIRST_PORT = 40_000;

const INSIDE = /^(10\.|fd00:|fe80:)/;
const macOf = (address: string): number[] => {
  if (/^(22[4-9]|23\d)\./.test(address)) {
    const [, b, c, d] = address.split('.').map(Number);
    return [1, 0, 0x5e, b & 127, c, d];
  }
  if (address.endsWith('.255')) return [255, 255, 255, 255, 255, 255];
  // What is outside comes through the router.
  const near = INSIDE.test(address) && address.includes('.') ? address : '10.20.0.1';
  return [2, ...near.split('.').map(Number), 1];
};

/** Each frame with the hardware addresses of the two that speak. */
function dressed(frames: readonly Frame[]): Frame[] {
  for (const { bytes } of frames) {
    if (bytes[12] !== 8 || bytes[13] !== 0) continue;
    bytes.set(macOf(bytes.slice(30, 34).join('.')), 0);
    bytes.set(macOf(bytes.slice(26, 30).join('.')), 6);
  }
  return [...frames];
}

export class Scene {
  readonly #frames: Frame[] = [];
  #clock = NOON;
  #port = FIRST_PORT;

  get frames(): readonly Frame[] {
    return this.#frames.toSorted((a, b) => a.time - b.time);
  }

  wait(seconds: number): this {
    this.#clock += seconds * SECOND;
    return this;
  }

  /** One conversation from its first packet to its last; then a pause. */
  talk(client: string, server: string, { transport, port, messages }: Talk, ways: Ways = {}): this {
    const ends = {
      client,
      server,
      clientPort: ways.clientPort ?? this.#port++,
      serverPort: ways.port ?? port,
      start: this.#clock,
    };
    if (transport === 'udp') return this.#put(datagrams(ends, messages));
    const conversation = new Conversation(ends).handshake();
    for (const [side, bytes] of messages)
      conversation
        .send(side, bytes, ways.segment ?? 1460)
        .acknowledge(side === 'client' ? 'server' : 'client');
    return this.#put(conversation.close().frames);
  }

  tcp(client: string, server: string, port: number, ...messages: Talk['messages']): this {
    return this.talk(client, server, { transport: 'tcp', port, messages });
  }

  udp(client: string, server: string, port: number, ...messages: Talk['messages']): this {
    return this.talk(client, server, { transport: 'udp', port, messages });
  }

  /** One packet of any kind. */
  packet(src: string, dest: string, segment: Segment): this {
    return this.#put([{ time: this.#clock, bytes: ethernet(ip({ src, dest }, segment)) }]);
  }

  #put(frames: readonly Frame[]): this {
    this.#frames.push(...dressed(frames));
    this.#clock = (frames.at(-1)?.time ?? this.#clock) + PAUSE;
    return this;
  }
}

/** The n-th conversation of a book, or only its messages from one to another. */
export function part(book: readonly Spoken[], n: number, from = 0, to = Number.POSITIVE_INFINITY): Talk {
  const { transport, port, messages } = book[n];
  return { transport, port, messages: messages.slice(from, to) };
}
