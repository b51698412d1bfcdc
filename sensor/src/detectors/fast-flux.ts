// Fast flux: a name that points to ever other machines all over the world, for minutes each.
/*
 * What: per name with short-lived answers the different addresses, and how far apart they lie, within a day.
 * Why it matters: what stands behind such a name are broken-into machines that pass everything on; taking one away changes
 * nothing, so the name itself is what to look at.
 * Method: Holz, Gorecki, Rieck, Freiling: Measuring and Detecting Fast-Flux Service Networks (2008): a name is in flux when
 * 1.32 × addresses + 18.54 × autonomous systems is above 142.38. Without a table of systems we count different first
 * octets, of which a system has few: so the score is below theirs, never above. Most addresses must lie in networks of
 * their own (/16), since content networks bring neighbours.
 * False positives: pools of volunteers (time, mirrors): time servers are left out by name; names that many inside hosts
 * ask for are left out like any software of the house.
 * ATT&CK: T1568.001 Dynamic Resolution: Fast Flux DNS.
 */
import type { Event } from '../protocols/event.ts';
import { parseAddress } from '../rules/prefix.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Watch } from './detector.ts';
import { Look } from './look.ts';
import { Distinct } from './sketch/distinct.ts';
import { Key } from './sketch/key.ts';
import { moment } from './sketch/moment.ts';
import { Silence } from './sketch/silence.ts';
import { Slots } from './sketch/slots.ts';
import { Tally } from './sketch/tally.ts';

/** Names with short-lived answers: some 350 bytes each. */
const MAX_NAMES = 8_192;
const BITS = 256;
const DAY = 86_400e6;
/** Holz et al., table 4. */
const BY_ADDRESS = 1.32;
const BY_SYSTEM = 18.54;
/** A name in flux gives several machines at a time, for some of them are switched off. */
const LEAST_ANSWERS = 2;
/** Answers of a message that are looked at. */
const MOST_ANSWERS = 64;
const POOLS = /(^|\.)(ntp|time|pool|mirrors?|torproject)\d*\./;

const FLUX: RuleIdentity = {
  id: 'behaviour.fast-flux',
  name: 'Fast flux: a name that points to ever other machines',
  kind: 'behaviour',
  severity: 'medium',
  confidence: 65,
  tags: ['attack.command-and-control', 'attack.t1568.001'],
};

export const fastFlux: Detector = {
  name: 'fast-flux',
  about: 'A name whose short-lived answers point to machines all over the world.',
  raises: [FLUX],
  looksAt: {
    dns: [
      'dns.type',
      'dns.queries[].rrname',
      'dns.answers[].rrtype',
      'dns.answers[].ttl',
      'dns.answers[].rdata',
    ],
  },
  knobs: {
    score: {
      default: 142.38,
      unit: 'points',
      about: 'Holz et al.: 1.32 an address and 18.54 a network, trained on spam.',
    },
    ttl_s: { default: 600, unit: 's', about: 'Answers that live longer are no flux; flux has 180 to 600 s.' },
    apart: {
      default: 0.6,
      unit: '0 … 1',
      about: 'So many of the addresses must lie in a /16 of their own: content networks bring neighbours.',
    },
    sources: {
      default: 5,
      unit: 'hosts',
      about: 'A name that so many inside hosts asked for within a day is software of the house.',
    },
    quiet_s: { default: 86_400, unit: 's', about: 'Flux goes on for weeks: once a day is enough.' },
  },
  start(knobs, sink): Watch {
    return new FastFlux(knobs, sink);
  },
};

