// Suricata's rules at work: which hold for an event, a packet or a flow, and what their state and thresholds make of it.
import { ICMP, ICMPV6, type Packet, TCP } from '../layers/packet.ts';
import { SYN } from '../layers/tcp.ts';
import type { Event, FlowView } from '../protocols/event.ts';
import type { Told } from '../protocols/told.ts';
import { AddressIndex } from '../rules/suricata/address-index.ts';
import { Addresses } from '../rules/suricata/addresses.ts';
import type { CompiledSignature, Probe } from '../rules/suricata/compiled.ts';
import { undecided } from '../rules/suricata/datasets.ts';
import { holds, type Measured } from '../rules/suricata/dispatch.ts';
import type { SignatureSet } from '../rules/suricata/set.ts';
import { Memory } from '../rules/suricata/state.ts';
import { Counters, type Ends } from '../rules/suricata/thresholds.ts';
import type { Scalar } from '../wire/field.ts';
import type { AlertSink, PacketHit, PacketWatch, Watch } from './detector.ts';
import { copyOf } from './flow-copy.ts';
import type { RuleMeter } from './rule-meter.ts';

type Side = 0 | 1;

/** A match, before anybody knows whether it is told. */
interface Match {
  readonly rule: CompiledSignature;
  readonly side: Side;
}

const WAY = ['to_server', 'to_client'] as const;

