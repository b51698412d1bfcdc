// Which addresses belong to a house, when nobody told: those that are never routed on the internet.

import { TableFlowView } from '../flow/view.ts';
import type { FlowView } from '../protocols/event.ts';

/** RFC 1918, RFC 6598 (shared), RFC 3927 (link-local), loopback. */
const PRIVATE4 =
  /^(10|127|192\.168|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;
/** RFC 4193 (unique local), RFC 4291 (link-local). */
const PRIVATE6 = /^(f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/;

/** @param address in the text form of RFC 5952 */
export function isPrivate(address: string): boolean {
  const first = address.charCodeAt(0);
  if (first === 0x31) return PRIVATE4.test(address);
  return first === 0x66 ? PRIVATE6.test(address) : address === '::1';
}

/** The same of a side of a flow, without making a text of it where that can be. */
export function isInside(flow: FlowView, ofClient: boolean): boolean {
  if (!(flow instanceof TableFlowView)) return isPrivate(ofClient ? flow.src_ip : flow.dest_ip);
  const last = flow.addressWord(ofClient, 3) >>> 0;
  if (flow.version === 4) {
    const [a, b] = [last >>> 24, (last >>> 16) & 255];
    return (
      a === 10 ||
      a === 127 ||
      (a === 192 && b === 168) ||
      (a === 169 && b === 254) ||
      (a === 172 && b >>> 4 === 1) ||
      (a === 100 && b >>> 6 === 1)
    );
  }
  const first = flow.addressWord(ofClient, 0) >>> 0;
  if (first >>> 25 === 0x7e || first >>> 22 === 0x3fa) return true;
  return (
    first === 0 && flow.addressWord(ofClient, 1) === 0 && flow.addressWord(ofClient, 2) === 0 && last === 1
  );
}

/** A side that is one machine out in the world: neither private nor a group, nor nobody. */
export function isAbroad(flow: FlowView, ofClient: boolean): boolean {
  if (isInside(flow, ofClient)) return false;
  if (!(flow instanceof TableFlowView)) return isUnicast(ofClient ? flow.src_ip : flow.dest_ip);
  if (flow.version === 4) {
    const first = flow.addressWord(ofClient, 3) >>> 24;
    return first !== 0 && first < 224;
  }
  const first = flow.addressWord(ofClient, 0) >>> 0;
  return first !== 0 && first >>> 24 !== 0xff;
}

const GROUP = /^(0|22[4-9]|2[34]\d|25[0-5])\.|^ff|^::/;
const isUnicast = (address: string): boolean => address !== '' && !GROUP.test(address);
