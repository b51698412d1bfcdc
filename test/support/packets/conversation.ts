// A TCP connection as both ends would have it: handshake, data in segments, farewell; each packet becomes a frame.
import type { Frame } from './capture.ts';
import { NOON } from './capture.ts';
import { ethernet, ip, type TcpHeader, tcp, udp, type Vlans } from './frame.ts';
import { type Octets, octets } from './octets.ts';

export interface Ends {
  readonly client?: string;
  readonly server?: string;
  readonly clientPort?: number;
  readonly serverPort?: number;
  readonly vlans?: Vlans;
  /** Time of the first packet, µs. */
  readonly start?: number;
  /** Between two packets, µs. */
  readonly pace?: number;
}

const DEFAULTS = {
  client: '10.1.0.7',
  server: '198.51.100.9',
  clientPort: 40_000,
  serverPort: 80,
  vlans: [] as Vlans,
  start: NOON,
  pace: 1000,
};

export type Side = 'client' | 'server';

export class Conversation {
  readonly frames: Frame[] = [];
  readonly ends: Required<Ends>;
  time: number;
  /** Next sequence number of each side. */
  readonly next: Record<Side, number>;

  /** @param first sequence numbers of the two SYNs */
  constructor(ends: Ends = {}, first = { client: 1000, server: 5000 }) {
    this.ends = { ...DEFAULTS, ...ends };
    this.time = this.ends.start;
    this.next = { ...first };
  }

  /** A packet with everything as given; numbers that are not come from the connection's state. */
  packet(side: Side, header: Partial<TcpHeader> & { flags: string }, payload: Octets = []): this {
    const { client, server, clientPort, serverPort, vlans, pace } = this.ends;
    const fromClient = side === 'client';
    const peer = fromClient ? 'server' : 'client';
    const segment = tcp(
      {
        from: fromClient ? clientPort : serverPort,
        to: fromClient ? serverPort : clientPort,
        sequence: this.next[side],
        acknowledged: header.flags.includes('A') ? this.next[peer] : 0,
        ...header,
      },
      payload,
    );
    const addresses = fromClient ? { src: client, dest: server } : { src: server, dest: client };
    this.frames.push({ time: this.time, bytes: ethernet(ip(addresses, segment), vlans) });
    this.time += pace;
    return this;
  }

  #advance(side: Side, count: number): void {
    this.next[side] = (this.next[side] + count) >>> 0;
  }

  handshake(): this {
    this.packet('client', { flags: 'S', options: [2, 4, 5, 180] });
    this.#advance('client', 1);
    this.packet('server', { flags: 'SA', options: [2, 4, 5, 180] });
    this.#advance('server', 1);
    return this.packet('client', { flags: 'A' });
  }

  /** Sends data in segments of at most `size` bytes, without an answering ACK. */
  send(side: Side, data: Octets, size = 1460): this {
    const bytes = octets(data);
    for (let at = 0; at < bytes.length; at += size) {
      const piece = bytes.subarray(at, at + size);
      this.packet(side, { flags: at + size >= bytes.length ? 'PA' : 'A' }, piece);
      this.#advance(side, piece.length);
    }
    return this;
  }

  acknowledge(side: Side): this {
    return this.packet(side, { flags: 'A' });
  }

  /** Bytes that the capture never saw, though the other side did. */
  lose(side: Side, count: number): this {
    this.#advance(side, count);
    return this;
  }

  wait(microseconds: number): this {
    this.time += microseconds;
    return this;
  }

  /** Both sides say farewell. */
  close(): this {
    this.packet('client', { flags: 'FA' });
    this.#advance('client', 1);
    this.packet('server', { flags: 'FA' });
    this.#advance('server', 1);
    return this.packet('client', { flags: 'A' });
  }

  reset(side: Side): this {
    return this.packet(side, { flags: 'R' });
  }
}

/** UDP datagrams in turn, the client's first. */
export function datagrams(ends: Ends, messages: readonly (readonly [Side, Octets])[]): Frame[] {
  const { client, server, clientPort, serverPort, vlans, start, pace } = {
    ...DEFAULTS,
    serverPort: 53,
    ...ends,
  };
  return messages.map(([side, payload], i) => {
    const fromClient = side === 'client';
    const [src, dest] = fromClient ? [client, server] : [server, client];
    const [from, to] = fromClient ? [clientPort, serverPort] : [serverPort, clientPort];
    return {
      time: start + i * pace,
      bytes: ethernet(ip({ src, dest }, udp({ from, to }, payload)), vlans),
    };
  });
}
