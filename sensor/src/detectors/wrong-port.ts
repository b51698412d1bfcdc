// Protocols on wrong ports: what is spoken is not what the port is for.
/*
 * What: each connection's protocol, known by its bytes, against the ports on which it and others are at home. Remote
 * control and proxies towards the outside on ports that firewalls let through; any other protocol on another's port; and
 * bytes that are nobody's on a port that everybody knows.
 * Why it matters: firewalls open ports, not protocols. What wants out uses 53, 80 and 443, whatever it speaks.
 * Method: dynamic protocol detection (Dreger et al. 2006, "Dynamic Application-Layer Protocol Analysis for Network
 * Intrusion Detection") and its comparison with the port, as Zeek's ProtocolDetector::Protocol_Found and nDPI's risk
 * "Known Protocol on Non Standard Port" make it.
 * False positives: SSH on 443 for those behind a firewall (GitHub offers it), services that were put elsewhere.
 * ATT&CK: T1571 Non-Standard Port, T1572 Protocol Tunneling, T1219 Remote Access Tools, T1090 Proxy.
 */
import { TCP } from '../layers/packet.ts';
import type { Event, FlowView } from '../protocols/event.ts';
import { protocols } from '../protocols/index.ts';
import type { Protocol } from '../protocols/protocol.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Watch } from './detector.ts';
import { isAbroad, isInside } from './inside.ts';
import { Key } from './sketch/key.ts';
import { Silence } from './sketch/silence.ts';

const MAX_TOLD = 20_000;

const identity = (
  id: string,
  name: string,
  severity: RuleIdentity['severity'],
  confidence: number,
): RuleIdentity => ({
  id: `behaviour.wrong-port.${id}`,
  name,
  kind: 'behaviour',
  severity,
  confidence,
  tags: ['attack.command-and-control', 'attack.t1571', 'attack.t1572'],
});
const CONTROL = identity(
  'control',
  'Remote control or proxy on a port that firewalls let through',
  'medium',
  60,
);
const OTHER = identity('other', "Protocol on another protocol's port", 'low', 40);
const UNKNOWN = identity('unknown', 'Unknown protocol on a well-known port', 'low', 30);

/** What no firewall should let out, and what is therefore put on other ports. */
const CONTROLS: ReadonlySet<string> = new Set('ssh telnet rlogin rsh rdp rfb adb socks irc smb'.split(' '));
/** Ports that are open nearly everywhere. */
const OPEN: ReadonlySet<number> = new Set([25, 53, 80, 110, 123, 143, 443, 465, 587, 853, 993, 995]);
/** SSH on 443 is offered by honest hosts of source code. */
const SSH_ELSEWHERE = 443;
/** The web in all its forms. */
const WEB: ReadonlySet<string> = new Set('http http2 websocket tls quic dtls'.split(' '));
/** Where the web, and what is wrapped into it, is at home. */
const WEB_PORTS: ReadonlySet<number> = new Set([80, 443, 853, 3128, 8000, 8008, 8080, 8081, 8443, 8888]);
/** What sits on any port: wrappers, and protocols that agree on their ports by themselves. */
const ANYWHERE: ReadonlySet<string> = new Set(
  'tls dtls stun ftp-data bittorrent bittorrent-dht dcerpc wireguard openvpn sip rtp'.split(' '),
);
/** Names of one thing. */
const KIN: Readonly<Record<string, readonly string[]>> = {
  's7comm-plus': ['s7comm'],
  s7comm: ['s7comm-plus'],
  dcerpc: ['smb'],
  quic: ['dtls', 'http'],
  nbns: ['dns'],
  mdns: ['dns'],
  llmnr: ['dns'],
  rsh: ['syslog'],
};
/** Ports where bytes that nobody knows are worth a word. */
const KNOWN_PORTS: ReadonlySet<number> = new Set([22, 25, 53, 80, 443]);

/** Transport and port → protocols that are at home there. */
const HOMES = new Map<string, Set<string>>();
for (const { name, tcpPorts, udpPorts } of protocols as readonly Protocol[])
  for (const [transport, ports] of [
    ['TCP', tcpPorts],
    ['UDP', udpPorts],
  ] as const)
    for (const port of ports) {
      const place = `${transport} ${port}`;
      HOMES.set(place, (HOMES.get(place) ?? new Set()).add(name));
    }
