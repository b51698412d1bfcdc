// Unusual uploads: a host sends far more to the outside than it ever did in an hour.
/*
 * What: for each inside host the bytes that it sends to the outside per hour, and the hours of its past in which it sent
 * anything. An hour that stands far out of them, and goes mostly outwards, is told while it lasts.
 * Why it matters: a fixed limit is too high for a terminal and too low for a mail server. What is much is said by the
 * host's own past.
 * Method: modified z-score over median and MAD (Iglewicz and Hoaglin 1993), of the logarithm, since volumes are spread over
 * powers of ten; medians do not learn from a few bad hours, as means would (Chandola et al. 2009, §7).
 * False positives: the first backup, an update server's new role, a film for a customer. Each becomes its past.
 * ATT&CK: T1048 Exfiltration Over Alternative Protocol, T1567 Exfiltration Over Web Service, T1041 over C2 Channel.
 */
import type { Event } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Forgetful, Learning, Learnt } from './detector.ts';
import { isAbroad, isInside } from './inside.ts';
import { Growth } from './sketch/growth.ts';
import { Key } from './sketch/key.ts';
import { Silence } from './sketch/silence.ts';
import { type Column, type SavedSlots, Slots } from './sketch/slots.ts';

/** Hosts inside: some 230 bytes each. */
const MAX_HOSTS = 20_000;
const MAX_LONG_FLOWS = 8_192;
/** Active hours of a host that are kept: a working week. */
const HOURS = 48;
const HOUR = 3600e6;
const KB = 1024;
/** Powers of two: what a host's hours differ by at least, however alike they were. */
const LEAST_SPREAD = 0.5;
/** Makes the MAD of a normal distribution its standard deviation. */
const NORMAL = 0.6745;

const UNUSUAL: RuleIdentity = {
  id: 'behaviour.unusual-upload',
  name: 'Upload far above the host’s own past',
  kind: 'behaviour',
  severity: 'medium',
  confidence: 65,
  tags: ['attack.exfiltration', 'attack.t1048', 'attack.t1567', 'attack.t1041'],
};

export const unusualUpload: Detector = {
  name: 'unusual-upload',
  about: 'More bytes to the outside in an hour than the host’s past explains.',
  raises: [UNUSUAL],
  looksAt: { flow: 'whole', flow_update: 'whole' },
  learns: 1,
  knobs: {
    hours: {
      default: 24,
      unit: 'active hours',
      about: 'Of a host’s past before it is judged: three working days of a person, one day of a server.',
    },
    score: {
      default: 3.5,
      unit: 'modified z-score',
      about:
        'What Iglewicz and Hoaglin call an outlier; the largest hour guards against what happens once a week.',
    },
    times: {
      default: 3,
      unit: 'times',
      about: 'Above the host’s largest hour, too: what it did once it may do again.',
    },
    megabytes: { default: 20, unit: 'MB', about: 'In the hour at least: a document or a mailbox.' },
    ratio: {
      default: 2,
      unit: 'times',
      about: 'Sent over received in the hour: calls and downloads are below.',
    },
    quiet_s: { default: 21_600, unit: 's', about: 'The same host is not told again for this long.' },
  },
  start: (knobs, sink, _, before) => new UnusualUpload(knobs, sink, before),
};

