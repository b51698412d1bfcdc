// BitTorrent's distributed hash table (BEP 5, 32), as EVE `bittorrent_dht` records: who looks for whom and for what.
import { ipv4Text } from '../../bytes/address.ts';
import { shown } from '../../bytes/line.ts';
import { u16, u32 } from '../../bytes/read.ts';
import { hex } from '../../bytes/text.ts';
import { fieldsOf } from '../describe.ts';
import { ipv6 } from '../dns/rdata.ts';
import type { Emit, Protocol, Verdict } from '../protocol.ts';
import { member, number, skip, Text } from './bencode.ts';

const DICTIONARY = 0x64;
const LIST = 0x6c;
const ID_BYTES = 20;
const NODE_BYTES = 26;
const NODE6_BYTES = 38;
/** Nodes and peers of one message that are told. */
const MAX_NODES = 32;
const MAX_SHOWN = 64;

/** One message: where its dictionary is. Whole from the first byte to the last. */
class Message {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;
  readonly #text = new Text();

  take(b: Uint8Array, at: number, end: number): boolean {
    this.bytes = b;
    this.at = at;
    this.end = end;
    return b[at] === DICTIONARY && skip(b, at, end) === end && this.kind !== '' && this.member('t') > 0;
  }

  member(key: string): number {
    return member(this.bytes, this.at, this.end, key);
  }
  /** Of the question's arguments, or of the answer. */
  inside(part: 'a' | 'r', key: string): number {
    return member(this.bytes, this.member(part), this.end, key);
  }
  /** q question, r answer, e error; '' for what is no message of this protocol. */
  get kind(): string {
    const text = this.#read(this.member('y'));
    const letter = text === undefined || text.to - text.from !== 1 ? 0 : this.bytes[text.from];
    return letter === 0x71 || letter === 0x72 || letter === 0x65 ? String.fromCharCode(letter) : '';
  }
  #read(at: number): Text | undefined {
    return at > 0 && this.#text.read(this.bytes, at, this.end) ? this.#text : undefined;
  }
  hex(at: number): string | undefined {
    const text = this.#read(at);
    return text === undefined || text.to === text.from
      ? undefined
      : hex(this.bytes, text.from, Math.min(text.to, text.from + MAX_SHOWN));
  }
  text(at: number): string | undefined {
    const text = this.#read(at);
    return text === undefined ? undefined : shown(this.bytes, text.from, text.to);
  }
  /** Something of each node of a list of nodes. */
  nodes<T>(key: 'nodes' | 'nodes6', get: (b: Uint8Array, at: number) => T): T[] | undefined {
    const text = this.#read(this.inside('r', key));
    if (text === undefined) return undefined;
    const size = key === 'nodes' ? NODE_BYTES : NODE6_BYTES;
    const count = Math.min(MAX_NODES, Math.floor((text.to - text.from) / size));
    const { from } = text;
    return count === 0
      ? undefined
      : Array.from({ length: count }, (_, i) => get(this.bytes, from + i * size));
  }
  /** Something of each peer: an address and a port each in a string of its own. */
  peers<T>(get: (b: Uint8Array, at: number, length: number) => T): T[] | undefined {
    let at = this.inside('r', 'values');
    if (at < 0 || this.bytes[at] !== LIST) return undefined;
    const list: T[] = [];
    at++;
    while (list.length < MAX_NODES) {
      const text = this.#read(at);
      if (text === undefined) break;
      const length = text.to - text.from;
      if (length === 6 || length === 18) list.push(get(this.bytes, text.from, length));
      at = text.to;
    }
    return list.length > 0 ? list : undefined;
  }
}

const message = new Message();

const of = fieldsOf<Message>('bittorrent_dht');

