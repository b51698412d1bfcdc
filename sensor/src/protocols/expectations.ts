// Flows that another flow announced: whose port, which protocol. Few, short-lived, and bounded.
import type { Packet } from '../layers/packet.ts';

export interface Expectation {
  readonly protocol: string;
  readonly about: unknown;
  /** µs of packet time. */
  readonly until: number;
}

/** The oldest is forgotten beyond it. */
const MAX_EXPECTED = 4096;
const LIFE = 60e6;

const keyOf = (address: Uint32Array, port: number): string =>
  `${address[0]}.${address[1]}.${address[2]}.${address[3]}.${port}`;

export class Expectations {
  readonly #waiting = new Map<string, Expectation>();

  /** @param atDestination the port belongs to the side that this packet goes to */
  add(p: Packet, atDestination: boolean, port: number, protocol: string, about: unknown): void {
    const key = keyOf(atDestination ? p.destination : p.source, port);
    this.#waiting.delete(key);
    this.#waiting.set(key, { protocol, about, until: p.time + LIFE });
    if (this.#waiting.size <= MAX_EXPECTED) return;
    for (const oldest of this.#waiting.keys()) {
      this.#waiting.delete(oldest);
      return;
    }
  }

  /** What this packet's new flow was announced as, at either of its ends; told once. */
  take(p: Packet): Expectation | undefined {
    if (this.#waiting.size === 0) return undefined;
    return this.#at(p.destination, p.destinationPort, p.time) ?? this.#at(p.source, p.sourcePort, p.time);
  }

  #at(address: Uint32Array, port: number, time: number): Expectation | undefined {
    const key = keyOf(address, port);
    const found = this.#waiting.get(key);
    if (found === undefined) return undefined;
    this.#waiting.delete(key);
    return found.until >= time ? found : undefined;
  }
}