class UnusualUpload implements Learning, Forgetful {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #hosts = new Slots(MAX_HOSTS);
  /** KB of the last active hours, in a ring; how many there are; the next place. */
  readonly #past: Column<Uint32Array> = this.#hosts.words(HOURS);
  readonly #used: Column<Uint8Array> = this.#hosts.bytes();
  readonly #next: Column<Uint8Array> = this.#hosts.bytes();
  /** Number of the hour that is under way, and its bytes. */
  readonly #hour: Column<Uint32Array> = this.#hosts.words();
  readonly #sent: Column<Float64Array> = this.#hosts.floats();
  readonly #received: Column<Float64Array> = this.#hosts.floats();
  readonly #growth = new Growth(MAX_LONG_FLOWS);
  readonly #told: Silence;
  readonly #key = new Key();

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink, before: Learnt = {}) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_HOSTS);
    if (before['hosts'] !== undefined) this.#hosts.restore(before['hosts'] as SavedSlots);
  }

  learnt(): Learnt {
    return { hosts: this.#hosts.saved() };
  }

  get evicted(): number {
    return this.#hosts.evicted;
  }

  relieve(): void {
    this.#hosts.age();
    this.#growth.age();
    this.#told.age();
  }

  event(event: Event): void {
    const isOver = event.type === 'flow';
    if (!isOver && event.type !== 'flow_update') return;
    const { flow } = event;
    if (flow.payload_toserver === 0 || !isInside(flow, true) || !isAbroad(flow, false)) return;
    const { sent, received } = this.#growth.of(flow, isOver);
    const slot = this.#hosts.claim(this.#key.begin().source(flow));
    this.#goTo(slot, Math.floor(event.time / HOUR) >>> 0);
    const total = (this.#sent.cells[slot] += sent);
    const back = (this.#received.cells[slot] += received);
    const { megabytes, ratio, hours } = this.#knobs;
    if (total < megabytes * 1e6 || total < ratio * back || this.#used.cells[slot] < hours) return;
    this.#judge(slot, event, total);
  }

  /** The hour before becomes the past; hours without a byte do not, and those of another recording are no gap. */
  #goTo(slot: number, hour: number): void {
    if (this.#hour.cells[slot] === hour) return;
    const kb = Math.ceil(this.#sent.cells[slot] / KB);
    if (kb > 0) {
      const next = this.#next.cells[slot];
      this.#past.cells[slot * HOURS + next] = Math.min(0xffffffff, kb);
      this.#next.cells[slot] = (next + 1) % HOURS;
      if (this.#used.cells[slot] < HOURS) this.#used.cells[slot]++;
    }
    this.#hour.cells[slot] = hour;
    this.#sent.cells[slot] = this.#received.cells[slot] = 0;
  }

  #judge(slot: number, event: Event, sent: number): void {
    const used = this.#used.cells[slot];
    const past = this.#past.cells.slice(slot * HOURS, slot * HOURS + used).sort();
    const { score: least, times } = this.#knobs;
    if (sent / KB < times * past[used - 1]) return;
    const usual = past[used >> 1];
    const middle = Math.log2(usual);
    const spread = Float64Array.from(past, (kb) => Math.abs(Math.log2(kb) - middle)).sort()[used >> 1];
    const score = (NORMAL * (Math.log2(sent / KB) - middle)) / Math.max(LEAST_SPREAD, spread);
    const { flow } = event;
    if (score < least || !this.#told.tell(this.#key.begin().source(flow), event.time)) return;
    const shown = Math.round(sent / 1e6);
    const before = (usual * KB) / 1e6;
    const ordinary = before < 1 ? before.toFixed(2) : before.toFixed(0);
    this.#sink.raise(
      {
        rule: UNUSUAL,
        reason: {
          en: `${flow.src_ip} sent ${shown} MB to the outside within an hour, lastly to ${flow.dest_ip}; in ${used} active hours before, ${ordinary} MB were usual.`,
          ja: `${flow.src_ip} が1時間に ${shown} MB を外部へ送信しました(直近の宛先 ${flow.dest_ip})。過去の活動時間 ${used} 時間の中央値は ${ordinary} MB です。`,
        },
        matched: ['src_ip', 'dest_ip', 'flow.payload_bytes_toserver'],
        facts: {
          'yagura.sent': sent,
          'yagura.usual': usual * KB,
          'yagura.score': Math.round(score * 10) / 10,
          'yagura.baseline_hours': used,
        },
      },
      event,
    );
  }
}