export const bittorrentDht = {
  name: 'bittorrent-dht',
  record: 'bittorrent_dht',
  about: 'Distributed hash table of BitTorrent.',
  tcpPorts: [],
  udpPorts: [6881],
  probe: (bytes, at, end): Verdict =>
    end - at > 16 && bytes[at] === DICTIONARY && message.take(bytes, at, end) ? 'yes' : 'no',
  datagram(bytes, at, end, _, emit: Emit) {
    // Data go between the same ports, in another protocol (µTP).
    if (end - at < 2 || bytes[at] !== DICTIONARY) return;
    if (!message.take(bytes, at, end)) return emit.anomaly('malformed_packet');
    emit.event(message);
  },
  fields: [
    of('transaction_id', 'string', 'protocol', 'Number of the exchange, hex.', (m) => m.hex(m.member('t'))),
    of('client_version', 'string', 'protocol', 'Program and its version, hex.', (m) => m.hex(m.member('v'))),
    of('request_type', 'string', 'protocol', 'ping, find_node, get_peers, announce_peer and so on.', (m) =>
      m.kind === 'q' ? m.text(m.member('q')) : undefined,
    ),
    of('error.num', 'integer', 'protocol', 'Number of the error.', (m) => {
      const at = m.kind === 'e' ? m.member('e') : -1;
      return at < 0 || m.bytes[at] !== LIST ? undefined : number(m.bytes, at + 1, m.end);
    }),
    of('error.msg', 'string', 'protocol', 'The error in words.', (m) => {
      const at = m.kind === 'e' ? m.member('e') : -1;
      return at < 0 || m.bytes[at] !== LIST ? undefined : m.text(skip(m.bytes, at + 1, m.end));
    }),
    of('request.id', 'string', 'identifier', 'Identifier of whoever asks, hex.', (m) =>
      m.hex(m.inside('a', 'id')),
    ),
    of('request.target', 'string', 'identifier', 'Whom it looks for, hex.', (m) =>
      m.hex(m.inside('a', 'target')),
    ),
    of('request.info_hash', 'string', 'content', 'What it looks for or has, hex.', (m) =>
      m.hex(m.inside('a', 'info_hash')),
    ),
    of('request.token', 'string', 'protocol', 'What it was given to announce with, hex.', (m) =>
      m.hex(m.inside('a', 'token')),
    ),
    of('request.implied_port', 'integer', 'protocol', '1: its port is the one it asks from.', (m) =>
      number(m.bytes, m.inside('a', 'implied_port'), m.end),
    ),
    of('request.port', 'integer', 'flow', 'Port on which it has it.', (m) =>
      number(m.bytes, m.inside('a', 'port'), m.end),
    ),
    of('response.id', 'string', 'identifier', 'Identifier of whoever answers, hex.', (m) =>
      m.hex(m.inside('r', 'id')),
    ),
    of('response.nodes[].id', 'string', 'identifier', 'Identifier of a node, hex.', (m) =>
      m.nodes('nodes', (b, at) => hex(b, at, at + ID_BYTES)),
    ),
    of('response.nodes[].ip', 'address', 'flow', 'Address of a node.', (m) =>
      m.nodes('nodes', (b, at) => ipv4Text(u32(b, at + ID_BYTES))),
    ),
    of('response.nodes[].port', 'integer', 'flow', 'Port of a node.', (m) =>
      m.nodes('nodes', (b, at) => u16(b, at + ID_BYTES + 4)),
    ),
    of('response.nodes6[].id', 'string', 'identifier', 'Identifier of a node, hex.', (m) =>
      m.nodes('nodes6', (b, at) => hex(b, at, at + ID_BYTES)),
    ),
    of('response.nodes6[].ip', 'address', 'flow', 'IPv6 address of a node.', (m) =>
      m.nodes('nodes6', (b, at) => ipv6(b, at + ID_BYTES)),
    ),
    of('response.nodes6[].port', 'integer', 'flow', 'Port of a node.', (m) =>
      m.nodes('nodes6', (b, at) => u16(b, at + ID_BYTES + 16)),
    ),
    of('response.values[].ip', 'address', 'flow', 'Address of a peer that has it.', (m) =>
      m.peers((b, at, length) => (length === 6 ? ipv4Text(u32(b, at)) : ipv6(b, at))),
    ),
    of('response.values[].port', 'integer', 'flow', 'Port of that peer.', (m) =>
      m.peers((b, at, length) => u16(b, at + length - 2)),
    ),
    of('response.token', 'string', 'protocol', 'What to announce with, hex.', (m) =>
      m.hex(m.inside('r', 'token')),
    ),
  ],
  anomalies: { malformed_packet: 'A message that is not well-formed.' },
} as const satisfies Protocol<Message>;
