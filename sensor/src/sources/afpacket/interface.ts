// What the kernel says of an interface: its link type, whether it is up, and what its hardware does to packets.
import { SensorError } from '../../errors.ts';
import { LINK } from '../source.ts';
import type { Kernel } from './kernel.ts';
import { ETHTOOL_VALUE, INTERFACE_REQUEST, SIOCETHTOOL } from './layout.ts';

const SIOCGIFFLAGS = 0x8913;
const SIOCGIFHWADDR = 0x8927;
const IFF_UP = 1;
const ARPHRD_LOOPBACK = 772;

/** ARPHRD_* of linux/if_arp.h → how its packets begin. */
const LINKS: ReadonlyMap<number, number> = new Map([
  [1, LINK.ethernet],
  [ARPHRD_LOOPBACK, LINK.ethernet],
  [801, LINK.ieee80211],
  [802, LINK.prism],
  [803, LINK.radiotap],
  // Nothing before the IP header: tunnels, WireGuard, mobile modems.
  [519, LINK.raw],
  [768, LINK.raw],
  [769, LINK.raw],
  [776, LINK.raw],
  [65_534, LINK.raw],
]);

/** ETHTOOL_G*: what is asked, the bit that says yes, and its name. */
const OFFLOADS: readonly (readonly [command: number, bit: number, name: string])[] = [
  [0x2b, 1, 'gro'],
  [0x25, 1 << 15, 'lro'],
];

function request(name: string): Uint8Array {
  const bytes = new Uint8Array(INTERFACE_REQUEST.length);
  new TextEncoder().encodeInto(name, bytes.subarray(0, INTERFACE_REQUEST.nameBytes - 1));
  return bytes;
}

const numberIn = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer).getUint16(INTERFACE_REQUEST.data, true);

/** @throws SensorError interface_missing */
export function indexOf(kernel: Kernel, name: string): number {
  const index = kernel.indexOf(name);
  if (index === 0) throw new SensorError('interface_missing', `there is no interface "${name}"`);
  return index;
}

/** @returns the name that the interface has now; undefined when it is gone */
export function nameOf(kernel: Kernel, index: number): string | undefined {
  const bytes = new Uint8Array(INTERFACE_REQUEST.nameBytes);
  if (!kernel.nameOf(index, bytes)) return undefined;
  return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
}

export interface Hardware {
  readonly link: number;
  /** Every packet comes by twice, on its way out and in. */
  readonly isLoopback: boolean;
}

/** @param fd any socket @throws SensorError interface_unreadable, interface_missing */
export function hardwareOf(kernel: Kernel, fd: number, name: string): Hardware {
  const asked = request(name);
  if (kernel.ioctl(fd, SIOCGIFHWADDR, asked) < 0)
    throw new SensorError('interface_missing', `interface "${name}": ${kernel.errno()}`);
  const type = numberIn(asked);
  const link = LINKS.get(type);
  if (link === undefined)
    throw new SensorError('interface_unreadable', `interface "${name}": hardware type ${type} is not read`);
  return { link, isLoopback: type === ARPHRD_LOOPBACK };
}

export function isUp(kernel: Kernel, fd: number, name: string): boolean {
  const asked = request(name);
  return kernel.ioctl(fd, SIOCGIFFLAGS, asked) === 0 && (numberIn(asked) & IFF_UP) !== 0;
}

/** Offloads that are on: they join packets before we see them, so that lengths and counts are not those of the wire. */
export function offloadsOf(kernel: Kernel, fd: number, name: string): string[] {
  return OFFLOADS.filter(([command, bit]) => {
    const value = new Uint8Array(ETHTOOL_VALUE.length);
    const view = new DataView(value.buffer);
    view.setUint32(ETHTOOL_VALUE.command, command, true);
    const asked = request(name);
    new DataView(asked.buffer).setBigUint64(INTERFACE_REQUEST.data, kernel.addressOf(value), true);
    return (
      kernel.ioctl(fd, SIOCETHTOOL, asked) === 0 && (view.getUint32(ETHTOOL_VALUE.data, true) & bit) !== 0
    );
  }).map(([, , offload]) => offload);
}
