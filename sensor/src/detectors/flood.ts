// Floods: a host is buried under connections, an inside host takes part in burying one, or answers for a forged asker.
/*
 * What: first packets of flows per target and per pair in windows of seconds, how many were answered, of how many sources,
 * and whether they go for one port; packets a second of single flows that nobody answers; and bytes that inside servers of
 * protocols that amplify give to somebody outside, against what they were asked.
 * Why it matters: a flood is an outage, and a host that takes part in one is somebody else's. Both are noticed by others
 * first, if at all.
 * Method: rates per host as FastNetMon (3,500 flows/s, 20,000 packets/s over 5 s), SYN without answers as Wang, Zhang and
 * Shin 2002 ("Detecting SYN Flooding Attacks"), sources by linear counting; amplification factors of US-CERT TA14-017A.
 * False positives: load tests, a service that is down while its clients try again, streams over UDP without feedback.
 * ATT&CK: T1498.001 Direct Network Flood, T1498.002 Reflection Amplification, T1499.002 Service Exhaustion Flood.
 */
import { UDP } from '../layers/packet.ts';
import type { Event, FlowView } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Forgetful, Watch } from './detector.ts';
import { isAbroad, isInside } from './inside.ts';
import { Growth } from './sketch/growth.ts';
import { Key } from './sketch/key.ts';
import { moment } from './sketch/moment.ts';
import { Silence } from './sketch/silence.ts';
import { type Column, Slots } from './sketch/slots.ts';
import { Tally } from './sketch/tally.ts';

/** With a bitmap of their sources: some 180 bytes each. */
const MAX_TARGETS = 8_192;
/** Inside hosts with whom they call. */
const MAX_PAIRS = 32_768;
const MAX_SERVERS = 4_096;
const MAX_LONG_FLOWS = 4_096;
const MAX_TOLD = 5_000;
/** Bits by which sources are counted. */
const SOURCES = 512;
/** Of all first packets: below it nobody answers. */
const ANSWERED = 0.2;
/** Of all first packets that must go for the target's one port: else it is a scan. */
const ONE_PORT = 0.5;
/** s that a single flow must last, for its rate to mean something. */
const LEAST_SECONDS = 5;
/** Packets back of those sent: what has any feedback is above. */
const FEEDBACK = 0.02;
/** Ports whose protocols answer with far more than they are asked (TA14-017A). */
const AMPLIFIERS: ReadonlySet<number> = new Set([
  ...[
    17, 19, 53, 69, 111, 123, 137, 161, 389, 520, 1900, 3283, 3702, 5353, 5683, 10_001, 11_211, 27_960,
    37_810,
  ],
]);

const identity = (
  id: string,
  name: string,
  severity: RuleIdentity['severity'],
  ...tags: string[]
): RuleIdentity => ({
  id: `behaviour.flood.${id}`,
  name,
  kind: 'behaviour',
  severity,
  confidence: 75,
  tags: ['attack.impact', 'attack.t1498', ...tags],
});
const TARGET = identity(
  'target',
  'Flood: many connections to one host that go unanswered',
  'high',
  'attack.t1498.001',
  'attack.t1499',
);
const SOURCE = identity('source', 'Flood: an inside host floods another', 'high', 'attack.t1498.001');
const REFLECTOR = identity(
  'reflector',
  'Flood: an inside server answers for forged askers',
  'high',
  'attack.t1498.002',
);

export const flood: Detector = {
  name: 'flood',
  about: 'Hosts that are flooded, that flood, or that reflect floods.',
  raises: [TARGET, SOURCE, REFLECTOR],
  looksAt: { flow: 'whole', flow_update: 'whole' },
  knobs: {
    flows: {
      default: 5_000,
      unit: 'connections',
      about:
        'Of one target or one pair within the window, hardly any answered. FastNetMon’s 3,500 a second are a backbone’s.',
    },
    window_s: {
      default: 10,
      unit: 's',
      about: 'Attacks of booters last minutes; clients that try again come slower.',
    },
    packets_per_s: {
      default: 10_000,
      unit: 'packets/s',
      about: 'Of one flow without an answer. Half of FastNetMon’s level of a host; streams have below 2,000.',
    },
    reflected_mb: {
      default: 5,
      unit: 'MB',
      about: 'That a server gave to one asker in one conversation or several within five minutes.',
    },
    amplification: { default: 8, unit: 'times', about: 'Given over asked. DNS with signatures is near 5.' },
    quiet_s: { default: 900, unit: 's', about: 'The same flood is not told again for this long.' },
  },
  start: (knobs, sink) => new Flood(knobs, sink),
};

