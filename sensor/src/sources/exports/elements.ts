// Which fields of NetFlow v9 and IPFIX are read, and as what: numbers of IANA's registry of information elements.
import { ADDRESS, SLOT, type SlotName } from './record.ts';

/** How a field is read. A step that nothing needs is passed over. */
export const READ = {
  nothing: 0,
  /** Unsigned, 1 to 8 bytes: exporters may shorten numbers (RFC 7011 §6.2). */
  number: 1,
  /** 4 or 16 bytes. */
  address: 2,
  /** Seconds since 1900 and a fraction, 8 bytes (RFC 7011 §6.1.9). */
  ntp: 3,
} as const;

export interface Element {
  readonly read: number;
  /** SLOT or ADDRESS. */
  readonly to: number;
}

const numbers: Readonly<Record<number, SlotName>> = {
  1: 'octets',
  2: 'packets',
  4: 'protocol',
  5: 'tos',
  6: 'tcpFlags',
  7: 'sourcePort',
  9: 'sourceBits',
  10: 'ingress',
  11: 'destinationPort',
  13: 'destinationBits',
  14: 'egress',
  16: 'sourceAs',
  17: 'destinationAs',
  21: 'endUptime',
  22: 'startUptime',
  23: 'postOctets',
  24: 'postPackets',
  29: 'sourceBits',
  30: 'destinationBits',
  32: 'icmpTypeCode',
  34: 'samplingInterval',
  48: 'samplerId',
  50: 'randomInterval',
  52: 'minTtl',
  53: 'maxTtl',
  56: 'sourceMac',
  57: 'destinationMac',
  58: 'vlan',
  59: 'postVlan',
  61: 'direction',
  80: 'destinationMac',
  81: 'sourceMac',
  85: 'totalOctets',
  86: 'totalPackets',
  89: 'forwarding',
  95: 'application',
  136: 'endReason',
  139: 'icmpTypeCode',
  150: 'startSeconds',
  151: 'endSeconds',
  152: 'startMilliseconds',
  153: 'endMilliseconds',
  158: 'startDelta',
  159: 'endDelta',
  160: 'bootMilliseconds',
  161: 'durationMilliseconds',
  162: 'durationMicroseconds',
  176: 'icmpType',
  177: 'icmpCode',
  178: 'icmpType',
  179: 'icmpCode',
  180: 'sourcePort',
  181: 'destinationPort',
  182: 'sourcePort',
  183: 'destinationPort',
  227: 'postSourcePort',
  228: 'postDestinationPort',
  231: 'initiatorOctets',
  232: 'responderOctets',
  233: 'firewallEvent',
  234: 'ingressVrf',
  235: 'egressVrf',
  243: 'vlan',
  245: 'customerVlan',
  254: 'postVlan',
  298: 'initiatorPackets',
  299: 'responderPackets',
  302: 'selectorId',
  305: 'packetInterval',
  306: 'packetSpace',
  309: 'sampleSize',
  310: 'samplePopulation',
  322: 'observedSeconds',
  323: 'observedMilliseconds',
  351: 'segment',
  352: 'layer2Octets',
};

const addresses: Readonly<Record<number, number>> = {
  8: ADDRESS.source,
  12: ADDRESS.destination,
  15: ADDRESS.nextHop,
  18: ADDRESS.bgpNextHop,
  27: ADDRESS.source,
  28: ADDRESS.destination,
  62: ADDRESS.nextHop,
  63: ADDRESS.bgpNextHop,
  225: ADDRESS.postSource,
  226: ADDRESS.postDestination,
  281: ADDRESS.postSource,
  282: ADDRESS.postDestination,
};

const clocks: Readonly<Record<number, SlotName>> = {
  154: 'startMicroseconds',
  155: 'endMicroseconds',
  156: 'startNanoseconds',
  157: 'endNanoseconds',
  324: 'observedMicroseconds',
};

/** Elements that the other direction tells of itself (RFC 5103 §6.1). */
const reversed: Readonly<Record<number, SlotName>> = {
  1: 'responderOctets',
  2: 'responderPackets',
  6: 'responderTcpFlags',
  85: 'responderOctets',
  86: 'responderPackets',
  153: 'responderEndMilliseconds',
};

/** Enterprise number under which the elements of the other direction stand (RFC 5103 §6.1). */
const REVERSE = 29_305;

const slots = (list: Readonly<Record<number, SlotName>>, read: number): [number, Element][] =>
  Object.entries(list).map(([id, name]) => [Number(id), { read, to: SLOT[name] }]);

const ELEMENTS = new Map<number, Element>([
  ...slots(numbers, READ.number),
  ...slots(clocks, READ.ntp),
  ...Object.entries(addresses).map(([id, to]): [number, Element] => [Number(id), { read: READ.address, to }]),
]);
const REVERSED = new Map(slots(reversed, READ.number));
const NOTHING: Element = { read: READ.nothing, to: 0 };

/** @param enterprise 0 for IANA's own */
export function elementOf(id: number, enterprise: number): Element {
  const list = enterprise === 0 ? ELEMENTS : enterprise === REVERSE ? REVERSED : undefined;
  return list?.get(id) ?? NOTHING;
}
