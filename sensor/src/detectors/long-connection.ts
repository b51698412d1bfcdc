// Long connections: one inside host keeps a connection to one place outside open for hours on end.
/*
 * What: the age of each flow to the outside, while it lives and at its end; both sides must have spoken in it.
 * Why it matters: remote control and tunnels stay open, since who calls again and again is a beacon. People and browsers
 * close what they opened.
 * Method: RITA's long connections (1 h base, 4 h low, 8 h medium, 12 h high), of single flows: many short ones are the
 * work of beacon and upload. Names that many inside hosts call cannot be known of a flow, so places are counted.
 * False positives: VPNs, chat and push services, remote desks of the house. Those that many inside hosts hold open are
 * left out; allow the others once they are known.
 * ATT&CK: T1572 Protocol Tunneling, T1219 Remote Access Tools, T1571 Non-Standard Port.
 */
import { TCP, UDP } from '../layers/packet.ts';
import type { Event } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Forgetful, Watch } from './detector.ts';
import { isAbroad, isInside } from './inside.ts';
import { Distinct } from './sketch/distinct.ts';
import { Key } from './sketch/key.ts';
import { moment } from './sketch/moment.ts';
import { Silence } from './sketch/silence.ts';
import { Slots } from './sketch/slots.ts';

/** Places that a long connection goes to. */
const MAX_PLACES = 4_096;
const HOUR = 3600e6;
const DAY = 86_400e6;

const LONG: RuleIdentity = {
  id: 'behaviour.long-connection',
  name: 'Connection to the outside open for hours',
  kind: 'behaviour',
  severity: 'low',
  confidence: 40,
  tags: ['attack.command-and-control', 'attack.t1572', 'attack.t1219', 'attack.t1571'],
};

export const longConnection: Detector = {
  name: 'long-connection',
  about: 'A connection to one place outside that stays open for hours.',
  raises: [LONG],
  looksAt: { flow: 'whole', flow_update: 'whole' },
  knobs: {
    hours: {
      default: 8,
      unit: 'h',
      about: 'A working day: what a person opened is closed at its end. RITA’s medium.',
    },
    sources: {
      default: 5,
      unit: 'hosts',
      about: 'A place that so many inside hosts hold connections to within a day is a service of the house.',
    },
    quiet_s: { default: 86_400, unit: 's', about: 'The same two are not told again for this long.' },
  },
  start(knobs, sink): Watch {
    return new LongConnection(knobs, sink);
  },
};

class LongConnection implements Watch, Forgetful {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #places = new Slots(MAX_PLACES);
  readonly #holders: Distinct;
  readonly #told: Silence;
  readonly #key = new Key();

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#holders = new Distinct(this.#places, knobs['sources']);
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_PLACES);
  }

  relieve(): void {
    this.#places.age();
    this.#told.age();
  }

  get evicted(): number {
    return this.#places.evicted;
  }

  event(event: Event): void {
    if (event.type !== 'flow' && event.type !== 'flow_update') return;
    const { flow } = event;
    const hours = (flow.last - flow.start) / HOUR;
    if (hours < this.#knobs['hours'] || (flow.protocol !== TCP && flow.protocol !== UDP)) return;
    if (flow.payload_toserver === 0 || flow.payload_toclient === 0) return;
    if (!isInside(flow, true) || !isAbroad(flow, false)) return;
    const place = this.#places.claim(this.#key.begin(1).destination(flow).word(flow.dest_port));
    const holder = this.#key.begin().source(flow).short;
    if (this.#holders.add(place, holder, moment(event.time), DAY / 1000) >= this.#knobs['sources']) return;
    if (!this.#told.tell(this.#key.begin(2).source(flow).destination(flow), event.time)) return;
    const shown = Math.floor(hours);
    this.#sink.raise(
      {
        rule: LONG,
        reason: {
          en: `${flow.src_ip} has held a connection to ${flow.dest_ip} port ${flow.dest_port} open for ${shown} hours.`,
          ja: `${flow.src_ip} が ${flow.dest_ip} のポート ${flow.dest_port} への接続を ${shown} 時間維持しています。`,
        },
        matched: ['src_ip', 'dest_ip', 'flow.start'],
        facts: { 'yagura.hours': shown },
      },
      event,
    );
  }
}
