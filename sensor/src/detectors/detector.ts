// The contract of a detector: something that watches flows and events in packet time and raises alerts.
import type { Packet } from '../layers/packet.ts';
import type { Event, FlowView } from '../protocols/event.ts';
import type { RuleSet } from '../rules/load.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { Scalar } from '../wire/field.ts';
import type { RuleCost } from './rule-meter.ts';

/** What a detector says; the sensor adds addresses, time, evidence and the privacy profile. */
export interface Finding {
  readonly rule: RuleIdentity;
  readonly reason: { readonly en: string; readonly ja: string };
  /** Names of the event's fields that the decision rested on. */
  readonly matched: readonly string[];
  /** Facts of the detector's own (counts, scores); names `yagura.<word>`, class `flow`. */
  readonly facts?: Readonly<Record<string, Scalar>>;
}

/** Takes findings about an event, or about a flow when no event is at hand. */
export interface AlertSink {
  raise(finding: Finding, about: Event | FlowView): void;
}

/** A knob's default with its reason; shown by `--print-config`. */
export interface Knob {
  readonly default: number;
  readonly unit: string;
  readonly about: string;
}

/** A running detector. Every method is optional; all are called in packet-time order. None may keep its argument. */
export interface Watch {
  /** First packet of a flow. */
  opened?(flow: FlowView): void;
  /** The other side answered for the first time (TCP: SYN+ACK). */
  answered?(flow: FlowView): void;
  /** The other side refused: TCP RST to a SYN, ICMP unreachable to UDP. */
  refused?(flow: FlowView): void;
  /** An application event, a `flow` event at a flow's end, or an `anomaly`. */
  event?(event: Event): void;
  /** Called at least once per second of packet time. µs. */
  tick?(now: number): void;
  /** Memory is short: forget the older half of what is counted. */
  relieve?(): void;
}

/** Counts what it gave up for want of room: what is forgotten so may be told late, or not at all. */
export interface Forgetful {
  readonly evicted: number;
}

/** Looks at the headers of every packet of a flow, which costs each a call: only where rules ask for it. */
export interface PacketWatch {
  /**
   * The flow has counted the packet already.
   * @param side 0 to the server, 1 to the client
   */
  packet?(p: Packet, flow: FlowView, side: 0 | 1): void;
  /** The same, of a packet that another thread saw. @param time µs */
  packetHit?(flow: FlowView, hit: PacketHit, time: number): void;
}

/** Rules that may hold for a packet, and what an alert says of it. */
export interface PacketHit {
  readonly side: 0 | 1;
  readonly rules: readonly string[];
  readonly icmp_type?: number;
  readonly icmp_code?: number;
}

/** Keeps account of what rules cost and find. */
export interface AccountWatch {
  costs?(): readonly RuleCost[];
  /** Those of them that were suspended: they took too much time. */
  suspended?(): readonly RuleCost[];
}

/** What a watch has learnt: numbers, texts, typed arrays, and objects of them. It holds no payload, and no name in clear. */
export type Learnt = Readonly<Record<string, unknown>>;

/** A watch that compares with what it has seen before. */
export interface Learning extends Watch {
  /** What it has learnt so far, of a bounded size; whoever asks has done with it before the watch goes on. */
  learnt(): Learnt;
}

export interface Detector {
  readonly name: string;
  readonly about: string;
  /** Every rule it may raise an alert as: the catalogue and the coverage of ATT&CK are made from them. */
  readonly raises: readonly RuleIdentity[];
  /**
   * Types of events that it looks at by itself, with the fields that it reads of each, by name: no more of them goes from
   * one thread to another. `whole` for those that it raises alerts about, since all of it is evidence; flows always are.
   */
  readonly looksAt: Readonly<Record<string, 'whole' | readonly string[]>>;
  readonly knobs: Readonly<Record<string, Knob>>;
  /** Of one that learns: number of the form of what it learns. What was saved in another form is not given back. */
  readonly learns?: number;
  /**
   * @param knobs a value for each of `knobs`
   * @param rules what was loaded; only `rule-match` needs it
   * @param before what one of the same form had learnt
   * @param former the one at work until now, with other knobs or rules; what still fits of it may go on
   */
  start(
    knobs: Readonly<Record<string, number>>,
    sink: AlertSink,
    rules: RuleSet,
    before?: Learnt,
    former?: Watch,
  ): Watch | Learning;
}
