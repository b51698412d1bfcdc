// Which protocol a flow's first bytes are: those that name its port are asked first, then all the others.
import { type Direction, STREAM_DONE } from '../flow/parser.ts';
import type { Protocol } from './protocol.ts';

/** Bytes of one direction in which a stream's protocol must show. */
const MAX_PROBED = 2048;

/** For each port the protocols that name it, and the others behind them; for all other ports the registry's order. */
class Order {
  readonly #others: readonly Protocol[];
  readonly #byPort = new Map<number, readonly Protocol[]>();
  readonly #named = new Map<number, number>();

  constructor(protocols: readonly Protocol[], ports: (protocol: Protocol) => readonly number[]) {
    this.#others = protocols;
    for (const port of new Set(protocols.flatMap(ports))) {
      const named = protocols.filter((protocol) => ports(protocol).includes(port));
      this.#byPort.set(port, [...named, ...protocols.filter((protocol) => !named.includes(protocol))]);
      this.#named.set(port, named.length);
    }
  }

  for(port: number): readonly Protocol[] {
    return this.#byPort.get(port) ?? this.#others;
  }

  /** How many of them name the port. */
  named(port: number): number {
    return this.#named.get(port) ?? 0;
  }
}

export class Probes {
  readonly #tcp: Order;
  readonly #udp: Order;

  constructor(protocols: readonly Protocol[]) {
    this.#tcp = new Order(
      protocols.filter((p) => p.open !== undefined),
      (p) => p.tcpPorts,
    );
    this.#udp = new Order(
      protocols.filter((p) => p.datagram !== undefined || p.openDatagrams !== undefined),
      (p) => p.udpPorts,
    );
  }

  /** @returns the protocol; 0 to ask for more bytes; STREAM_DONE when none of them speaks like that */
  stream(
    bytes: Uint8Array,
    at: number,
    end: number,
    direction: Direction,
    port: number,
  ): Protocol | typeof STREAM_DONE | 0 {
    let undecided = false;
    for (const protocol of this.#tcp.for(port)) {
      const verdict = protocol.probe(bytes, at, end, direction, 'tcp');
      if (verdict === 'yes') return protocol;
      if (verdict === 'more') undecided = true;
    }
    return undecided && end - at < MAX_PROBED ? 0 : STREAM_DONE;
  }

  /**
   * On its own port a datagram need only be plausible. An answer to a question by multicast is a flow of its own, whose
   * first side is the server's.
   */
  datagram(
    bytes: Uint8Array,
    at: number,
    end: number,
    direction: Direction,
    serverPort: number,
    clientPort: number,
  ): Protocol | undefined {
    const port = this.#udp.named(serverPort) > 0 ? serverPort : clientPort;
    const order = this.#udp.for(port);
    const named = this.#udp.named(port);
    for (let i = 0; i < order.length; i++) {
      const verdict = order[i].probe(bytes, at, end, direction, 'udp');
      if (verdict === 'yes' || (verdict === 'more' && i < named)) return order[i];
    }
    return undefined;
  }
}
