// First seen: an inside host offers a service that it never offered, or a server calls somebody outside that it never did.
/*
 * What: after a learning time of the network and of the host itself, the first answered connection to a TCP port of an
 * inside host; and the first connection of a server to a network outside, if it calls few.
 * Why it matters: a back door listens, and a server that was taken over calls home. Servers do few things, and the same
 * ones for years: what is new on them is rare enough to be looked at.
 * Method: per-host profiles of services and peers as in Zeek's known-services and in Slips' profiles; first-seen as a
 * signal of its own with Hodge and Austin 2004 ("A Survey of Outlier Detection Methodologies", novelty), bounded to hosts
 * that are regular (Wei, Mirkovic and Kissel 2006, "Profiling and Clustering Internet Hosts").
 * False positives: installations and updates; networks of large content providers that change. Therefore low.
 * ATT&CK: T1571 Non-Standard Port, T1505 Server Software Component, T1071 Application Layer Protocol.
 */
import { TCP } from '../layers/packet.ts';
import type { FlowView } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Forgetful, Learning, Learnt } from './detector.ts';
import { isAbroad, isInside } from './inside.ts';
import { readAddress } from './sketch/addresses.ts';
import { Key } from './sketch/key.ts';
import { Known } from './sketch/known.ts';
import { Silence } from './sketch/silence.ts';
import { Watched } from './sketch/watched.ts';

/** Hosts inside that answered, with the number of their clients; services of them; networks that they called. */
const MAX_HOSTS = 20_000;
const MAX_SERVICES = 50_000;
const MAX_PEERS = 100_000;
/** Above it systems choose ports by themselves (Linux; RFC 6335 begins at 49152). */
const HIGHEST_PORT = 32_767;
const DAY = 86_400;

const identity = (id: string, name: string, confidence: number, ...tags: string[]): RuleIdentity => ({
  id: `behaviour.first-seen.${id}`,
  name,
  kind: 'behaviour',
  severity: 'low',
  confidence,
  tags: ['attack.command-and-control', ...tags],
});
const SERVICE = identity(
  'service',
  'First seen: a new service of an inside host',
  45,
  'attack.t1571',
  'attack.persistence',
  'attack.t1505',
);
const PEER = identity(
  'peer',
  'First seen: a server calls a network outside that it never called',
  35,
  'attack.t1071',
);

export const firstSeen: Detector = {
  name: 'first-seen',
  about: 'New services of inside hosts, and new peers outside of servers.',
  raises: [SERVICE, PEER],
  looksAt: {},
  learns: 1,
  knobs: {
    learn_days: {
      default: 7,
      unit: 'days',
      about: 'Watched time of the network, and since the host was first met: a week holds weekly jobs.',
    },
    clients: {
      default: 3,
      unit: 'new services or clients',
      about:
        'A host that answered so many others is a server; only servers are regular enough to judge their calls.',
    },
    peers: {
      default: 12,
      unit: 'networks',
      about: 'A server that called more networks outside than this calls anybody: nothing is new there.',
    },
    quiet_s: { default: 86_400, unit: 's', about: 'The same host is not told again for a day.' },
  },
  start: (knobs, sink, _, before) => new FirstSeen(knobs, sink, before),
};

