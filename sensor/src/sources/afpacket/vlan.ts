// The outermost VLAN tag, which the kernel takes out of every frame and keeps beside it, put back where it was on the wire.
//
//   before  … sockaddr_ll ┆ room ≥ 4 ┆ destination(6) source(6) ┆ type(2) …
//   after   … sockaddr_ll ┆ destination(6) source(6) ┆ 8100(2) tci(2) ┆ type(2) …
import { FRAME, STATUS } from './layout.ts';

/** Bytes of a tag, and of the addresses that go before it. */
export const TAG = 4;
const ADDRESSES = 12;
/** 802.1Q: what kernels before 3.14, which do not say, meant. */
const CUSTOMER_TAG = 0x8100;

/**
 * Writes the tag into the ring itself, once a frame.
 * @param at of the frame's header
 * @param from of its packet
 * @returns false when the packet has no room for it, in front or behind: then nothing is changed
 */
export function restoreTag(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  from: number,
  captured: number,
  status: number,
): boolean {
  if (captured < ADDRESSES || from - TAG < at + FRAME.header) return false;
  const type = (status & STATUS.tpidValid) === 0 ? CUSTOMER_TAG : view.getUint16(at + FRAME.tpid, true);
  bytes.copyWithin(from - TAG, from, from + ADDRESSES);
  view.setUint16(from - TAG + ADDRESSES, type);
  view.setUint16(from - TAG + ADDRESSES + 2, view.getUint32(at + FRAME.tci, true));
  return true;
}
