// A line of EVE as what it is to us: an event of our schema, an alert of their rules, the counts of their capture, or nothing.
import type { Event, Field, Value } from '../protocols/event.ts';
import { slotOf, type Told, toldFields } from '../protocols/told.ts';
import { ToldFlowView } from './flow-view.ts';
import { roots, saidSlot } from './names.ts';
import { type Fault, Reading } from './reading.ts';
import { readTime } from './time.ts';
import { modernise } from './versions.ts';

/** `other`: of a type that our schema does not have, or without what every event has. */
export type Kind = 'event' | 'alert' | 'stats' | 'other';

/** What their kernel counted since their start. */
export interface CaptureCounts {
  readonly packets: number;
  readonly dropped: number;
}

const TIMESTAMP = saidSlot('timestamp');
const EVENT_TYPE = saidSlot('event_type');
const APP_PROTO = saidSlot('app_proto');
const ARP = { source: slotOf('arp.src_ip'), destination: slotOf('arp.dest_ip') } as const;
const TYPE_WORD = /^[a-z0-9_-]{1,32}$/;
/** Objects that may stand in records of any type. */
const SHARED = new Set([
  'tunnel',
  'flow',
  'tcp',
  'alert',
  'stats',
  'response_icmp_type',
  'response_icmp_code',
]);

/** Their word for a type of record → ours, where they differ. */
const TYPES: Readonly<Record<string, string>> = {
  ftp_data: 'ftp-data',
  ikev2: 'ike',
  'bittorrent-dht': 'bittorrent_dht',
};
/** First word of a field's path → the type of record that has it. */
const TYPE_OF_ROOT = new Map<string, string>();
for (const [type, fields] of Object.entries(toldFields))
  for (const { name } of fields) {
    const root = name.split(/[.[]/, 1)[0];
    if (name.includes('.') && !SHARED.has(root) && !TYPE_OF_ROOT.has(root)) TYPE_OF_ROOT.set(root, type);
  }

/** Reads one line after the other; what it says of one is valid until the next. */
export class EveLine implements Event {
  readonly isTold = true;
  readonly reading = new Reading();
  readonly flow = new ToldFlowView(this.reading);
  readonly message = this.reading;
  kind: Kind = 'other';
  /** Their word; empty when it is no word. */
  theirType = '';
  type = '';
  /** µs since 1970; NaN where a line has none. */
  time = Number.NaN;
  fields: readonly Field[] = [];

  /** Reads `bytes[at, end)`. @returns why it cannot be read */
  read(bytes: Uint8Array, at: number, end: number): Fault | undefined {
    const { reading } = this;
    this.kind = 'other';
    this.theirType = '';
    const fault = reading.read(bytes, at, end);
    if (fault !== undefined) return fault;
    const type = reading.values[EVENT_TYPE];
    this.theirType = typeof type === 'string' && TYPE_WORD.test(type) ? type : '';
    this.time = readTime(reading.values[TIMESTAMP])?.us ?? Number.NaN;
    if (Number.isNaN(this.time)) return undefined;
    if (this.theirType === 'stats') {
      this.kind = 'stats';
      return undefined;
    }
    this.flow.of(this.time);
    // An address of both sides is what makes it somebody's traffic; ARP has none, and says them in its own fields.
    if ((this.flow.src_ip === '' || this.flow.dest_ip === '') && this.theirType !== 'arp') return undefined;
    modernise(reading);
    this.flow.of(this.time);
    if (this.theirType === 'alert') this.#is('alert', this.#embedded());
    else {
      const ours = TYPES[this.theirType] ?? this.theirType;
      if (Object.hasOwn(toldFields, ours)) this.#is('event', ours);
    }
    return undefined;
  }

  #is(kind: Kind, type: string): void {
    this.kind = kind;
    this.type = type;
    this.fields = toldFields[type];
  }

  /** What an alert is about: the record of the application that stands in it, else the flow. */
  #embedded(): string {
    const { values, touched } = this.reading;
    const app = String(values[APP_PROTO] ?? '');
    const own = TYPES[app] ?? app;
    let found: string | undefined;
    for (const slot of touched) {
      const type = TYPE_OF_ROOT.get(roots[slot]);
      if (type === undefined) continue;
      if (type === own) return type;
      found ??= type;
    }
    return found ?? 'flow';
  }

  /** Addresses that spoke with each other, as the line has them: of the traffic, and of the tunnels around it. */
  get pairs(): (readonly [string, string])[] {
    const { flow, reading } = this;
    const text = (slot: number): string => String(reading.values[slot] ?? '');
    const pairs = [[flow.src_ip, flow.dest_ip] as const];
    if (this.type === 'arp') pairs[0] = [text(ARP.source), text(ARP.destination)];
    if (flow.tunnel !== undefined) pairs.push([flow.tunnel.src_ip, flow.tunnel.dest_ip]);
    return pairs;
  }

  /** Of a line of kind `stats`; undefined when it says nothing of the capture. */
  get capture(): CaptureCounts | undefined {
    const count = (value: Value): number => (typeof value === 'number' && value >= 0 ? value : 0);
    const { values } = this.reading;
    const packets = values[saidSlot('stats.capture.kernel_packets')];
    const drops = values[saidSlot('stats.capture.kernel_drops')];
    const lost = values[saidSlot('stats.capture.kernel_ifdrops')];
    if (packets === undefined && drops === undefined && lost === undefined) return undefined;
    return { packets: count(packets), dropped: count(drops) + count(lost) };
  }
}

const DNS_TYPE = slotOf('dns.type');
/** EVE names the sender of a DNS answer as its source. */
export const isOfServer = (type: string, told: Told): boolean =>
  type === 'dns' && told.values[DNS_TYPE] === 'response';
