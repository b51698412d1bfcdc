// Beacons: a program inside that calls the same place outside again and again, evenly.
/*
 * What: per source and called name (TLS SNI, HTTP host; else address and port) the times and sent bytes of the last
 * calls, scored for evenness. A call is a TCP connection that both sides spoke in; calls close together are one.
 * Why it matters: an implant asks its master for orders. The address may be new and the content sealed; the rhythm stays.
 * Method: the scores of RITA (activecm/rita): gaps, sizes, histogram, duration, a quarter each. RITA judges whole days
 * of logs; here the last 256 calls are kept and judged as they come. Gaps must be even by themselves: constant sizes
 * over a long time are common among honest programs.
 * False positives: updaters, telemetry, mail and weather polls. Names that many inside hosts call are left out; the
 * rest deserves one look and then a suppression.
 * ATT&CK: T1071.001 Application Layer Protocol: Web Protocols, T1573 Encrypted Channel, T1029 Scheduled Transfer.
 */
import type { Event, FlowView } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Watch } from './detector.ts';
import { isPrivate } from './inside.ts';
import { Look } from './look.ts';
import { Lru } from './sketch/lru.ts';
import { Quiet } from './sketch/quiet.ts';
import { durationScore, gapScore, histogram, histogramScore, sizeScore } from './sketch/regularity.ts';
import { Ring } from './sketch/ring.ts';
import { ValueWindow } from './sketch/window.ts';

/** Calls kept of a pair: 16 bytes each. */
const CALLS = 256;
/** Pairs of source and name. At 4 KB a full pair this is 40 MB at most. */
const MAX_PAIRS = 10_000;
/** Names whose callers are counted. */
const MAX_NAMES = 20_000;
/** Flows whose name is known and that have not ended. */
const MAX_FLOWS = 65_536;
const MAX_NAME = 255;
/** Judged anew after so many more calls. */
const STRIDE = 10;
const TCP = 6;
const DAY = 86_400e6;

const BEACON: RuleIdentity = {
  id: 'behaviour.beacon',
  name: 'Beacon: even calls to one place outside',
  kind: 'behaviour',
  severity: 'high',
  confidence: 70,
  tags: ['attack.command-and-control', 'attack.t1071.001', 'attack.t1573', 'attack.t1029'],
};

interface Pair {
  readonly times: Ring;
  readonly sizes: Ring;
  last: number;
  calls: number;
}

export const beacon: Detector = {
  name: 'beacon',
  about: 'Even calls from one inside host to one name or address outside.',
  raises: [BEACON],
  looksAt: { flow: 'whole', tls: ['tls.sni'], http: ['http.hostname'] },
  knobs: {
    calls: {
      default: 40,
      unit: 'calls',
      about: 'Fewer say little: ten even gaps happen by chance in a busy network.',
    },
    span_s: {
      default: 3600,
      unit: 's',
      about: 'From the first call to the last. A page that reloads itself for half an hour is none.',
    },
    gap_s: {
      default: 5,
      unit: 's',
      about: 'Calls closer than this are one: programs open several connections at once.',
    },
    score: { default: 0.85, unit: '0 … 1', about: 'All four scores together; RITA calls 0.8 and more high.' },
    gap_score: {
      default: 0.8,
      unit: '0 … 1',
      about: 'The gaps alone. ±50 % jitter scores 0.85, calls at random 0.5.',
    },
    sources: {
      default: 5,
      unit: 'hosts',
      about: 'A name that so many inside hosts called within a day is software of the house.',
    },
    inside: {
      default: 0,
      unit: '0 or 1',
      about: '1 also judges calls to private addresses. Off: monitoring inside a house is made of beacons.',
    },
    quiet_s: { default: 86_400, unit: 's', about: 'A beacon beats for weeks: once a day is enough.' },
  },
  start(knobs, sink): Watch {
    return new Beacon(knobs, sink);
  },
};

