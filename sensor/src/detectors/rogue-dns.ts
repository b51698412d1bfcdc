// Rogue DNS: a host inside answers questions for names that never did, or somebody asks a resolver that nobody here uses.
/*
 * What: after a learning time, conversations of DNS that were answered: by a host inside that never answered any, or, for
 * hosts that do not resolve for others, by an address outside that nobody inside ever asked.
 * Why it matters: whoever answers decides where everybody goes. Malware that changes resolvers (DNSChanger) made millions
 * of machines ask its own, and implants ask their master's name server directly where that is not forbidden.
 * Method: first seen, per service, as passive DNS sensors and Zeek's known-services do; hosts with many resolvers resolve
 * for themselves (RITA leaves resolvers out the same way).
 * False positives: a new resolver of the house, a phone with a resolver of its own, virtual machines and containers.
 * ATT&CK: T1557 Adversary-in-the-Middle, T1584.002 Compromise Infrastructure: DNS Server, T1071.004 DNS.
 */
import type { Event } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Forgetful, Learning, Learnt } from './detector.ts';
import { isAbroad, isInside } from './inside.ts';
import { Key } from './sketch/key.ts';
import { Known } from './sketch/known.ts';
import { Silence } from './sketch/silence.ts';
import { Watched } from './sketch/watched.ts';

/** Who answered: a resolver of the house that walks the tree of names meets a hundred thousand servers. */
const MAX_SERVERS = 50_000;
/** Hosts inside that asked somebody outside. */
const MAX_CLIENTS = 20_000;
const PORT = 53;
const DAY = 86_400;

const identity = (
  id: string,
  name: string,
  severity: RuleIdentity['severity'],
  confidence: number,
): RuleIdentity => ({
  id: `behaviour.rogue-dns.${id}`,
  name,
  kind: 'behaviour',
  severity,
  confidence,
  tags: ['attack.credential-access', 'attack.t1557', 'attack.command-and-control', 'attack.t1071.004'],
});
const INSIDE = identity('inside', 'Rogue DNS: a host inside begins to answer', 'medium', 65);
const OUTSIDE = identity('outside', 'A resolver outside that nobody inside ever asked', 'low', 40);

export const rogueDns: Detector = {
  name: 'rogue-dns',
  about: 'Answers of name servers that never gave any.',
  raises: [INSIDE, OUTSIDE],
  looksAt: { flow: 'whole' },
  learns: 1,
  knobs: {
    learn_days: {
      default: 3,
      unit: 'days',
      about: 'Watched time before a server is new: resolvers of last resort are asked seldom.',
    },
    resolvers: {
      default: 8,
      unit: 'servers',
      about: 'A host that asked so many outside resolves by itself: that it meets another says nothing.',
    },
    quiet_s: { default: 86_400, unit: 's', about: 'The same server is not told again for a day.' },
  },
  start: (knobs, sink, _, before) => new RogueDns(knobs, sink, before),
};

class RogueDns implements Learning, Forgetful {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #watched: Watched;
  readonly #servers: Known;
  /** With the number of servers outside that each was the first to ask. */
  readonly #clients: Known;
  readonly #told: Silence;
  readonly #key = new Key();

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink, before: Learnt = {}) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#watched = new Watched(before['seconds']);
    this.#servers = new Known(MAX_SERVERS, before['servers']);
    this.#clients = new Known(MAX_CLIENTS, before['clients']);
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_SERVERS);
  }

  learnt(): Learnt {
    return {
      seconds: this.#watched.seconds,
      servers: this.#servers.learnt(),
      clients: this.#clients.learnt(),
    };
  }

  tick(now: number): void {
    this.#watched.tick(now);
  }

  get evicted(): number {
    return this.#servers.evicted + this.#clients.evicted;
  }

  relieve(): void {
    this.#servers.relieve();
    this.#clients.relieve();
    this.#told.age();
  }

  event(event: Event): void {
    const { flow } = event;
    if (event.type !== 'flow' || flow.dest_port !== PORT || flow.app_proto !== 'dns') return;
    if (flow.payload_toclient === 0) return;
    const key = this.#key.begin().destination(flow);
    if (this.#servers.meet(key, this.#watched) >= 0) return;
    const isLearnt = this.#watched.seconds >= this.#knobs['learn_days'] * DAY;
    if (isInside(flow, false)) {
      if (isLearnt && this.#told.tell(key, event.time)) this.#raise(INSIDE, event);
    } else if (isInside(flow, true) && isAbroad(flow, false)) this.#askedOutside(event, isLearnt);
  }

  #askedOutside(event: Event, isLearnt: boolean): void {
    const { flow } = event;
    const key = this.#key;
    // Who answers others resolves for them.
    if (this.#servers.age(key.begin().source(flow), this.#watched) >= 0) return;
    this.#clients.meet(key, this.#watched);
    const before = this.#clients.count;
    this.#clients.add();
    if (!isLearnt || before >= this.#knobs['resolvers']) return;
    if (this.#told.tell(key.begin().destination(flow), event.time)) this.#raise(OUTSIDE, event);
  }

  #raise(rule: RuleIdentity, event: Event): void {
    const { src_ip, dest_ip } = event.flow;
    const { days } = this.#watched;
    const reason =
      rule === INSIDE
        ? {
            en: `${dest_ip} answered a DNS question of ${src_ip}, though it gave no answers within ${days} days.`,
            ja: `${dest_ip} が ${src_ip} のDNS問い合わせに応答しました。過去 ${days} 日間には応答していませんでした。`,
          }
        : {
            en: `${src_ip} asked the name server ${dest_ip}, which nobody inside did within ${days} days.`,
            ja: `${src_ip} が、過去 ${days} 日間に内部の誰も利用していないDNSサーバー ${dest_ip} に問い合わせました。`,
          };
    const facts = { 'yagura.baseline_days': days };
    this.#sink.raise({ rule, reason, matched: ['src_ip', 'dest_ip', 'app_proto'], facts }, event);
  }
}