export class SignatureMatch {
  readonly memory: Memory;
  readonly counters: Counters;
  readonly #set: SignatureSet;
  /** IP protocol → rules about its packets. */
  readonly #ofTransport: readonly (readonly CompiledSignature[])[];
  readonly #byId: ReadonlyMap<string, CompiledSignature>;
  readonly #sink: AlertSink;
  readonly #meter: RuleMeter | undefined;
  readonly #measured: Measured | undefined;
  readonly #addresses = new Addresses();
  readonly #byAddress: AddressIndex;
  readonly #matches: Match[] = [];
  #flow!: FlowView;
  #now = 0;
  #type = '';
  readonly #admits = ({ rule }: Probe, side: Side): boolean => this.#isAbout(rule, side);
  readonly #hit = ({ rule }: Probe, side: Side): void => {
    this.#matches.push({ rule, side });
  };

  /**
   * @param before other rules were at work: what was remembered and counted for them goes on
   * @param meter keeps account of the rules, and suspends them
   */
  constructor(set: SignatureSet, sink: AlertSink, before?: SignatureMatch, meter?: RuleMeter) {
    this.#meter = meter;
    this.#measured = meter && ((rule, asked) => meter.measured(rule, asked));
    this.memory = before?.memory ?? new Memory();
    this.counters = before?.counters ?? new Counters();
    this.#set = set;
    this.#ofTransport = Array.from({ length: 256 }, (_, protocol) =>
      set.ofScope.packet.filter(({ transports }) => transports?.includes(protocol) ?? true),
    );
    this.#byAddress = new AddressIndex(set.ofScope.flow);
    this.#byId = new Map(set.rules.map((rule) => [rule.identity.id, rule]));
    this.#sink = sink;
  }

  /** What it wants to be shown beside events: only what rules ask for. */
  get watch(): Pick<Watch, 'opened' | 'answered' | 'refused'> & PacketWatch {
    const { flow, packet } = this.#set.ofScope;
    return {
      ...(flow.length > 0 && {
        opened: (view) => this.flow(view, 0),
        answered: (view) => this.flow(view, 1),
        refused: (view) => {
          if (view.pkts_toclient > 0) this.flow(view, 1);
        },
      }),
      ...(packet.length > 0 && {
        packet: (p, view, side) => this.packet(p, view, side),
        packetHit: (view, hit, time) => this.packetHit(view, hit, time),
      }),
    };
  }

  /**
   * The row of its type speaks of the event already.
   * @param isMeasured it is one of those that the meter takes the time of
   */
  event(event: Event, isMeasured = false): void {
    const { type, flow, time } = event;
    this.#type = type;
    if (type === 'flow') {
      this.memory.end(flow.id);
      return;
    }
    this.#at(flow, time);
    const known = event.isTold === true ? (event.message as Told).signatures : undefined;
    if (known !== undefined) this.#take(known, time);
    else {
      const measured = isMeasured ? this.#measured : undefined;
      this.#set.dispatch.get(type)?.match(time, this.#admits, this.#hit, measured);
      for (const rule of this.#set.ofScope.protocol) this.#protocol(rule, flow);
    }
    if (this.#matches.length > 0) this.#settle(event, undefined);
  }

  /** The first packet of a flow, to the server; or of the other side, to the client. */
  flow(flow: FlowView, side: Side): void {
    this.#at(flow, flow.last);
    const { client, server } = this.#addresses;
    for (const rule of this.#byAddress.of(client, server))
      if (this.#isAbout(rule, side) && this.#once(rule, flow, side)) this.#matches.push({ rule, side });
    if (this.#matches.length > 0) this.#settle(undefined, undefined);
  }

  packet(p: Packet, flow: FlowView, side: Side): void {
    this.#at(flow, p.time);
    for (const rule of this.#ofTransport[p.protocol]) this.#packet(rule, p, flow, side);
    if (this.#matches.length > 0) this.#settle(undefined, icmpOf(p));
  }

  #packet(rule: CompiledSignature, p: Packet, flow: FlowView, side: Side): void {
    for (const test of rule.packetTests) if (!test(p, flow, side)) return;
    if (rule.established !== undefined && rule.established !== isPacketEstablished(p, flow, side)) return;
    if (this.#isAbout(rule, side)) this.#matches.push({ rule, side });
  }

  /** @param time µs */
  packetHit(flow: FlowView, hit: PacketHit, time: number): void {
    this.#at(flow, time);
    this.#take(hit.rules, time);
    if (this.#matches.length > 0) this.#settle(undefined, hit);
  }

  /** What a worker found. Sets that rules change are asked here alone, since here is all of the traffic. */
  #take(found: readonly string[], time: number): void {
    for (const text of found) {
      const at = text.lastIndexOf(' ');
      const rule = this.#byId.get(text.slice(0, at));
      const side = text.endsWith('1') ? 1 : 0;
      // A worker may have other rules for as long as they are read anew.
      if (rule === undefined) continue;
      if (rule.asksChanging && !this.#stillHolds(rule, side, time)) continue;
      this.#matches.push({ rule, side });
    }
  }

  #stillHolds(rule: CompiledSignature, side: Side, time: number): boolean {
    const probe = [...this.#set.dispatch.values()]
      .flatMap(({ probes }) => probes)
      .find((one) => one.rule === rule && one.type === this.#type);
    return probe !== undefined && holds(probe, 1 << side, time);
  }

  #at(flow: FlowView, now: number): void {
    this.#flow = flow;
    this.#now = now;
    this.#addresses.of(flow);
    this.#matches.length = 0;
  }

  /** A rule about a protocol alone holds once each way, when it is known what the flow speaks. */
  #protocol(rule: CompiledSignature, flow: FlowView): void {
    if (flow.app_proto === undefined) return;
    for (const side of [0, 1] as const) {
      const seen = side === 0 ? flow.pkts_toserver : flow.pkts_toclient;
      if (seen > 0 && this.#isAbout(rule, side) && this.#once(rule, flow, side))
        this.#matches.push({ rule, side });
    }
  }

  #once(rule: CompiledSignature, flow: FlowView, side: Side): boolean {
    if (flow.id === 0) return true;
    const { bits } = this.memory.notes(flow.id);
    // No name of a rule's own begins so.
    const bit = `\n${rule.identity.id} ${side}`;
    if (bits.has(bit)) return false;
    this.memory.set(flow.id, bit);
    return true;
  }

  /** Protocol, addresses, ports, direction and state of the flow. */
  #isAbout(rule: CompiledSignature, side: Side): boolean {
    const flow = this.#flow;
    if ((rule.sides & (1 << side)) === 0 || this.#meter?.isSuspended(rule)) return false;
    if (rule.transports !== undefined && !rule.transports.includes(flow.protocol)) return false;
    if (rule.protocols !== undefined && !rule.protocols.includes(flow.app_proto ?? '')) return false;
    if (rule.notProtocol !== undefined && (flow.app_proto ?? rule.notProtocol) === rule.notProtocol)
      return false;
    if (rule.established !== undefined && rule.scope !== 'packet' && rule.established !== isEstablished(flow))
      return false;
    return this.#addresses.fit(rule, side);
  }

  #settle(event: Event | undefined, p: Icmp | undefined): void {
    const flow = this.#flow;
    if (this.memory.known(flow.id)?.isPassed === true) return;
    for (const { rule, side } of this.#matches) {
      const ends = endsOf(flow, side);
      if (!rule.addressTests.every((test) => this.#addresses.answers(test, side))) continue;
      if (!rule.states.every(({ test }) => test?.(this.memory, ends, this.#now) ?? true)) continue;
      for (const { change } of rule.states) change?.(this.memory, ends, this.#now);
      rule.matches++;
      this.#meter?.matched(rule, this.#now);
      if (rule.action === 'pass') {
        // A rule about one packet lets that packet pass; any other the flow.
        if (rule.scope !== 'packet' && flow.id !== 0) this.memory.notes(flow.id).isPassed = true;
        return;
      }
      if (!rule.noalert && this.#isTold(rule, ends, side)) this.#tell(rule, side, event, p);
    }
  }

  #isTold(rule: CompiledSignature, ends: Ends, side: Side): boolean {
    const { gid, sid, thresholds, suppressions } = rule;
    for (const { track, space } of suppressions) {
      if (track === undefined || space === undefined) return false;
      if (track !== 'by_dst' && this.#addresses.isIn(space, side)) return false;
      if (track !== 'by_src' && this.#addresses.isIn(space, side === 0 ? 1 : 0)) return false;
    }
    for (const [i, threshold] of thresholds.entries()) {
      const verdict = this.counters.judge(`${gid}:${sid}:${i}`, threshold, ends, this.#now);
      if (verdict === 'silent' || verdict === 'pass') return false;
    }
    return true;
  }

  #tell(rule: CompiledSignature, side: Side, event: Event | undefined, p: Icmp | undefined): void {
    rule.alerts++;
    const facts: Record<string, Scalar> = {
      'yagura.gid': rule.gid,
      'yagura.sid': rule.sid,
      'yagura.rev': rule.rev,
      'yagura.priority': rule.priority,
      'yagura.direction': WAY[side],
    };
    if (rule.category !== '') facts['yagura.category'] = rule.category;
    const flow = turned(this.#flow, side, p);
    const about = event === undefined ? flow : told(event, flow);
    this.#sink.raise({ rule: rule.identity, reason: rule.reason, matched: rule.paths, facts }, about);
  }

  /**
   * Whether a rule may hold for an event, before its state is asked: what a worker can know.
   * The row of its type speaks of the event already.
   */
  mayHold({ type, flow, time }: Event): boolean {
    this.#at(flow, time);
    if (type === 'flow') {
      this.memory.end(flow.id);
      return false;
    }
    const { dispatch, ofScope } = this.#set;
    undecided.isWorker = true;
    dispatch.get(type)?.match(time, this.#admits, this.#hit);
    undecided.isWorker = false;
    for (const rule of ofScope.protocol) this.#protocol(rule, flow);
    return this.#matches.length > 0;
  }

  /** The same of a packet. @returns undefined when none may */
  mayHoldFor(p: Packet, flow: FlowView, side: Side): PacketHit | undefined {
    this.#at(flow, p.time);
    for (const rule of this.#ofTransport[p.protocol]) this.#packet(rule, p, flow, side);
    return this.#matches.length === 0 ? undefined : { side, rules: this.found, ...icmpOf(p) };
  }

  /** Rules, and ways, that `mayHold` and `mayHoldFor` found. */
  get found(): readonly string[] {
    return this.#matches.map(({ rule, side }) => `${rule.identity.id} ${side}`);
  }

  /** Memory is short: forget the older half. */
  age(): void {
    this.memory.age();
    this.counters.age();
  }
}

const isEstablished = (flow: FlowView): boolean =>
  flow.protocol === TCP ? flow.state !== 'new' : flow.pkts_toserver > 0 && flow.pkts_toclient > 0;

/** The packets of a handshake do not count: the last of them makes the session, it does not yet belong to it. */
function isPacketEstablished(p: Packet, flow: FlowView, side: Side): boolean {
  if (!isEstablished(flow)) return false;
  if (p.protocol !== TCP) return true;
  const isLastOfHandshake = side === 0 && flow.pkts_toserver === 2 && (flow.tcp_flags_ts & SYN) !== 0;
  return (p.tcpFlags & SYN) === 0 && !isLastOfHandshake;
}

/** What an alert says of a packet that its flow does not. */
type Icmp = Pick<PacketHit, 'icmp_type' | 'icmp_code'>;
const icmpOf = (p: Packet): Icmp =>
  p.protocol === ICMP || p.protocol === ICMPV6
    ? { icmp_type: p.sourcePort, icmp_code: p.destinationPort }
    : {};

/** Source and destination as the packet has them that goes this way. */
const endsOf = (flow: FlowView, side: Side): Ends =>
  side === 0
    ? flow
    : {
        id: flow.id,
        src_ip: flow.dest_ip,
        dest_ip: flow.src_ip,
        src_port: flow.dest_port,
        dest_port: flow.src_port,
      };

/** The flow as the alert shows it: from the side that sent what it is about. */
function turned(flow: FlowView, side: Side, p: Icmp | undefined): FlowView {
  const isIcmp = p?.icmp_type !== undefined;
  if (side === 0 && !isIcmp) return flow;
  return {
    ...copyOf(flow),
    tunnel: flow.tunnel,
    ...endsOf(flow, side),
    ...(isIcmp && { icmp_type: p.icmp_type, icmp_code: p.icmp_code }),
  };
}

const told = (event: Event, flow: FlowView): Event =>
  flow === event.flow
    ? event
    : {
        type: event.type,
        time: event.time,
        flow,
        message: event.message === event.flow ? flow : event.message,
        fields: event.fields,
        ...(event.isTold === true && { isTold: true }),
      };
