// Beacons: a program inside that calls the same place outside again and again, evenly.
/*
 * What: per source and called name (TLS and QUIC SNI, HTTP host; else address and port) the times and sent bytes of calls,
 * scored for evenness; per source and domain the DNS questions for ever new names. A call is a connection that both sides
 * spoke in, a request over HTTP, or such a question; calls close together are one.
 * Why it matters: an implant asks its master for orders. The address may be new and the content sealed; the rhythm stays.
 * Method: the scores of RITA 5 (activecm/rita): gaps, sizes, histogram, duration, a quarter each (sketch/rita.ts), over a
 * bounded stream (beacon/calls.ts). RITA judges whole days of logs; here a pair is judged over its own life, as it goes
 * on. Gaps must be even by themselves: constant sizes over a long time are common among honest programs. More than a call
 * a second all day is RITA's strobe, which no rhythm is asked of.
 * False positives: updaters, telemetry, mail and weather polls. Names that many inside hosts call are left out; the
 * rest deserves one look and then a suppression. Time (NTP) is asked for evenly by everybody, and is left out.
 * ATT&CK: T1071.001 Application Layer Protocol: Web Protocols, T1071.004 DNS, T1573 Encrypted Channel, T1029 Scheduled
 * Transfer.
 */
import { TCP, UDP } from '../layers/packet.ts';
import type { Event, FlowView } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import { Calls, type Rhythm } from './beacon/calls.ts';
import type { AlertSink, Detector, Watch } from './detector.ts';
import { splitName } from './domain.ts';
import { isAbroad } from './inside.ts';
import { Look } from './look.ts';
import { Distinct } from './sketch/distinct.ts';
import { Key } from './sketch/key.ts';
import { moment } from './sketch/moment.ts';
import { Silence } from './sketch/silence.ts';
import { type Column, Slots } from './sketch/slots.ts';

/** Names whose callers are counted. */
const MAX_NAMES = 16_384;
/** Flows whose name is known and that have not ended. */
const MAX_FLOWS = 16_384;
const MAX_TOLD = 8_192;
const DAY = 86_400e6;
/** Calls a day from which on a pair is a strobe; RITA's number: one a second. */
const STROBE = 86_400;
/** Of the questions below a domain so many must be for a new name. */
const NEW_NAMES = 0.7;
/** Above it the sketch counts no further. */
const MOST_NAMES = 300;
/** UDP services whose clients call evenly by their nature, or that never leave a house: DNS, DHCP, time, NetBIOS, SNMP,
 * IPsec, SSDP, WS-Discovery, mDNS, LLMNR. */
const UNTOLD = new Set([53, 67, 68, 123, 137, 138, 161, 500, 1900, 3702, 4500, 5353, 5355]);
/** What a call is told by: keys of one kind never meet those of another. */
const KIND = { name: 1, address: 2, domain: 3 } as const;
type Kind = (typeof KIND)[keyof typeof KIND];

const identity = (
  id: string,
  name: string,
  severity: RuleIdentity['severity'],
  confidence: number,
  technique: string,
): RuleIdentity => ({
  id,
  name,
  kind: 'behaviour',
  severity,
  confidence,
  tags: ['attack.command-and-control', `attack.${technique}`, 'attack.t1573', 'attack.t1029'],
});
const BEACON = identity(
  'behaviour.beacon',
  'Beacon: even calls to one place outside',
  'high',
  70,
  't1071.001',
);
const EARLY = identity(
  'behaviour.beacon.early',
  'Beacon, perhaps: even calls for a short while',
  'low',
  40,
  't1071.001',
);
const BY_DNS = identity(
  'behaviour.beacon.dns',
  'Beacon over DNS: even questions for ever new names of one domain',
  'medium',
  60,
  't1071.004',
);
const STROBES = identity(
  'behaviour.beacon.strobe',
  'Strobe: more than a call a second to one place outside, all day',
  'low',
  50,
  't1071.001',
);

