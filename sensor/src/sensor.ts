// The sensor's spine: frames → layers → flow → protocols → detectors → outputs. Everything happens in packet time.
import { Counters } from './counters.ts';
import type { Finding, PacketWatch, Watch } from './detectors/detector.ts';
import { Defragmenter } from './flow/defrag.ts';
import { ExportedFlowView, readSample } from './flow/exported.ts';
import { readQuoted } from './flow/quoted.ts';
import { ANSWERED, OPENED, REFUSED } from './flow/state.ts';
import { FlowTable } from './flow/table.ts';
import { DEFAULT_TIMEOUTS } from './flow/timeouts.ts';
import { Tunnels } from './flow/tunnels.ts';
import { TableFlowView } from './flow/view.ts';
import type { EndReason } from './flow/watch.ts';
import type { EveLine } from './foreign/line.ts';
import { Heap, inTurns } from './heap.ts';
import { decode } from './layers/decode.ts';
import * as icmp from './layers/icmp.ts';
import { descend, NOTHING_INSIDE } from './layers/inner.ts';
import { FATE, type Fate, ICMP, ICMPV6, Packet, TCP, UDP } from './layers/packet.ts';
import { Gate } from './outputs/gate.ts';
import { News } from './outputs/news.ts';
import { Restraint } from './outputs/restraint.ts';
import { SeriesBuckets } from './outputs/series-buckets.ts';
import type { Anomaly } from './protocols/anomaly.ts';
import { Dissector } from './protocols/dissect.ts';
import type { FlowView } from './protocols/event.ts';
import { eventTypes } from './protocols/index.ts';
import { OddityGate } from './protocols/oddities.ts';
import { PacketView } from './protocols/packet-view.ts';
import type { SensorOptions } from './sensor-options.ts';
import { type Sighted, Sighting } from './sight/coverage.ts';
import { Overload } from './sight/overload.ts';
import type { Scope } from './sight/scope.ts';
import type { FlowExport } from './sources/exports/record.ts';
import type { SampledFrame } from './sources/exports/sflow.ts';
import type { FrameBatch } from './sources/source.ts';

/**
 * µs. No network delays or reorders a packet by so much: its clock was set back, or an older recording begins. Going on
 * in the old time would give everything that follows one and the same time until it is reached again.
 */
const STEP_BACK = 60e6;

/** The heap is looked at once in so many packets, less one: a power of two. */
const LOOK_MASK = 1023;

const [FLOW, FLOW_UPDATE, ANOMALY, ARP] = ['flow', 'flow_update', 'anomaly', 'arp'].map((type) =>
  eventTypes.indexOf(type),
);

export class Sensor implements Sighted {
  readonly counters = new Counters();
  readonly gate: Gate;
  readonly flows: FlowTable;
  readonly #dissector: Dissector;
  readonly #watch: Watch & PacketWatch;
  readonly #view: TableFlowView;
  readonly #bare = new PacketView();
  readonly #told = new ExportedFlowView();
  readonly #tunnels: Tunnels;
  readonly fragments: Defragmenter;
  readonly oddities = new OddityGate();
  readonly overload: Overload;
  readonly sight: Sighting;
  readonly restraint: Restraint;
  /** What alerts rest on. */
  readonly #rests: Sighting;
  /** Packets that never came here: the kernel had no room for them, or an exporter counts them as sent. */
  lost = 0;
  readonly #packet = new Packet();
  readonly #quoted = new Packet();
  readonly #news: News;
  readonly #series: SeriesBuckets;
  readonly #scope: Scope | undefined;
  readonly #heap: Heap | undefined;
  /** Why the flow at hand ends, while its conversation says its last. */
  #ending: EndReason | undefined;
  #now = Number.NaN;
  #second = Number.NaN;
  shift: number;
  /** Where it stands among all frames that went by; the end of all flows is half a step. */
  place = 0;

