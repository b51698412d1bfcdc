// Rogue routers: somebody announces himself as the way out of an IPv6 network, or many do at once.
/*
 * What: router advertisements (RFC 4861). After a learning time one of a router that announced nothing before; at any
 * time one that came from another network or names no address of its link, and many routers at once.
 * Why it matters: every machine believes an advertisement, also where nobody knows that IPv6 is on. One message puts the
 * sender into the middle (mitm6), a flood of them stops machines (flood_router26).
 * Method: RFC 6104 lists what a rogue advertisement is; hop limit 255 and a link-local source are RFC 4861 §6.1.2; the
 * list of known routers is what switches hold against it (RA-Guard, RFC 6105), learnt instead of configured.
 * False positives: a second router of the house (told once), a phone that shares its connection: it is one.
 * ATT&CK: T1557 Adversary-in-the-Middle, T1499 Endpoint Denial of Service.
 */

import { ICMPV6 } from '../layers/packet.ts';
import type { FlowView } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Finding, Forgetful, Learning, Learnt } from './detector.ts';
import { Distinct } from './sketch/distinct.ts';
import { Key } from './sketch/key.ts';
import { Known } from './sketch/known.ts';
import { moment } from './sketch/moment.ts';
import { Silence } from './sketch/silence.ts';
import { Slots } from './sketch/slots.ts';
import { Watched } from './sketch/watched.ts';

const MAX_ROUTERS = 2_000;
/** Networks (VLANs) whose routers are counted. */
const MAX_NETWORKS = 256;
const ADVERTISEMENT = 134;
/** What no router lets through. */
const HOPS = 255;
const LINK_LOCAL = /^fe[89ab][0-9a-f]:/;
const DAY = 86_400;

const identity = (
  id: string,
  name: string,
  severity: RuleIdentity['severity'],
  ...tags: string[]
): RuleIdentity => ({
  id: `behaviour.rogue-router.${id}`,
  name,
  kind: 'behaviour',
  severity,
  confidence: 80,
  tags: ['attack.credential-access', 'attack.collection', 'attack.t1557', ...tags],
});
const NEW = identity('new', 'Rogue router: advertisement of one that never announced itself', 'high');
const FORGED = identity(
  'forged',
  'Rogue router: advertisement that no router of the link can have sent',
  'high',
);
const FLOOD = identity(
  'flood',
  'Router advertisements of many routers at once',
  'high',
  'attack.impact',
  'attack.t1499',
);

export const rogueRouter: Detector = {
  name: 'rogue-router',
  about: 'IPv6 routers that never announced themselves, forged or in floods.',
  raises: [NEW, FORGED, FLOOD],
  looksAt: {},
  learns: 1,
  knobs: {
    learn_days: {
      default: 1,
      unit: 'days',
      about:
        'Watched time before a router is new: routers announce themselves every half hour at the latest.',
    },
    routers: {
      default: 10,
      unit: 'routers',
      about:
        'Of one network within the window: more than any network has, fewer than a flood in its first second.',
    },
    window_s: { default: 60, unit: 's', about: 'A minute: floods send thousands.' },
    quiet_s: { default: 3600, unit: 's', about: 'The same finding is not told again for this long.' },
  },
  start: (knobs, sink, _, before) => new RogueRouter(knobs, sink, before),
};

class RogueRouter implements Learning, Forgetful {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #watched: Watched;
  readonly #routers: Known;
  readonly #networks = new Slots(MAX_NETWORKS);
  readonly #lately: Distinct;
  readonly #told: Silence;
  readonly #key = new Key();

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink, before: Learnt = {}) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#watched = new Watched(before['seconds']);
    this.#routers = new Known(MAX_ROUTERS, before['routers']);
    this.#lately = new Distinct(this.#networks, knobs['routers']);
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_ROUTERS);
  }

  learnt(): Learnt {
    return { seconds: this.#watched.seconds, routers: this.#routers.learnt() };
  }

  tick(now: number): void {
    this.#watched.tick(now);
  }

  get evicted(): number {
    return this.#routers.evicted + this.#networks.evicted;
  }

  relieve(): void {
    this.#routers.relieve();
    this.#networks.age();
    this.#told.age();
  }

  /** Advertisements come further apart than their flow lives: each opens one. */
  opened(flow: FlowView): void {
    if (flow.protocol !== ICMPV6 || flow.icmp_type !== ADVERTISEMENT) return;
    const { routers, window_s, learn_days } = this.#knobs;
    const key = this.#key;
    const now = flow.last;
    const network = flow.vlan[0] ?? -1;
    const router = key.begin().source(flow).short;
    const slot = this.#networks.claim(key.begin().word(network));
    const count = this.#lately.add(slot, router, moment(now), window_s * 1000);
    const since = this.#routers.meet(key.begin().word(network).source(flow), this.#watched);
    const isForged = flow.max_ttl_toserver !== HOPS || !LINK_LOCAL.test(flow.src_ip);
    const rule =
      count >= routers
        ? FLOOD
        : isForged
          ? FORGED
          : since < 0 && this.#watched.seconds >= learn_days * DAY
            ? NEW
            : undefined;
    if (rule === undefined) return;
    key.begin(rule === FLOOD ? 1 : rule === FORGED ? 2 : 3).word(network);
    if (rule !== FLOOD) key.source(flow);
    if (this.#told.tell(key, now)) this.#raise(rule, flow, count);
  }

  #raise(rule: RuleIdentity, flow: FlowView, count: number): void {
    const { src_ip } = flow;
    const { days } = this.#watched;
    const reason =
      rule === FLOOD
        ? {
            en: `${count} or more routers announced themselves within ${this.#knobs['window_s']} s, ${src_ip} among them.`,
            ja: `${this.#knobs['window_s']} 秒以内に ${count} 以上のルーターが広告を送信しました(${src_ip} を含む)。`,
          }
        : rule === FORGED
          ? {
              en: `${src_ip} announced itself as a router with a hop limit or an address that no router of the link has.`,
              ja: `${src_ip} が、同一リンクのルーターではあり得ないホップ制限またはアドレスでルーター広告を送信しました。`,
            }
          : {
              en: `${src_ip} announced itself as an IPv6 router, which it did not within ${days} days.`,
              ja: `${src_ip} がIPv6ルーターとして広告を送信しました。過去 ${days} 日間にはありませんでした。`,
            };
    const matched = rule === FORGED ? ['src_ip', 'flow.max_ttl_toserver'] : ['src_ip', 'icmp_type'];
    const facts: Finding['facts'] =
      rule === NEW ? { 'yagura.baseline_days': days } : { 'yagura.routers': count };
    this.#sink.raise({ rule, reason, matched, facts }, flow);
  }
}
