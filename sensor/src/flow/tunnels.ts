// Through which tunnel each flow came: its ends, kind and network, in columns beside the flow table.
//
//   0–3 source · 4–7 destination · 8 ports · 9 protocol | version << 8 | depth << 16 | wrapping << 24 · 10 network
//
// A flow's key holds one number for the tunnels around it, the same for all packets of one network (layers/inner.ts).
// The ends stand here once a flow, as its first packet had them. Without tunnels nothing is allocated.
import { ipv4Text, ipv6Text } from '../bytes/address.ts';
import { CARRIES, type Packet } from '../layers/packet.ts';
import { PROTO } from './proto.ts';

export const TUNNEL_WORDS = 11;
const DESTINATION = 4;
const PORTS = 8;
const KIND = 9;
const NETWORK = 10;

const TYPES: Readonly<Record<number, string>> = {
  [CARRIES.ip]: 'ip',
  [CARRIES.gre]: 'gre',
  [CARRIES.etherip]: 'etherip',
  [CARRIES.vxlan]: 'vxlan',
  [CARRIES.geneve]: 'geneve',
  [CARRIES.gtp]: 'gtp',
  [CARRIES.teredo]: 'teredo',
  [CARRIES.capwap]: 'capwap',
  [CARRIES.l2tp]: 'l2tp',
};

/** The tunnels around a flow: ends of the outermost, kind and network of the innermost. Valid during the call only. */
export interface TunnelView {
  readonly src_ip: string;
  readonly dest_ip: string;
  /** 0 for a tunnel without ports. */
  readonly src_port: number;
  readonly dest_port: number;
  /** EVE spelling: UDP, GRE, IPv6 … */
  readonly proto: string;
  /** Tunnels inside each other. */
  readonly depth: number;
  readonly type: string;
  /** Virtual network of VXLAN and GENEVE, segment of NVGRE, key of GRE; undefined when there is none. */
  readonly network: number | undefined;
}

export class Tunnels {
  readonly #slots: number;
  #words = new Int32Array(0);
  readonly #view = new View();

  /** @param slots of the flow table */
  constructor(slots: number) {
    this.#slots = slots;
  }

  /** The flow of this slot was opened by this packet, which is inside of a tunnel. */
  remember(slot: number, p: Packet): void {
    const at = slot * TUNNEL_WORDS;
    // All of it at once: the system gives pages as they are first used.
    if (this.#words.length === 0) this.#words = new Int32Array(this.#slots * TUNNEL_WORDS);
    const words = this.#words;
    for (let i = 0; i < 4; i++) {
      words[at + i] = p.outerSource[i];
      words[at + DESTINATION + i] = p.outerDestination[i];
    }
    words[at + PORTS] = (p.outerSourcePort << 16) | p.outerDestinationPort;
    words[at + KIND] = p.outerProtocol | (p.outerVersion << 8) | (p.depth << 16) | (p.wrapping << 24);
    words[at + NETWORK] = p.network;
  }

  /** What was remembered of this slot, which holds a flow that came through a tunnel. */
  of(slot: number): TunnelView | undefined {
    if ((slot + 1) * TUNNEL_WORDS > this.#words.length) return undefined;
    this.#view.words = this.#words;
    this.#view.at = slot * TUNNEL_WORDS;
    return this.#view;
  }
}

class View implements TunnelView {
  words = new Int32Array(TUNNEL_WORDS);
  at = 0;

  #address(from: number): string {
    const { words } = this;
    const at = this.at + from;
    return ((words[this.at + KIND] >> 8) & 255) === 4
      ? ipv4Text(words[at + 3] >>> 0)
      : ipv6Text(words[at] >>> 0, words[at + 1] >>> 0, words[at + 2] >>> 0, words[at + 3] >>> 0);
  }
  get src_ip(): string {
    return this.#address(0);
  }
  get dest_ip(): string {
    return this.#address(DESTINATION);
  }
  get src_port(): number {
    return this.words[this.at + PORTS] >>> 16;
  }
  get dest_port(): number {
    return this.words[this.at + PORTS] & 0xffff;
  }
  get proto(): string {
    const protocol = this.words[this.at + KIND] & 255;
    return PROTO[protocol] ?? String(protocol);
  }
  get depth(): number {
    return (this.words[this.at + KIND] >> 16) & 255;
  }
  get type(): string {
    return TYPES[this.words[this.at + KIND] >>> 24] ?? 'unknown';
  }
  get network(): number | undefined {
    const network = this.words[this.at + NETWORK];
    return network === -1 ? undefined : network >>> 0;
  }
}
