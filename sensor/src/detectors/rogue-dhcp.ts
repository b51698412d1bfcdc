// Rogue DHCP: addresses, gateways and name servers are given out by somebody who never did, or by two who disagree.
/*
 * What: after a learning time, offers and acknowledgements (DHCP, DHCPv6) of a server that gave none before. At any time:
 * two servers that answer one request with other gateways or other name servers.
 * Why it matters: whoever answers first decides over the way of all traffic of a machine. It is the quietest way to sit in
 * the middle, and a home router on the wrong socket stops an office.
 * Method: the list of known servers that switches hold against it (DHCP snooping, RFC 7513 §4; RFC 7610 for IPv6), learnt
 * instead of configured; disagreement in one transaction needs nothing learnt.
 * False positives: a new server of the house (told once), a test network on a mirrored port.
 * ATT&CK: T1557.003 Adversary-in-the-Middle: DHCP Spoofing.
 */
import type { Event, FlowView } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Forgetful, Learning, Learnt } from './detector.ts';
import { Look } from './look.ts';
import { Key } from './sketch/key.ts';
import { Known } from './sketch/known.ts';
import { age, moment } from './sketch/moment.ts';
import { Silence } from './sketch/silence.ts';
import { type Column, Slots } from './sketch/slots.ts';
import { Watched } from './sketch/watched.ts';

const MAX_SERVERS = 2_000;
/** Requests whose first answer is remembered. */
const MAX_REQUESTS = 4_096;
/** ms in which answers to one request come. */
const TOGETHER = 10_000;
const SERVER_PORT = 67;
const SERVER_PORT6 = 547;
const DAY = 86_400;

const identity = (id: string, name: string, severity: RuleIdentity['severity']): RuleIdentity => ({
  id: `behaviour.rogue-dhcp.${id}`,
  name,
  kind: 'behaviour',
  severity,
  confidence: 75,
  tags: ['attack.credential-access', 'attack.collection', 'attack.t1557', 'attack.t1557.003'],
});
const NEW = identity('new', 'Rogue DHCP: answers of a server that gave none before', 'high');
const CONFLICT = identity('conflict', 'Rogue DHCP: two servers answer one request differently', 'medium');

const V4 = [
  'dhcp.type',
  'dhcp.dhcp_type',
  'dhcp.id',
  'dhcp.server_id',
  'dhcp.routers',
  'dhcp.dns_servers',
] as const;

export const rogueDhcp: Detector = {
  name: 'rogue-dhcp',
  about: 'Addresses given out by servers that never did.',
  raises: [NEW, CONFLICT],
  looksAt: { dhcp: 'whole', dhcpv6: 'whole' },
  learns: 1,
  knobs: {
    learn_days: {
      default: 2,
      unit: 'days',
      about: 'Watched time before a server is new: machines renew their lease within a day or less.',
    },
    quiet_s: { default: 3600, unit: 's', about: 'The same server is not told again for this long.' },
  },
  start: (knobs, sink, _, before) => new RogueDhcp(knobs, sink, before),
};

class RogueDhcp implements Learning, Forgetful {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #watched: Watched;
  readonly #servers: Known;
  readonly #requests = new Slots(MAX_REQUESTS);
  /** Of the first answer: when, by whom, and what it says of the way out. */
  readonly #when: Column<Uint32Array> = this.#requests.words();
  readonly #who: Column<Uint32Array> = this.#requests.words();
  readonly #what: Column<Uint32Array> = this.#requests.words();
  readonly #told: Silence;
  readonly #key = new Key();
  readonly #looks = V4.map((name) => new Look(name));
  readonly #type6 = new Look('dhcpv6.type');
  readonly #server6 = new Look('dhcpv6.server_id');

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink, before: Learnt = {}) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#watched = new Watched(before['seconds']);
    this.#servers = new Known(MAX_SERVERS, before['servers']);
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_SERVERS);
  }

  learnt(): Learnt {
    return { seconds: this.#watched.seconds, servers: this.#servers.learnt() };
  }

  tick(now: number): void {
    this.#watched.tick(now);
  }

  get evicted(): number {
    return this.#servers.evicted + this.#requests.evicted;
  }

  relieve(): void {
    this.#servers.relieve();
    this.#requests.age();
    this.#told.age();
  }

  event(event: Event): void {
    if (event.type === 'dhcp') this.#four(event);
    else if (event.type === 'dhcpv6') this.#six(event);
  }

  #four(event: Event): void {
    const [type, message, id, server, routers, resolvers] = this.#looks;
    if (type.text(event) !== 'reply') return;
    const kind = message.text(event);
    if (kind !== 'offer' && kind !== 'ack') return;
    const who = server.text(event) ?? sideAt(event.flow, SERVER_PORT);
    this.#answered(event, who, this.#key.begin(4).text(who), 'dhcp.server_id');
    if (kind === 'offer')
      this.#compare(event, who, id.read(event), [routers.read(event), resolvers.read(event)]);
  }

  #six(event: Event): void {
    const type = this.#type6.text(event);
    if (type !== 'advertise' && type !== 'reply') return;
    const who = sideAt(event.flow, SERVER_PORT6);
    this.#answered(event, who, this.#key.begin(6).text(this.#server6.text(event) ?? who), 'dhcpv6.server_id');
  }

  #answered(event: Event, who: string, key: Key, field: string): void {
    if (this.#servers.meet(key, this.#watched) >= 0) return;
    if (this.#watched.seconds < this.#knobs['learn_days'] * DAY || !this.#told.tell(key, event.time)) return;
    const { days } = this.#watched;
    this.#sink.raise(
      {
        rule: NEW,
        reason: {
          en: `${who} gives out addresses as a DHCP server, which it did not within ${days} days.`,
          ja: `${who} がDHCPサーバーとしてアドレスを配布しています。過去 ${days} 日間にはありませんでした。`,
        },
        matched: [field],
        facts: { 'yagura.baseline_days': days },
      },
      event,
    );
  }

  /** Does another server offer another way out for the same request? */
  #compare(event: Event, who: string, id: unknown, ways: readonly unknown[]): void {
    if (typeof id !== 'number') return;
    const key = this.#key;
    const server = key.begin().text(who).short;
    const what = key.begin().text(JSON.stringify(ways)).short;
    const slot = this.#requests.claim(key.begin().word(id));
    const now = moment(event.time);
    if (this.#requests.isNew || age(this.#when.cells[slot], now) > TOGETHER) {
      this.#when.cells[slot] = now;
      this.#who.cells[slot] = server;
      this.#what.cells[slot] = what;
      return;
    }
    if (this.#who.cells[slot] === server || this.#what.cells[slot] === what) return;
    if (!this.#told.tell(key.begin(1).text(who), event.time)) return;
    this.#sink.raise(
      {
        rule: CONFLICT,
        reason: {
          en: `${who} answered a DHCP request that another server had answered, and names other gateways or name servers.`,
          ja: `${who} が、別のサーバーが既に応答したDHCP要求に応答し、異なるゲートウェイまたはDNSサーバーを通知しました。`,
        },
        matched: ['dhcp.id', 'dhcp.server_id', 'dhcp.routers', 'dhcp.dns_servers'],
      },
      event,
    );
  }
}

/** The side that has the server's port; between a relay and its server both have it, and the server is asked. */
const sideAt = ({ src_ip, dest_ip, dest_port }: FlowView, port: number): string =>
  dest_port === port ? dest_ip : src_ip;