/** ms in which what a server gave to one asker is added up. */
const REFLECTED_WITHIN = 300_000;

/** For each target or pair: the window's number, what was opened and answered in it, the port that most go for, how many more. */
class Attempts {
  readonly slots: Slots;
  readonly #cells: Column<Uint32Array>;
  readonly #span: number;

  /** @param span µs of a window */
  constructor(cap: number, span: number) {
    this.slots = new Slots(cap);
    this.#cells = this.slots.words(5);
    this.#span = span;
  }

  open(key: Key, flow: FlowView): number {
    const slot = this.slots.claim(key);
    const { cells } = this.#cells;
    const at = slot * 5;
    const window = Math.floor(flow.last / this.#span) >>> 0;
    if (cells[at] !== window) {
      cells[at] = window;
      cells[at + 1] = cells[at + 2] = cells[at + 4] = 0;
    }
    cells[at + 1]++;
    // The majority vote of Boyer and Moore: what most have in common is found without counting each.
    if (cells[at + 3] === flow.dest_port) cells[at + 4]++;
    else if (cells[at + 4] > 0) cells[at + 4]--;
    else cells[at + 3] = flow.dest_port;
    return slot;
  }

  answer(key: Key): void {
    const slot = this.slots.find(key);
    if (slot >= 0) this.#cells.cells[slot * 5 + 2]++;
  }

  /** Connections of the window, when they are a flood; else 0. */
  flood(slot: number, least: number): number {
    const { cells } = this.#cells;
    const opened = cells[slot * 5 + 1];
    if (opened < least) return 0;
    const isOne = cells[slot * 5 + 4] >= ONE_PORT * opened;
    return isOne && cells[slot * 5 + 2] < ANSWERED * opened ? opened : 0;
  }
}

class Flood implements Watch, Forgetful {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #targets: Attempts;
  readonly #sources: Tally;
  readonly #pairs: Attempts;
  readonly #servers = new Slots(MAX_SERVERS);
  readonly #begun: Column<Uint32Array> = this.#servers.words();
  readonly #asked: Column<Float64Array> = this.#servers.floats();
  readonly #given: Column<Float64Array> = this.#servers.floats();
  readonly #growth = new Growth(MAX_LONG_FLOWS);
  readonly #told: Silence;
  readonly #key = new Key();

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#targets = new Attempts(MAX_TARGETS, knobs['window_s'] * 1e6);
    this.#sources = new Tally(this.#targets.slots, SOURCES, knobs['window_s'] * 1000);
    this.#pairs = new Attempts(MAX_PAIRS, knobs['window_s'] * 1e6);
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_TOLD);
  }

  get evicted(): number {
    return this.#targets.slots.evicted + this.#pairs.slots.evicted + this.#servers.evicted;
  }

  relieve(): void {
    this.#targets.slots.age();
    this.#pairs.slots.age();
    this.#servers.age();
    this.#growth.age();
    this.#told.age();
  }

  /** Who is inside is counted by himself, with each of his targets; those outside together. */
  opened(flow: FlowView): void {
    const key = this.#key;
    const { flows } = this.#knobs;
    if (isInside(flow, true)) {
      const pair = this.#pairs.open(key.begin(2).source(flow).destination(flow), flow);
      const count = this.#pairs.flood(pair, flows);
      if (count > 0 && this.#told.tell(key, flow.last)) this.#tellSource(flow, count);
      return;
    }
    const now = moment(flow.last);
    const source = key.begin().source(flow).short;
    const target = this.#targets.open(key.begin(1).destination(flow), flow);
    this.#sources.add(target, source, now);
    const count = this.#targets.flood(target, flows);
    if (count > 0 && this.#told.tell(key, flow.last))
      this.#tellTarget(flow, count, this.#sources.count(target, now));
  }

  answered(flow: FlowView): void {
    const key = this.#key;
    if (isInside(flow, true)) this.#pairs.answer(key.begin(2).source(flow).destination(flow));
    else this.#targets.answer(key.begin(1).destination(flow));
  }

  event(event: Event): void {
    if (event.type !== 'flow' && event.type !== 'flow_update') return;
    const { flow } = event;
    if (flow.protocol === UDP && AMPLIFIERS.has(flow.dest_port)) this.#reflected(event);
    const seconds = (flow.last - flow.start) / 1e6;
    const { pkts_toserver: sent, pkts_toclient: back } = flow;
    if (sent < LEAST_SECONDS * this.#knobs['packets_per_s'] || seconds < LEAST_SECONDS) return;
    const rate = sent / seconds;
    if (rate < this.#knobs['packets_per_s'] || back > FEEDBACK * sent) return;
    if (!isInside(flow, true) || !isAbroad(flow, false)) return;
    const key = this.#key.begin(2).source(flow).destination(flow);
    if (this.#told.tell(key, event.time)) this.#tellRate(event, Math.round(rate));
  }

  /** Adds up what an inside server gave to somebody outside. */
  #reflected(event: Event): void {
    const { flow } = event;
    if (flow.payload_toclient === 0 || !isInside(flow, false) || !isAbroad(flow, true)) return;
    const key = this.#key.begin(3).source(flow).destination(flow).word(flow.dest_port);
    const slot = this.#servers.claim(key);
    const now = moment(event.time);
    if ((now - this.#begun.cells[slot]) >>> 0 > REFLECTED_WITHIN) {
      this.#begun.cells[slot] = now;
      this.#asked.cells[slot] = this.#given.cells[slot] = 0;
    }
    const { sent, received } = this.#growth.of(flow, event.type === 'flow');
    this.#asked.cells[slot] += sent;
    this.#given.cells[slot] += received;
    const [asked, given] = [this.#asked.cells[slot], this.#given.cells[slot]];
    const { reflected_mb, amplification } = this.#knobs;
    if (given < reflected_mb * 1e6 || given < amplification * asked || !this.#told.tell(key, event.time))
      return;
    const { src_ip, dest_ip, dest_port } = flow;
    const mb = Math.round(given / 1e6);
    const times = Math.round(given / Math.max(1, asked));
    const reason = {
      en: `${dest_ip} gave ${src_ip} ${mb} MB from port ${dest_port}, ${times} times what it was asked with: the asker is probably forged.`,
      ja: `${dest_ip} がポート ${dest_port} から ${src_ip} へ、要求の ${times} 倍にあたる ${mb} MB を返しました。送信元が詐称されている可能性があります。`,
    };
    const matched = ['dest_ip', 'dest_port', 'flow.payload_bytes_toserver', 'flow.payload_bytes_toclient'];
    this.#sink.raise(
      { rule: REFLECTOR, reason, matched, facts: { 'yagura.sent': given, 'yagura.times': times } },
      event,
    );
  }

  #tellTarget(flow: FlowView, count: number, sources: number): void {
    const { window_s } = this.#knobs;
    const { dest_ip, dest_port } = flow;
    const reason = {
      en: `${dest_ip} was sent ${count} or more new connections within ${window_s} s, of some ${sources} sources and mostly to port ${dest_port}; hardly any were answered.`,
      ja: `${dest_ip} が ${window_s} 秒以内に、約 ${sources} の送信元から主にポート ${dest_port} へ ${count} 件以上の接続を受けました。ほとんどが応答されていません。`,
    };
    const facts = { 'yagura.connections': count, 'yagura.sources': sources, 'yagura.seconds': window_s };
    this.#sink.raise({ rule: TARGET, reason, matched: ['dest_ip', 'dest_port'], facts }, flow);
  }

  #tellSource(flow: FlowView, count: number): void {
    const { window_s } = this.#knobs;
    const { src_ip, dest_ip, dest_port } = flow;
    const reason = {
      en: `${src_ip} opened ${count} or more connections to port ${dest_port} of ${dest_ip} within ${window_s} s; hardly any were answered.`,
      ja: `${src_ip} が ${window_s} 秒以内に ${dest_ip} のポート ${dest_port} へ ${count} 件以上の接続を開始しました。ほとんどが応答されていません。`,
    };
    const facts = { 'yagura.connections': count, 'yagura.seconds': window_s };
    this.#sink.raise({ rule: SOURCE, reason, matched: ['src_ip', 'dest_ip', 'dest_port'], facts }, flow);
  }

  #tellRate(event: Event, rate: number): void {
    const { src_ip, dest_ip } = event.flow;
    const reason = {
      en: `${src_ip} sent ${rate} packets a second to ${dest_ip}, which hardly answered.`,
      ja: `${src_ip} が ${dest_ip} へ毎秒 ${rate} パケットを送信しました。応答はほとんどありません。`,
    };
    const facts = { 'yagura.packets_per_second': rate };
    this.#sink.raise(
      { rule: SOURCE, reason, matched: ['src_ip', 'dest_ip', 'flow.pkts_toserver'], facts },
      event,
    );
  }
}
