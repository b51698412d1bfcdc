// From an 802.11 frame to what it carries: only data frames that are whole and in the clear do.
import { HEADER } from './headers.ts';
import * as ieee80211 from './ieee80211.ts';
import { byLlc, tooDeep } from './network.ts';
import { FATE, type Fate, met, type Packet } from './packet.ts';

/** @param isPadded the header is filled up to a multiple of four */
export function byWireless(p: Packet, at: number, isPadded: boolean): Fate {
  const { bytes, end } = p;
  if (end - at < 2) return FATE.frame_short;
  if (!ieee80211.isOpenData(bytes, at)) return FATE.not_ip;
  if (!ieee80211.check(bytes, at, end)) return FATE.frame_short;
  if (!met(p, HEADER.ieee80211, at)) return tooDeep(p);
  const length = ieee80211.headerLength(bytes, at);
  const next = at + (isPadded ? (length + 3) & ~3 : length);
  // Of several frames in one, the first is read.
  return byLlc(p, ieee80211.isAggregate(bytes, at) ? next + ieee80211.SUBFRAME_LENGTH : next);
}

/** The same from a controller that sends the two bytes of frame control in the other order. */
export function bySwapped(p: Packet, at: number): Fate {
  const { bytes, end } = p;
  if (end - at < 2) return FATE.frame_short;
  if (!ieee80211.isSwapped(bytes, at)) return byWireless(p, at, false);
  if (!ieee80211.isOpenSwapped(bytes, at)) return FATE.not_ip;
  return byLlc(p, at + ieee80211.swappedLength(bytes, at));
}