export const beacon: Detector = {
  name: 'beacon',
  about: 'Even calls from one inside host to one name or address outside.',
  raises: [BEACON, EARLY, BY_DNS, STROBES],
  looksAt: {
    flow: 'whole',
    tls: ['tls.sni'],
    quic: ['quic.sni'],
    http: ['http.hostname', 'http.request_length'],
    dns: ['dns.type', 'dns.queries[].rrname'],
  },
  knobs: {
    calls: {
      default: 40,
      unit: 'calls',
      about: 'Fewer say little: ten even gaps happen by chance in a busy network.',
    },
    span_s: {
      default: 3600,
      unit: 's',
      about: 'From the first call to the last. A page that reloads itself for half an hour is told low.',
    },
    gap_s: {
      default: 2,
      unit: 's',
      about: 'Calls closer than this are one: programs open several connections at once.',
    },
    score: { default: 0.85, unit: '0 … 1', about: 'All four scores together; RITA calls 0.8 and more high.' },
    gap_score: {
      default: 0.8,
      unit: '0 … 1',
      about: 'The gaps alone. ±50 % jitter scores 0.85, calls at random 0.5.',
    },
    early_calls: {
      default: 20,
      unit: 'calls',
      about: 'For the low alert that comes before the others, whatever the span.',
    },
    early_score: { default: 0.9, unit: '0 … 1', about: 'All four scores, for the low alert: little jitter.' },
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
  readonly #calls: Calls;
  /** By the number of a flow whose calls were noted before its end: the pair, and the number of the call. */
  readonly #flows = new Slots(MAX_FLOWS);
  readonly #high: Column<Uint32Array>;
  readonly #low: Column<Uint32Array>;
  readonly #number: Column<Uint32Array>;
  readonly #names = new Slots(MAX_NAMES);
  readonly #callers: Distinct;
  readonly #told: Silence;
  readonly #pair = new Key();
  readonly #short = new Key();
  readonly #sni: Readonly<Record<string, Look>> = { tls: new Look('tls.sni'), quic: new Look('quic.sni') };
  readonly #host = new Look('http.hostname');
  readonly #sent = new Look('http.request_length');
  readonly #type = new Look('dns.type');
  readonly #asked = new Look('dns.queries[].rrname');

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#calls = new Calls(knobs['gap_s']);
    this.#high = this.#flows.words();
    this.#low = this.#flows.words();
    this.#number = this.#flows.words();
    this.#callers = new Distinct(this.#names, knobs['sources']);
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_TOLD);
  }

  relieve(): void {
    this.#calls.age();
    this.#flows.age();
    this.#names.age();
    this.#told.age();
  }

  get evicted(): number {
    return this.#calls.evicted + this.#flows.evicted + this.#names.evicted;
  }

  event(event: Event): void {
    switch (event.type) {
      case 'flow':
        return this.#ended(event.flow);
      case 'tls':
      case 'quic':
        return this.#named(event);
      case 'http':
        return this.#requested(event);
      case 'dns':
        return this.#questioned(event);
    }
  }

  /** A hello says whom the flow calls; how much it sent is known at its end. */
  #named(event: Event): void {
    const { flow } = event;
    const name = this.#sni[event.type].text(event);
    if (name === undefined || name === '' || !this.#isOutward(flow)) return;
    const slot = this.#flowOf(flow);
    if (!this.#flows.isNew) return;
    this.#pairOf(KIND.name, flow, name);
    this.#high.cells[slot] = this.#pair.high;
    this.#low.cells[slot] = this.#pair.low;
    this.#number.cells[slot] = this.#add(KIND.name, flow, name, flow.start, flow.payload_toserver);
  }

  /** One connection may carry many calls. */
  #requested(event: Event): void {
    const { flow } = event;
    if (!this.#isOutward(flow)) return;
    const name = this.#host.text(event);
    this.#number.cells[this.#flowOf(flow)] = 0;
    if (name === undefined || name === '') return;
    const sent = this.#sent.read(event);
    this.#pairOf(KIND.name, flow, name);
    // A request without a body is one of its head, which is much the same each time.
    this.#add(KIND.name, flow, name, event.time, typeof sent === 'number' && sent > 0 ? sent : 1);
  }

  #questioned(event: Event): void {
    if (this.#type.text(event) !== 'request') return;
    const name = this.#asked.text(event);
    const parts = name === undefined ? undefined : splitName(name);
    if (parts === undefined || parts.below === '') return;
    const { flow, time } = event;
    this.#pairOf(KIND.domain, flow, parts.registered);
    const asked = this.#short.begin().text(parts.below).short;
    this.#calls.add(this.#pair, time / 1e6, parts.below.length, asked || 1);
    if (this.#calls.number > 0 && this.#isRare(KIND.domain, flow, parts.registered))
      this.#judge(KIND.domain, flow, parts.registered, time);
  }

  #ended(flow: FlowView): void {
    const { protocol } = flow;
    if (protocol !== TCP && protocol !== UDP) return;
    if (flow.payload_toserver === 0 || flow.payload_toclient === 0 || !this.#isOutward(flow)) return;
    const slot = this.#flows.find(this.#flowKey(flow));
    if (slot >= 0) {
      this.#pair.high = this.#high.cells[slot] | 0;
      this.#pair.low = this.#low.cells[slot] | 0;
      this.#calls.resize(this.#pair, this.#number.cells[slot], flow.payload_toserver);
      return;
    }
    if (protocol === UDP && UNTOLD.has(flow.dest_port)) return;
    this.#pairOf(KIND.address, flow);
    this.#add(KIND.address, flow, undefined, flow.start, flow.payload_toserver);
  }

  /** @returns number of the call */
  #add(kind: Kind, flow: FlowView, name: string | undefined, time: number, size: number): number {
    const today = this.#calls.add(this.#pair, time / 1e6, size);
    const { number } = this.#calls;
    if (today === STROBE) this.#strobe(flow, name ?? placeOf(flow), time);
    if (number > 0 && this.#isRare(kind, flow, name)) this.#judge(kind, flow, name ?? placeOf(flow), time);
    return number;
  }

  #flowKey({ id }: FlowView): Key {
    return this.#short
      .begin()
      .word(id)
      .word(id / 2 ** 32);
  }

  #flowOf(flow: FlowView): number {
    return this.#flows.claim(this.#flowKey(flow));
  }

  #pairOf(kind: Kind, flow: FlowView, name?: string): Key {
    return this.#place(this.#pair.begin(kind).source(flow), flow, name);
  }

  #place(key: Key, flow: FlowView, name: string | undefined): Key {
    return name !== undefined
      ? key.text(name)
      : key.destination(flow).word((flow.protocol << 16) | flow.dest_port);
  }

  /** Few inside hosts call it again and again; this one is counted. */
  #isRare(kind: Kind, flow: FlowView, name: string | undefined): boolean {
    const slot = this.#names.claim(this.#place(this.#short.begin(kind), flow, name));
    const source = this.#short.begin().source(flow).short;
    const callers = this.#callers.add(slot, source, moment(flow.start), DAY / 1000);
    return callers < this.#knobs['sources'];
  }

  /** Whoever calls: many houses have addresses of their own that are not private. */
  #isOutward(flow: FlowView): boolean {
    return this.#knobs['inside'] !== 0 || isAbroad(flow, false);
  }

  #judge(kind: Kind, flow: FlowView, name: string, time: number): void {
    const { early_calls, early_score, calls, span_s, gap_score, score } = this.#knobs;
    const rhythm = this.#calls.judge(this.#pair, Math.min(early_calls, calls));
    if (rhythm === undefined || rhythm.ts < gap_score) return;
    if (kind === KIND.domain && rhythm.names < NEW_NAMES * Math.min(rhythm.calls, MOST_NAMES)) return;
    const isLong = rhythm.calls >= calls && rhythm.span >= span_s;
    if (rhythm.score < (isLong ? score : early_score)) return;
    // Over DNS only the long ones: resolvers and programs ask again when a name's time is over.
    if (!isLong && kind === KIND.domain) return;
    const rule = !isLong ? EARLY : kind === KIND.domain ? BY_DNS : BEACON;
    const { high, low } = this.#pair;
    if (
      !this.#told.tell(
        this.#short
          .begin(isLong ? 1 : 0)
          .word(high)
          .word(low),
        time,
      )
    )
      return;
    this.#tell(rule, flow, name, rhythm);
  }

  #tell(rule: RuleIdentity, flow: FlowView, name: string, rhythm: Rhythm): void {
    const { calls, span, gap, ts, ds, dur, hist, score } = rhythm;
    const time =
      span < 120
        ? [`${span} s`, `${span} 秒間`]
        : [`${Math.round(span / 60)} minutes`, `${Math.round(span / 60)} 分間`];
    this.#sink.raise(
      {
        rule,
        reason: {
          en: `${flow.src_ip} called ${name} ${calls} times in ${time[0]}, evenly: every ${gap} s or so.`,
          ja: `${flow.src_ip} が ${name} を ${time[1]}に ${calls} 回、約 ${gap} 秒ごとに規則的に呼び出しました。`,
        },
        matched: ['src_ip', 'dest_ip', 'flow.start', 'flow.payload_bytes_toserver'],
        facts: {
          'yagura.called': name,
          'yagura.calls': calls,
          'yagura.seconds': Math.round(span),
          'yagura.gap': gap,
          'yagura.score': score,
          'yagura.gap_score': ts,
          'yagura.size_score': ds,
          'yagura.duration_score': dur,
          'yagura.histogram_score': hist,
        },
      },
      flow,
    );
  }

  #strobe(flow: FlowView, name: string, time: number): void {
    const { high, low } = this.#pair;
    if (!this.#told.tell(this.#short.begin(2).word(high).word(low), time)) return;
    this.#sink.raise(
      {
        rule: STROBES,
        reason: {
          en: `${flow.src_ip} called ${name} ${STROBE} times within a day.`,
          ja: `${flow.src_ip} が ${name} を 1 日以内に ${STROBE} 回呼び出しました。`,
        },
        matched: ['src_ip', 'dest_ip'],
        facts: { 'yagura.called': name, 'yagura.calls': STROBE },
      },
      flow,
    );
  }
}

const placeOf = (flow: FlowView): string => `${flow.dest_ip} ${flow.dest_port}`;