class FirstSeen implements Learning, Forgetful {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #watched: Watched;
  /** With the number of pairs of client and service. */
  readonly #servers: Known;
  readonly #services: Known;
  readonly #clients: Known;
  /** With the number of networks that each called. */
  readonly #callers: Known;
  readonly #peers: Known;
  readonly #told: Silence;
  readonly #key = new Key();
  readonly #words = new Uint32Array(4);

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink, before: Learnt = {}) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#watched = new Watched(before['seconds']);
    this.#servers = new Known(MAX_HOSTS, before['servers']);
    this.#services = new Known(MAX_SERVICES, before['services']);
    this.#clients = new Known(MAX_PEERS, before['clients']);
    this.#callers = new Known(MAX_HOSTS, before['callers']);
    this.#peers = new Known(MAX_PEERS, before['peers']);
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_HOSTS);
  }

  learnt(): Learnt {
    return {
      seconds: this.#watched.seconds,
      servers: this.#servers.learnt(),
      services: this.#services.learnt(),
      clients: this.#clients.learnt(),
      callers: this.#callers.learnt(),
      peers: this.#peers.learnt(),
    };
  }

  tick(now: number): void {
    this.#watched.tick(now);
  }

  get evicted(): number {
    return [this.#servers, this.#services, this.#clients, this.#callers, this.#peers].reduce(
      (sum, { evicted }) => sum + evicted,
      0,
    );
  }

  relieve(): void {
    for (const known of [this.#servers, this.#services, this.#clients, this.#callers, this.#peers])
      known.relieve();
    this.#told.age();
  }

  answered(flow: FlowView): void {
    if (flow.protocol !== TCP) return;
    if (isInside(flow, false)) this.#served(flow);
    else if (isInside(flow, true) && isAbroad(flow, false)) this.#called(flow);
  }

  #isOld(seconds: number): boolean {
    const learning = this.#knobs['learn_days'] * DAY;
    return this.#watched.seconds >= learning && seconds >= learning;
  }

  #served(flow: FlowView): void {
    if (flow.dest_port > HIGHEST_PORT) return;
    const key = this.#key;
    const isNewPair = this.#clients.meet(key.begin().source(flow).destination(flow), this.#watched) < 0;
    const since = this.#servers.meet(key.begin().destination(flow), this.#watched);
    if (isNewPair) this.#servers.add();
    const isNew = this.#services.meet(key.begin().destination(flow).word(flow.dest_port), this.#watched) < 0;
    if (!isNew || !this.#isOld(since) || !this.#told.tell(key.begin(1).destination(flow), flow.last)) return;
    const { src_ip, dest_ip, dest_port } = flow;
    const { days } = this.#watched;
    const reason = {
      en: `${dest_ip} answered ${src_ip} on port ${dest_port}, where it offered nothing within ${days} days.`,
      ja: `${dest_ip} が、過去 ${days} 日間に使われていないポート ${dest_port} で ${src_ip} に応答しました。`,
    };
    const facts = { 'yagura.baseline_days': days };
    this.#sink.raise({ rule: SERVICE, reason, matched: ['dest_ip', 'dest_port'], facts }, flow);
  }

  #called(flow: FlowView): void {
    const key = this.#key;
    const { clients, peers } = this.#knobs;
    const since = this.#servers.age(key.begin().source(flow), this.#watched);
    // Who never answered is no server.
    if (since < 0 || this.#servers.count < clients) return;
    this.#callers.meet(key, this.#watched);
    const version = readAddress(flow, false, this.#words, 0);
    key.begin().source(flow);
    // 16 bits of an address, 32 of one of version 6: about what one provider has.
    key.word(version === 4 ? this.#words[3] >>> 16 : this.#words[0]);
    if (this.#peers.meet(key, this.#watched) >= 0) return;
    const before = this.#callers.count;
    this.#callers.add();
    if (before > peers || !this.#isOld(since)) return;
    if (!this.#told.tell(key.begin(2).source(flow), flow.last)) return;
    const { src_ip, dest_ip, dest_port } = flow;
    const { days } = this.#watched;
    const reason = {
      en: `The server ${src_ip} called ${dest_ip} on port ${dest_port}; within ${days} days it called ${before} networks outside, and never this one.`,
      ja: `サーバー ${src_ip} が ${dest_ip} のポート ${dest_port} に接続しました。過去 ${days} 日間に接続した外部ネットワークは ${before} 個で、この宛先は初めてです。`,
    };
    const facts = { 'yagura.networks': before, 'yagura.baseline_days': days };
    this.#sink.raise({ rule: PEER, reason, matched: ['src_ip', 'dest_ip', 'dest_port'], facts }, flow);
  }
}