/** The same, by port alone: who is at home on neither must not look further. */
const ports = (transport: string): ReadonlyMap<number, ReadonlySet<string>> =>
  new Map(
    [...HOMES]
      .filter(([place]) => place.startsWith(transport))
      .map(([place, names]) => [Number(place.slice(4)), names]),
  );
const TCP_HOMES = ports('TCP');
const UDP_HOMES = ports('UDP');

export const wrongPort: Detector = {
  name: 'wrong-port',
  about: 'Protocols on ports that belong to others.',
  raises: [CONTROL, OTHER, UNKNOWN],
  looksAt: { flow: 'whole' },
  knobs: {
    bytes: {
      default: 200,
      unit: 'bytes each way',
      about: 'Of an unknown protocol, before it counts: less is a probe, or an error in clear.',
    },
    quiet_s: { default: 86_400, unit: 's', about: 'The same pair and port are not told again for a day.' },
  },
  start: (knobs, sink) => new WrongPort(knobs, sink),
};

/** What is wrong about a flow's port; undefined when nothing is. */
export function wrongness(flow: FlowView, isOutward: boolean, least: number): RuleIdentity | undefined {
  const { dest_port: port } = flow;
  const homes = (flow.protocol === TCP ? TCP_HOMES : UDP_HOMES).get(port);
  if (homes === undefined) return undefined;
  // What a connection began as is what its port is for; what it became after STARTTLS is not.
  const spoken = flow.app_proto_orig ?? flow.app_proto;
  if (spoken === undefined) return isOutward && isUnknown(flow, least) ? UNKNOWN : undefined;
  if (homes.has(spoken) || KIN[spoken]?.some((name) => homes.has(name))) return undefined;
  if (CONTROLS.has(spoken) && isOutward && OPEN.has(port) && !(spoken === 'ssh' && port === SSH_ELSEWHERE))
    return CONTROL;
  if (ANYWHERE.has(spoken) || (WEB.has(spoken) && WEB_PORTS.has(port))) return undefined;
  return OTHER;
}

/** A whole conversation from its first byte on, and nobody knows what was said. */
function isUnknown(flow: FlowView, least: number): boolean {
  if (flow.protocol !== TCP || !KNOWN_PORTS.has(flow.dest_port) || flow.shed) return false;
  if (flow.payload_toserver < least || flow.payload_toclient < least) return false;
  const isWhole = flow.history.startsWith('Sh') && flow.missing_toserver === 0 && flow.missing_toclient === 0;
  return isWhole && flow.exported === undefined;
}

class WrongPort implements Watch {
  readonly #least: number;
  readonly #sink: AlertSink;
  readonly #told: Silence;
  readonly #key = new Key();

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink) {
    this.#least = knobs['bytes'];
    this.#sink = sink;
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_TOLD);
  }

  relieve(): void {
    this.#told.age();
  }

  event(event: Event): void {
    const { flow } = event;
    if (event.type !== 'flow' || flow.payload_toclient === 0) return;
    const isOutward = isAbroad(flow, false) && isInside(flow, true);
    const rule = wrongness(flow, isOutward, this.#least);
    if (rule === undefined) return;
    const key = this.#key.begin().source(flow).destination(flow).word(flow.dest_port);
    if (!this.#told.tell(key, event.time)) return;
    const { src_ip, dest_ip, dest_port, app_proto, app_proto_orig } = flow;
    const spoken = app_proto_orig ?? app_proto;
    const reason =
      spoken === undefined
        ? {
            en: `${src_ip} spoke with port ${dest_port} of ${dest_ip} in a protocol that is none of those known there.`,
            ja: `${src_ip} が ${dest_ip} のポート ${dest_port} と、既知のどれでもないプロトコルで通信しました。`,
          }
        : {
            en: `${src_ip} spoke ${spoken} with port ${dest_port} of ${dest_ip}, which is another protocol's.`,
            ja: `${src_ip} が ${dest_ip} のポート ${dest_port} で、本来と異なるプロトコル ${spoken} を使用しました。`,
          };
    const matched = spoken === undefined ? ['dest_port'] : ['dest_port', 'app_proto'];
    this.#sink.raise({ rule, reason, matched }, event);
  }
}