class Beacon implements Watch {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #names = new Lru<number, string>(MAX_FLOWS);
  readonly #pairs = new Lru<string, Pair>(MAX_PAIRS);
  readonly #callers = new Lru<string, ValueWindow>(MAX_NAMES);
  readonly #told: Quiet;
  readonly #sni = new Look('tls.sni');
  readonly #host = new Look('http.hostname');

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#told = new Quiet(knobs['quiet_s'] * 1e6, MAX_PAIRS);
  }

  event(event: Event): void {
    if (event.type === 'flow') this.#ended(event);
    else if (event.type === 'tls' || event.type === 'http') this.#named(event);
  }

  relieve(): void {
    this.#names.age();
    this.#pairs.age();
    this.#callers.age();
    this.#told.age();
  }

  #named(event: Event): void {
    if (this.#names.peek(event.flow.id) !== undefined) return;
    const name = (event.type === 'tls' ? this.#sni : this.#host).text(event);
    if (name !== undefined && name !== '')
      this.#names.touch(event.flow.id, () => name.slice(0, MAX_NAME).toLowerCase());
  }

  #ended(event: Event): void {
    const { flow } = event;
    const named = this.#names.peek(flow.id);
    if (named !== undefined) this.#names.delete(flow.id);
    if (flow.protocol !== TCP || flow.payload_toserver === 0 || flow.payload_toclient === 0) return;
    if (this.#knobs['inside'] === 0 && (!isPrivate(flow.src_ip) || isPrivate(flow.dest_ip))) return;
    const name = named ?? `${flow.dest_ip} ${flow.dest_port}`;
    const callers = this.#callers.touch(name, () => new ValueWindow(this.#knobs['sources']));
    const sources = callers.add(flow.src_ip, flow.start, DAY);
    const pair = this.#pairs.touch(`${flow.src_ip} ${name}`, newPair);
    // Flows end in another order than they began: an earlier call than the last one kept is left out.
    if (flow.start - pair.last < this.#knobs['gap_s'] * 1e6) return;
    pair.last = flow.start;
    pair.times.push(flow.start / 1e6);
    pair.sizes.push(flow.payload_toserver);
    if (++pair.calls < this.#knobs['calls'] || pair.calls % STRIDE !== 0 || sources >= this.#knobs['sources'])
      return;
    this.#judge(pair, name, event, flow);
  }

  #judge(pair: Pair, name: string, event: Event, flow: FlowView): void {
    const times = pair.times.values();
    const span = times[times.length - 1] - times[0];
    if (span < this.#knobs['span_s']) return;
    const gaps = times.slice(1).map((time, i) => time - times[i]);
    const bins = histogram(times);
    const even = gapScore(gaps);
    const score = (even + sizeScore(pair.sizes.values()) + histogramScore(bins) + durationScore(bins)) / 4;
    if (even < this.#knobs['gap_score'] || score < this.#knobs['score']) return;
    if (this.#told.tell(`${flow.src_ip} ${name}`, event.time) < 0) return;
    const gap = gaps.toSorted((a, b) => a - b)[gaps.length >> 1];
    const minutes = Math.round(span / 60);
    this.#sink.raise(
      {
        rule: BEACON,
        reason: {
          en: `${flow.src_ip} called ${name} ${times.length} times in ${minutes} minutes, evenly: every ${gap.toFixed(0)} s or so.`,
          ja: `${flow.src_ip} が ${name} を ${minutes} 分間に ${times.length} 回、約 ${gap.toFixed(0)} 秒ごとに規則的に呼び出しました。`,
        },
        matched: ['src_ip', 'dest_ip', 'flow.start', 'flow.payload_bytes_toserver'],
        facts: {
          'yagura.called': name,
          'yagura.calls': times.length,
          'yagura.seconds': Math.round(span),
          'yagura.gap': Math.round(gap * 10) / 10,
          'yagura.score': Math.round(score * 1000) / 1000,
        },
      },
      event,
    );
  }
}

const newPair = (): Pair => ({
  times: new Ring(CALLS),
  sizes: new Ring(CALLS),
  last: Number.NEGATIVE_INFINITY,
  calls: 0,
});
