// One exported flow as the exporter told it: numbers by what they mean, and addresses. One object, reused for every record.

/**
 * What a number in a record means. Names are those of IPFIX's registry of information elements (IANA) where it has one;
 * RESPONDER_ is the other direction of a record that tells both (RFC 5103, or Cisco's initiator and responder).
 */
export const SLOT_NAMES = [
  'octets',
  'packets',
  'postOctets',
  'postPackets',
  'totalOctets',
  'totalPackets',
  'initiatorOctets',
  'initiatorPackets',
  'responderOctets',
  'responderPackets',
  'layer2Octets',
  'protocol',
  'tos',
  'tcpFlags',
  'responderTcpFlags',
  'sourcePort',
  'destinationPort',
  'ingress',
  'egress',
  'sourceAs',
  'destinationAs',
  'sourceBits',
  'destinationBits',
  'icmpTypeCode',
  'icmpType',
  'icmpCode',
  'minTtl',
  'maxTtl',
  'vlan',
  'postVlan',
  'customerVlan',
  'sourceMac',
  'destinationMac',
  'direction',
  'endReason',
  'forwarding',
  'application',
  'firewallEvent',
  'segment',
  'ingressVrf',
  'egressVrf',
  'postSourcePort',
  'postDestinationPort',
  'startUptime',
  'endUptime',
  'startSeconds',
  'endSeconds',
  'startMilliseconds',
  'endMilliseconds',
  'startMicroseconds',
  'endMicroseconds',
  'startNanoseconds',
  'endNanoseconds',
  'startDelta',
  'endDelta',
  'responderEndMilliseconds',
  'durationMilliseconds',
  'durationMicroseconds',
  'observedSeconds',
  'observedMilliseconds',
  'observedMicroseconds',
  'bootMilliseconds',
  'samplingInterval',
  'samplerId',
  'randomInterval',
  'selectorId',
  'packetInterval',
  'packetSpace',
  'sampleSize',
  'samplePopulation',
] as const;
export type SlotName = (typeof SLOT_NAMES)[number];

/** Place of each number in `FlowExport.values`. */
export const SLOT = Object.fromEntries(SLOT_NAMES.map((name, i) => [name, i])) as Record<SlotName, number>;

/** Addresses of a record, four words each; an IPv4 address stands in the last of them. */
export const ADDRESS = {
  source: 0,
  destination: 1,
  nextHop: 2,
  bgpNextHop: 3,
  postSource: 4,
  postDestination: 5,
} as const;
const ADDRESSES = 6;

export type ExportKind = 'netflow' | 'ipfix' | 'sflow';

/** Largest count that is written: what is above cannot be told from its neighbours. */
const MAX_COUNT = Number.MAX_SAFE_INTEGER;
/** µs. The clock of an exporter may be wrong, but not of another century. */
const LATEST = Date.UTC(2100, 0) * 1000;

/** Clocks behind the times of a record, µs since 1970; NaN where one is unknown. */
export interface Clock {
  /** When the exporter says that it sent the message. */
  exported: number;
  /** When the exporter started: what its uptimes count from. */
  boot: number;
}

/** Milliseconds of uptime are counted in 32 bits, and begin again after 49.7 days; here in µs. */
const UPTIME_WRAP = 2 ** 32 * 1000;

/** First of them that is a number. */
function first(a: number, b: number, c: number, d = Number.NaN, e = Number.NaN): number {
  if (!Number.isNaN(a)) return a;
  if (!Number.isNaN(b)) return b;
  if (!Number.isNaN(c)) return c;
  return Number.isNaN(d) ? e : d;
}

export class FlowExport {
  /** Address of the exporter; empty when nobody knows it. */
  exporter = '';
  kind: ExportKind = 'netflow';
  /** Version of the protocol: 5, 9 or 10 (IPFIX); 5 for sFlow. */
  version = 0;
  /** Source id, observation domain, engine (v5) or sub-agent (sFlow). */
  source = 0;
  /** µs since 1970: when the datagram came, or, of a file without that, when it was sent. */
  received = 0;

  /** By SLOT; NaN where the record has none. */
  readonly values = new Float64Array(SLOT_NAMES.length);
  /** By ADDRESS. */
  readonly addresses = new Uint32Array(4 * ADDRESSES);
  /** IP version of each address; 0 where the record has none. */
  readonly families = new Uint8Array(ADDRESSES);