class FastFlux implements Watch {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #names = new Slots(MAX_NAMES);
  readonly #addresses: Tally;
  readonly #networks: Tally;
  readonly #firsts: Tally;
  readonly #askers: Distinct;
  readonly #told: Silence;
  readonly #key = new Key();
  readonly #short = new Key();
  readonly #type = new Look('dns.type');
  readonly #name = new Look('dns.queries[].rrname');
  readonly #kinds = new Look('dns.answers[].rrtype');
  readonly #ttls = new Look('dns.answers[].ttl');
  readonly #data = new Look('dns.answers[].rdata');

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink) {
    this.#knobs = knobs;
    this.#sink = sink;
    const day = DAY / 1000;
    this.#addresses = new Tally(this.#names, BITS, day);
    this.#networks = new Tally(this.#names, BITS, day);
    this.#firsts = new Tally(this.#names, BITS, day);
    this.#askers = new Distinct(this.#names, knobs['sources']);
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_NAMES);
  }

  relieve(): void {
    this.#names.age();
    this.#told.age();
  }

  get evicted(): number {
    return this.#names.evicted;
  }

  event(event: Event): void {
    if (event.type !== 'dns' || this.#type.text(event) === 'request') return;
    const kinds = this.#kinds.read(event);
    if (typeof kinds !== 'object' || kinds.length < LEAST_ANSWERS) return;
    const ttls = this.#ttls.read(event);
    if (typeof ttls !== 'object') return;
    const least = this.#shortest(kinds, ttls);
    if (least > this.#knobs['ttl_s']) return;
    const name = this.#name.text(event);
    if (name === undefined || POOLS.test(name.toLowerCase())) return;
    this.#answered(name, kinds, event);
  }

  /** Seconds that the answer of type A lives that lives shortest. */
  #shortest(kinds: readonly unknown[], ttls: readonly unknown[]): number {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < Math.min(kinds.length, MOST_ANSWERS); i++) {
      const ttl = ttls[i];
      if (kinds[i] === 'A' && typeof ttl === 'number' && ttl < least) least = ttl;
    }
    return least;
  }

  #answered(name: string, kinds: readonly unknown[], event: Event): void {
    const data = this.#data.read(event);
    if (typeof data !== 'object') return;
    const { flow, time } = event;
    const now = moment(time);
    const slot = this.#names.claim(this.#key.begin().text(name));
    const askers = this.#askers.add(slot, this.#short.begin().source(flow).short, now, DAY / 1000);
    let isNew = false;
    for (let i = 0; i < Math.min(kinds.length, MOST_ANSWERS); i++) {
      const text = data[i];
      const words = kinds[i] === 'A' && typeof text === 'string' ? parseAddress(text) : undefined;
      if (words?.length !== 1) continue;
      const [word] = words;
      if (!this.#addresses.add(slot, this.#short.begin(1).word(word).short, now)) continue;
      isNew = true;
      this.#networks.add(slot, this.#short.begin(2).word(word >>> 16).short, now);
      this.#firsts.add(slot, this.#short.begin(3).word(word >>> 24).short, now);
    }
    if (isNew && askers < this.#knobs['sources']) this.#judge(slot, name, event);
  }

  #judge(slot: number, name: string, { flow, time }: Event): void {
    const now = moment(time);
    const addresses = this.#addresses.count(slot, now);
    const firsts = this.#firsts.count(slot, now);
    const score = BY_ADDRESS * addresses + BY_SYSTEM * firsts;
    if (score <= this.#knobs['score']) return;
    const networks = this.#networks.count(slot, now);
    if (networks < this.#knobs['apart'] * addresses || !this.#told.tell(this.#key, time)) return;
    this.#sink.raise(
      {
        rule: FLUX,
        reason: {
          en: `${name} pointed to about ${addresses} addresses in ${networks} networks within a day, for minutes each.`,
          ja: `${name} が 1 日以内に約 ${networks} のネットワークの約 ${addresses} のアドレスを短い期間ずつ指しました。`,
        },
        matched: ['src_ip', 'dest_ip'],
        facts: {
          'yagura.called': name,
          'yagura.addresses': addresses,
          'yagura.networks': networks,
          'yagura.score': Math.round(score),
        },
      },
      flow,
    );
  }
}