  constructor(options: SensorOptions) {
    this.gate = options.gate ?? new Gate({ profile: options.profile });
    this.shift = options.shift ?? 0;
    this.#scope = options.scope;
    const { shares } = options;
    this.#tunnels = new Tunnels(shares.flows);
    this.fragments = new Defragmenter(() => this.#flow(this.fragments.whole), shares.fragmentBytes);
    this.flows = new FlowTable(
      shares.flows,
      options.timeouts ?? DEFAULT_TIMEOUTS,
      {
        ended: (slot, reason) => this.#flowEnded(slot, reason),
        lasting: (slot) => this.#publish(this.#look(slot), FLOW_UPDATE, this.#look(slot)),
      },
      options.numbering,
    );
    this.#view = new TableFlowView(
      this.flows,
      options.protocols.map(({ name }) => name),
      this.#tunnels,
    );
    const records = options.protocols.map(({ name, record = name }) => eventTypes.indexOf(record));
    this.#dissector = new Dissector(
      options.protocols,
      this.flows,
      {
        event: (slot, place, message) =>
          this.#publish(this.#look(slot, this.#ending), records[place], message),
        anomaly: (slot, place, name) => {
          const protocol = options.protocols[place].name;
          const message: Anomaly = { event: `${protocol}.${name}`, app_proto: protocol };
          this.#publish(this.#look(slot, this.#ending), ANOMALY, message);
        },
      },
      options.shares,
    );
    this.overload = new Overload(this.counters.shed, options.isIndicator);
    this.sight = new Sighting(this);
    this.#rests = options.rests === undefined ? this.sight : new Sighting(options.rests);
    this.restraint = options.restraint ?? new Restraint();
    const rests = () => this.#rests.recent();
    this.#news = new News(options.outputs, this.gate, this.counters, rests, this.restraint);
    this.#series = new SeriesBuckets(
      (series) => this.#news.record(series),
      () => this.sight.bucket(),
    );
    this.#watch = options.detect({
      raise: (finding, about) => this.#news.alert(finding, about, this.#now),
    });
    this.#news.watch = this.#watch;
    if (shares.heapBytes === undefined) return;
    const apart = (): number => this.#dissector.heldBytes + this.fragments.heldBytes;
    this.#heap = new Heap(shares.heapBytes, apart, inTurns(this.#watch, this.#dissector));
  }

  /** Packet time of the last packet, µs; NaN before the first. */
  get now(): number {
    return this.#now;
  }

  get streams(): Dissector['counters'] {
    return this.#dissector.counters;
  }

  /**
   * Takes the frames `[from, to)` of a batch.
   * @param mine 0 for those that others take: of them it learns the time alone
   */
  frames(batch: FrameBatch, from = 0, to = batch.count, mine?: Uint8Array): void {
    const p = this.#packet;
    const { start, captured, wire, time, link } = batch;
    const { shift } = this;
    p.bytes = batch.bytes;
    let count = 0;
    let bytes = 0;
    for (let i = from; i < to; i++) {
      const now = time[i] + shift;
      this.place = Math.floor(this.place) + 1;
      // A late packet counts into the present; a very late one says that the present was left.
      if (now >= this.#second || !(now >= this.#now - STEP_BACK)) {
        this.#count(count, bytes);
        count = bytes = 0;
        this.#goTo(now);
      } else if (now > this.#now) this.#now = now;
      if ((i & LOOK_MASK) === 0) this.#heap?.look();
      if (mine !== undefined && mine[i] === 0) continue;
      count++;
      bytes += wire[i];
      p.at = start[i];
      p.end = p.at + captured[i];
      p.wire = wire[i];
      p.time = now;
      p.link = link[i];
      this.#take(p);
    }
    this.#count(count, bytes);
    this.#news.count(this.#series);
  }

  /** Time has come so far, or was set back far: somebody else met a packet. µs */
  pass(now: number): void {
    if (now >= this.#second || !(now >= this.#now - STEP_BACK)) this.#goTo(now);
    else if (now > this.#now) this.#now = now;
  }

  /** What is told next happened then, before the second that it may begin has its `pass`. µs */
  show(time: number): void {
    if (time > this.#now) this.#now = time;
  }

  /** Takes a flow that somebody else saw: it becomes a `flow` event, and rules and detectors meet it as one of ours. */
  report(flow: FlowExport): void {
    this.counters.reported++;
    if (this.#scope?.hasExport(flow) === false) return void this.counters.outside++;
    this.pass(flow.received + this.shift);
    const view = this.#told.of(flow);
    if (flow.sampling > 1) this.counters.sampled++;
    this.#series.flow();
    if (view.isOpening) this.#watch.opened?.(view);
    if (view.isAnswered) this.#watch.answered?.(view);
    this.#publish(view, FLOW, view);
  }

  /** Takes what somebody else's sensor saw, as seen by us; with a finding, what it found. @param time µs: when that is known */
  foreign(line: EveLine, time: number, finding?: Finding): void {
    const scope = this.#scope;
    if (scope !== undefined && !line.pairs.every(([one, other]) => scope.hasTold(one, other)))
      return void this.counters.outsideInner++;
    this.pass(time + this.shift);
    if (finding !== undefined) return this.#news.alert(finding, line, this.#now);
    const { flow } = line;
    if (line.type === 'flow') {
      this.#series.flow();
      this.#watch.opened?.(flow);
      if (flow.isAnswered) this.#watch.answered?.(flow);
      if (flow.isRefused) this.#watch.refused?.(flow);
    }
    this.#news.tell(line);
  }

  /** Takes a packet that an exporter sampled, as a flow of as many packets as it stands for. @returns false when it holds no IP */
  sampled(frame: SampledFrame): boolean {
    if (!readSample(frame, this.#packet)) return false;
    this.report(frame.about);
    return true;
  }

  #count(packets: number, bytes: number): void {
    this.counters.packets += packets;
    this.counters.bytes += bytes;
    this.#series.packets(packets, bytes);
  }

  #goTo(now: number): void {
    if (Number.isNaN(this.#now)) this.#first(now);
    else if (now < this.#now) this.#stepBack(now);
    else {
      this.#now = now;
      this.#nextSecond(now);
    }
  }

  /** Time has come so far, though no frame says so: others had them. µs */
  advance(time: number): void {
    if (time > this.#now) this.pass(time);
  }

  #take(p: Packet): void {
    const c = this.counters;
    const fate = decode(p);
    c.fates[fate]++;
    c.versions[p.version]++;
    if (p.vlans > 0) c.vlan++;
    if (this.#scope?.admits(p, fate) === false) return void c.outside++;
    if (fate === FATE.decoded && !p.fragmented) this.#flow(p);
    else this.#other(p, fate);
    if (p.oddities !== 0) this.#odd(p);
    if (p.carries !== 0) this.#inside(p);
  }

  /** What is no whole packet of a flow. */
  #other(p: Packet, fate: Fate): void {
    if (this.overload.refusesPart(p, fate)) return;
    if (fate === FATE.arp) this.#publish(this.#bare.of(p), ARP, p);
    else if (p.fragmented && (fate === FATE.decoded || fate === FATE.fragment)) this.#fragment(p);
  }

  #fragment(p: Packet): void {
    const { whole } = this.fragments;
    const fate = this.fragments.take(p);
    if (fate < 0) return;
    if (p !== whole && p.oddities !== 0) this.#odd(p);
    if (fate === FATE.decoded) this.#flow(whole);
    if (whole.oddities !== 0) this.#odd(whole);
    // A whole packet that came out of a whole packet goes on in the loop that is under way.
    if (p !== whole && whole.carries !== 0) this.#inside(whole);
  }

  /** The packets inside of this one, from the outermost to the innermost. */
  #inside(p: Packet): void {
    // Ends: `descend` goes one tunnel deeper each turn, and their depth is bounded.
    while (p.carries !== 0) {
      const fate = descend(p);
      if (fate !== NOTHING_INSIDE) {
        this.counters.inner[fate]++;
        if (this.#scope?.admits(p, fate) === false) {
          this.counters.outsideInner++;
          p.oddities = p.carries = 0;
          return;
        }
        if (fate === FATE.decoded && !p.fragmented) this.#flow(p);
        else this.#other(p, fate);
      }
      if (p.oddities !== 0) this.#odd(p);
    }
  }

  #odd(p: Packet): void {
    for (let i = 0; i < p.oddities; i++) {
      const anomaly = this.oddities.count(p.oddity[i]);
      if (anomaly !== undefined) this.#publish(this.#bare.of(p), ANOMALY, anomaly);
    }
    p.oddities = 0;
  }

  #first(time: number): void {
    this.#now = this.counters.firstTime = time;
    this.#nextSecond(time);
  }

  /** What was open belongs to the time before, and ends there. */
  #stepBack(time: number): void {
    this.place--;
    this.finish();
    this.place = Math.ceil(this.place);
    this.#now = time;
    this.counters.firstTime = Math.min(this.counters.firstTime, time);
    this.#nextSecond(time);
  }

  #nextSecond(time: number): void {
    this.#second = (Math.floor(time / 1e6) + 1) * 1e6;
    // Those of the second that is over, before its bucket may be.
    this.#news.count(this.#series);
    this.#series.advance(time);
    this.oddities.tick();
    this.fragments.advance(time);
    this.flows.advance(time);
    this.sight.tick(time);
    if (this.#rests !== this.sight) this.#rests.tick(time);
    this.#watch.tick?.(time);
    this.#news.tick(time);
  }

  #flow(p: Packet): void {
    const { flows } = this;
    if (this.#scope?.hasQuoted(p) === false) {
      this.counters.outsideInner++;
      p.oddities = 0;
      return;
    }
    const { overload } = this;
    if (overload.level !== 0 && overload.refuses(p, flows)) return;
    const slot = flows.touch(p);
    const { news, direction } = flows;
    if (news !== 0) {
      if (p.tunnel !== 0 && (news & OPENED) !== 0) this.#tunnels.remember(slot, p);
      this.#tell(slot, news);
    }
    const { protocol } = p;
    this.counters.transports[protocol]++;
    if (this.#watch.packet !== undefined) this.#watch.packet(p, this.#look(slot), direction);
    if (overload.level !== 0 && overload.skips(p, flows, slot, this.#dissector)) return;
    if (protocol === TCP)
      this.#dissector.tcp(slot, direction, p, direction === 0 ? p.destinationPort : p.sourcePort);
    else if (protocol === UDP)
      this.#dissector.udp(slot, direction, p, direction === 0 ? p.destinationPort : p.sourcePort);
    else if (protocol === ICMP || protocol === ICMPV6) {
      if (icmp.isUnreachable(p.bytes, p.transport, p.version)) this.#unreachable(p);
    }
  }

  #tell(slot: number, news: number): void {
    const view = this.#look(slot);
    if ((news & OPENED) !== 0) {
      this.#series.flow();
      this.#watch.opened?.(view);
    }
    if ((news & ANSWERED) !== 0) this.#watch.answered?.(view);
    if ((news & REFUSED) !== 0) this.#watch.refused?.(view);
  }

  /** An ICMP error quotes the packet that could not be delivered: its flow was refused. */
  #unreachable(p: Packet): void {
    const quoted = this.#quoted;
    const slot = readQuoted(p, quoted) ? this.flows.find(quoted) : -1;
    if (slot >= 0) this.#watch.refused?.(this.#look(slot));
  }

  /** @param type its place among `eventTypes` */
  #publish(flow: FlowView, type: number, message: unknown): void {
    this.#news.publish(flow, type, message, this.#now);
  }

  #look(slot: number, reason?: EndReason): TableFlowView {
    return this.#view.at(slot, reason);
  }

  #flowEnded(slot: number, reason: EndReason): void {
    this.#ending = reason;
    this.#dissector.close(slot);
    this.#ending = undefined;
    const view = this.#look(slot, reason);
    this.#publish(view, FLOW, view);
  }

  /** Ends all flows and writes what is pending. The sensor takes no more frames until they start again later. */
  finish(): void {
    const { counters } = this;
    this.place += 0.5;
    counters.lastTime = Number.isNaN(counters.lastTime) ? this.#now : Math.max(counters.lastTime, this.#now);
    this.fragments.finish();
    this.flows.shutdown();
    this.#news.finish(this.#now, this.#series);
    this.#series.flush();
  }
}