  /** What `settle` made of it. Counts are estimates of all traffic where it was sampled: `sampling` times what was counted. */
  start = 0;
  last = 0;
  packets = 0;
  octets = 0;
  responderPackets = 0;
  responderOctets = 0;
  /** One packet of so many was looked at; 1 when all were. */
  sampling = 1;

  clear(): void {
    this.values.fill(Number.NaN);
    this.families.fill(0);
    this.sampling = 1;
  }

  /** The number, or undefined where the record has none. */
  value(slot: number): number | undefined {
    const value = this.values[slot];
    return Number.isNaN(value) ? undefined : value;
  }

  /** A record about something else (an interface, an application) is no flow. */
  get isFlow(): boolean {
    if (this.families[ADDRESS.source] !== 0 && this.families[ADDRESS.destination] !== 0) return true;
    const { values: v } = this;
    const isCounted = v[SLOT.octets] >= 0 || v[SLOT.totalOctets] >= 0 || v[SLOT.layer2Octets] >= 0;
    return isCounted && v[SLOT.sourceMac] >= 0 && v[SLOT.destinationMac] >= 0;
  }

  /** Counted packets and bytes of the side that sent; times in µs; the sampling rate applied. @param rate one packet of so many was sampled */
  settle(clock: Clock, rate: number): void {
    const v = this.values;
    this.sampling = rate;
    this.packets = this.#count(
      first(v[SLOT.packets], v[SLOT.initiatorPackets], v[SLOT.postPackets], v[SLOT.totalPackets]),
    );
    this.octets = this.#count(
      first(
        v[SLOT.octets],
        v[SLOT.initiatorOctets],
        v[SLOT.postOctets],
        v[SLOT.totalOctets],
        v[SLOT.layer2Octets],
      ),
    );
    this.responderPackets = this.#count(v[SLOT.responderPackets]);
    this.responderOctets = this.#count(v[SLOT.responderOctets]);
    this.#time(clock);
  }

  #count(counted: number): number {
    return counted >= 0 ? Math.min(Math.round(counted * this.sampling), MAX_COUNT) : 0;
  }

  #time(clock: Clock): void {
    const v = this.values;
    const { exported } = clock;
    const boot = v[SLOT.bootMilliseconds] >= 0 ? v[SLOT.bootMilliseconds] * 1000 : clock.boot;
    let end = first(
      v[SLOT.endNanoseconds],
      v[SLOT.endMicroseconds],
      v[SLOT.endMilliseconds] * 1000,
      v[SLOT.endSeconds] * 1e6,
      exported - v[SLOT.endDelta],
    );
    let start = first(
      v[SLOT.startNanoseconds],
      v[SLOT.startMicroseconds],
      v[SLOT.startMilliseconds] * 1000,
      v[SLOT.startSeconds] * 1e6,
      exported - v[SLOT.startDelta],
    );
    if (!(end > 0)) end = sinceBoot(v[SLOT.endUptime], boot, exported);
    if (!(start > 0)) start = sinceBoot(v[SLOT.startUptime], boot, exported);
    const observed = first(
      v[SLOT.observedMicroseconds],
      v[SLOT.observedMilliseconds] * 1000,
      v[SLOT.observedSeconds] * 1e6,
    );
    const lasted = first(
      v[SLOT.durationMicroseconds],
      v[SLOT.durationMilliseconds] * 1000,
      // Uptimes of a machine whose start nobody knows still say how long it was.
      (v[SLOT.endUptime] - v[SLOT.startUptime]) * 1000,
    );
    if (!(end > 0)) end = start > 0 ? start + (lasted > 0 ? lasted : 0) : observed > 0 ? observed : exported;
    if (!(start > 0)) start = lasted > 0 ? end - lasted : end;
    if (v[SLOT.responderEndMilliseconds] * 1000 > end) end = v[SLOT.responderEndMilliseconds] * 1000;
    this.last = isTime(end) ? Math.floor(end) : exported;
    // One that ends before it starts has a clock that jumped: its end is the later word.
    this.start = isTime(start) && start <= this.last ? Math.floor(start) : this.last;
  }
}

const isTime = (us: number): boolean => us >= 0 && us < LATEST;

/** The moment of an uptime, ms: of those that 32 bits may mean, the one next to the export. */
function sinceBoot(uptime: number, boot: number, exported: number): number {
  const time = boot + uptime * 1000;
  return time + Math.round((exported - time) / UPTIME_WRAP) * UPTIME_WRAP;
}
