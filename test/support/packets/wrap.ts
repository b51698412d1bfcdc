// What stands around packets besides Ethernet and IP: labels, sessions, radio frames and the headers of tunnels.
import type { Segment } from './frame.ts';
import { other, udp } from './frame.ts';
import { be16, be24, be32, type Octets, octets } from './octets.ts';

const MACS = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];
const ipType = (packet: Uint8Array): number => (packet[0] >> 4 === 6 ? 0x86dd : 0x0800);

/** An Ethernet frame of any type. */
export const frame = (type: number, ...payload: Octets[]): Uint8Array => octets(MACS, be16(type), ...payload);
/** An IEEE 802.3 frame: a length, then LLC. */
export const lengthFrame = (llc: Uint8Array): Uint8Array => octets(MACS, be16(llc.length), llc);
export const snap = (type: number, payload: Octets): Uint8Array =>
  octets([0xaa, 0xaa, 3, 0, 0, 0], be16(type), payload);

/** A stack of labels, outermost first. */
export const labels = (ids: readonly number[], payload: Octets): Uint8Array =>
  octets(...ids.map((id, i) => [...be24((id << 4) | (i === ids.length - 1 ? 1 : 0)), 64]), payload);
export const CONTROL_WORD = [0, 0, 0, 0];

export const ppp = (packet: Uint8Array): Uint8Array =>
  octets(be16(ipType(packet) === 0x0800 ? 0x0021 : 0x0057), packet);
export const pppoe = (session: number, payload: Uint8Array): Uint8Array =>
  octets([0x11, 0], be16(session), be16(payload.length), payload);

/** A data frame of 802.11 from an access point. */
export const wireless = (llc: Uint8Array, { qos = false, flags = 2, swapped = false } = {}): Uint8Array => {
  const control = [qos ? 0x88 : 0x08, flags];
  return octets(
    swapped ? control.toReversed() : control,
    [0, 0],
    MACS,
    [2, 0, 0, 0, 0, 3],
    [0, 0],
    qos ? [0, 0] : [],
    llc,
  );
};

export interface GreHeader {
  readonly checksum?: boolean;
  readonly key?: number;
  readonly sequence?: number;
}
export const gre = (type: number, payload: Octets, header: GreHeader = {}): Segment => {
  const { checksum = false, key, sequence } = header;
  const flags =
    (checksum ? 0x8000 : 0) | (key === undefined ? 0 : 0x2000) | (sequence === undefined ? 0 : 0x1000);
  return other(
    47,
    octets(
      be16(flags),
      be16(type),
      checksum ? [0, 0, 0, 0] : [],
      key === undefined ? [] : be32(key),
      sequence === undefined ? [] : be32(sequence),
      payload,
    ),
  );
};
/** Version 1, as PPTP has it (RFC 2637 §4.1). */
export const pptp = (call: number, sequence: number, payload: Uint8Array): Segment =>
  other(47, octets([0x30, 0x01], be16(0x880b), be16(payload.length), be16(call), be32(sequence), payload));
export const erspan2 = (vlan: number, session: number, payload: Uint8Array): Segment =>
  gre(0x88be, octets(be16(0x1000 | vlan), be16(session), [0, 0, 0, 0], payload), { sequence: 1 });
export const erspan3 = (vlan: number, session: number, payload: Uint8Array, subheader = false): Segment =>
  gre(
    0x22eb,
    octets(
      be16(0x2000 | vlan),
      be16(session),
      be32(0),
      [0, 0, 0, subheader ? 1 : 0],
      new Uint8Array(subheader ? 8 : 0),
      payload,
    ),
    { sequence: 1 },
  );

export const vxlan = (network: number, payload: Octets, next?: number): Uint8Array =>
  octets([next === undefined ? 8 : 12, 0, 0, next ?? 0], be24(network), [0], payload);
export const geneve = (network: number, type: number, payload: Octets, options: Octets = []): Uint8Array =>
  octets([octets(options).length >> 2, 0], be16(type), be24(network), [0], options, payload);
/** @param extensions of four bytes each: length, two of content, what follows */
export const gtp = (
  endpoint: number,
  payload: Uint8Array,
  extensions: readonly number[] = [],
): Uint8Array => {
  const optional = extensions.length > 0 ? octets([0, 1, 0, 0x85], extensions) : octets([]);
  return octets(
    [extensions.length > 0 ? 0x36 : 0x30, 255],
    be16(optional.length + payload.length),
    be32(endpoint),
    optional,
    payload,
  );
};
export const capwap = (payload: Uint8Array, isWireless: boolean): Uint8Array =>
  octets([0], be24((2 << 19) | (1 << 9) | (isWireless ? 0x100 : 0)), [0, 0, 0, 0], payload);
export const l2tp = (session: number, payload: Uint8Array): Uint8Array =>
  octets(be16(0x4002), be16(8 + payload.length), be16(1), be16(session), payload);
export const nsh = (next: number, payload: Uint8Array): Uint8Array =>
  octets([0, 2, 2, next], be24(7), [255], payload);

/** To the port of a tunnel. */
export const toPort = (port: number, payload: Uint8Array): Segment =>
  udp({ from: 50_000, to: port }, payload);

export const arp = (source: string, destination: string, operation = 1): Uint8Array =>
  octets(
    be16(1),
    be16(0x0800),
    [6, 4],
    be16(operation),
    [2, 0, 0, 0, 0, 1],
    source.split('.').map(Number),
    [0, 0, 0, 0, 0, 0],
    destination.split('.').map(Number),
  );
