// A mirrored frame out of the datagram that brings it: VXLAN (RFC 7348) or GENEVE (RFC 8926), told by what it says of itself.
import { LINK } from '../sources/source.ts';
import * as geneve from './geneve.ts';
import * as vxlan from './vxlan.ts';

const ETHERNET = 0x6558;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
/** Next protocols of the generic form (draft-ietf-nvo3-vxlan-gpe §3.2). */
const NEXT_IPV4 = 1;
const NEXT_IPV6 = 2;

/** Where the frame of the last `unwrap` begins, and what it begins with; one object, valid until the next. */
export const inner = { at: 0, link: LINK.ethernet as number };

/** @returns false when this carries no frame; else `inner` says where it is */
export function unwrap(b: Uint8Array, at: number, end: number): boolean {
  // GENEVE names what it carries where VXLAN has a group, or nothing: the names are none that both could mean.
  if (geneve.check(b, at, end)) {
    const link = linkOf(geneve.etherType(b, at));
    if (link >= 0) {
      inner.at = at + geneve.headerLength(b, at);
      inner.link = link;
      return true;
    }
  }
  if (!vxlan.check(b, at, end)) return false;
  const next = vxlan.next(b, at);
  if (next !== vxlan.NEXT_ETHERNET && next !== NEXT_IPV4 && next !== NEXT_IPV6) return false;
  inner.at = at + vxlan.LENGTH;
  inner.link = next === vxlan.NEXT_ETHERNET ? LINK.ethernet : LINK.raw;
  return true;
}

const linkOf = (type: number): number =>
  type === ETHERNET ? LINK.ethernet : type === IPV4 || type === IPV6 ? LINK.raw : -1;
