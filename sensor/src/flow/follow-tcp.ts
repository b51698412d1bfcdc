// What one TCP segment changes in its flow's row: flags, state, sequence numbers, history.
import type { Packet } from '../layers/packet.ts';
import { ACK, FIN, RST, SYN } from '../layers/tcp.ts';
import { ENDING, follow } from './ending.ts';
import { GAP, LETTERS_OF, note, noteAgain, RETRANSMISSION, ZERO_WINDOW } from './history.ts';
import {
  FLAGS,
  MISSING,
  NEXT,
  PACKETS,
  PAYLOAD,
  RETRANSMITTED,
  SEEN,
  SUMS,
  SYNCHRONISED,
  WORDS,
} from './row.ts';
import { ANSWERED, CLOSED, ESTABLISHED, NEW, REFUSED } from './state.ts';

/** The part of the flow table that is needed here. */
interface Rows {
  readonly words: Int32Array;
  readonly sums: Float64Array;
  readonly direction: 0 | 1;
  news: number;
  ahead: number;
}

/**
 * The next bytes of a connection that is under way, or none, with flags that it has had: nearly every segment. Takes
 * them; nothing else changes.
 */
export function isMoreOfTheSame(words: Int32Array, at: number, p: Packet, direction: 0 | 1): boolean {
  const { tcpFlags, payloadLength } = p;
  const flags = words[at + FLAGS];
  const letters = LETTERS_OF[(tcpFlags & 63) | (payloadLength > 0 ? 64 : 0)];
  const next = at + NEXT + direction;
  if (
    ((flags >> 16) & 3) === NEW ||
    (flags & ENDING) !== 0 ||
    (flags | (tcpFlags << (direction << 3))) !== flags ||
    (letters & ~(words[at + SEEN] >>> (direction << 4))) !== 0 ||
    p.window === 0 ||
    (payloadLength > 0 && words[next] !== p.sequence)
  )
    return false;
  if (payloadLength > 0) words[next] = (p.sequence + payloadLength) | 0;
  return true;
}

/** Follows the segment that the table has just counted, in the direction that it found. */
export function followTcp(rows: Rows, slot: number, p: Packet): void {
  const { words, direction } = rows;
  const { tcpFlags, payloadLength } = p;
  const at = slot * WORDS;
  const before = words[at + FLAGS];
  if (
    (before | (tcpFlags << (direction << 3))) !== before ||
    ((before >> 16) & 3) === NEW ||
    (before & ENDING) !== 0
  )
    followFlags(rows, slot, before, p);
  let letters = LETTERS_OF[(tcpFlags & 63) | (payloadLength > 0 ? 64 : 0)];
  if (p.window === 0 && (tcpFlags & (SYN | FIN | RST)) === 0) letters |= ZERO_WINDOW;
  if (payloadLength > 0 || (tcpFlags & SYN) !== 0) letters |= followSequence(rows, slot, p);
  if ((letters & ~(words[at + SEEN] >>> (direction << 4)) & 0xffff) !== 0)
    note(words, at, direction, letters);
}

/** @returns letters of the history */
function followSequence(rows: Rows, slot: number, p: Packet): number {
  const { words, direction } = rows;
  const at = slot * WORDS;
  const isSyn = (p.tcpFlags & SYN) !== 0;
  // The first byte of data stands one behind the SYN's own number (TCP Fast Open).
  const sequence = isSyn ? (p.sequence + 1) | 0 : p.sequence | 0;
  const length = p.payloadLength;
  const next = at + NEXT + direction;
  const known = SYNCHRONISED << direction;
  if ((words[at + FLAGS] & known) === 0) {
    words[at + FLAGS] |= known;
    words[next] = (sequence + length) | 0;
    rows.ahead = 0;
    return 0;
  }
  const ahead = (sequence - words[next]) | 0;
  rows.ahead = ahead;
  if (ahead === 0) {
    words[next] = (sequence + length) | 0;
    return 0;
  }
  if (isSyn) return 0;
  if (ahead > 0) {
    words[at + MISSING + direction] += ahead;
    words[next] = (sequence + length) | 0;
    return GAP;
  }
  const beyond = (ahead + length) | 0;
  if (beyond > 0) words[next] = (sequence + length) | 0;
  const old = beyond > 0 ? -ahead : length;
  // What was missing has come late, as far as can be told without a list of the holes.
  if (words[at + MISSING + direction] >= old) {
    words[at + MISSING + direction] -= old;
    return 0;
  }
  const times = ++words[at + RETRANSMITTED + direction];
  if (times === 10 || times === 100 || times === 1000) noteAgain(words, at, direction, RETRANSMISSION);
  // What a side said counts once, however often it was sent.
  rows.sums[slot * SUMS + PAYLOAD + direction] -= old;
  return RETRANSMISSION;
}

/** State of a connection after a segment with new flags, or while it is young or ends. */
function followFlags(rows: Rows, slot: number, before: number, p: Packet): void {
  const { words, sums, direction } = rows;
  const { tcpFlags } = p;
  let state = (before >> 16) & 3;
  const after = before | (tcpFlags << (direction << 3));
  const toServer = after & 255;
  const toClient = (after >> 8) & 255;
  if ((tcpFlags & RST) !== 0) {
    const isFirst = sums[slot * SUMS + PACKETS + 1] === 1;
    if (direction === 1 && state === NEW && (toClient & SYN) === 0 && isFirst) rows.news |= REFUSED;
    state = CLOSED;
  } else if (state !== CLOSED) {
    if ((toServer & toClient & FIN) !== 0) state = CLOSED;
    else if (state === NEW && direction === 1 && (tcpFlags & (SYN | ACK)) === (SYN | ACK)) {
      if ((before & (SYN << 8)) === 0) rows.news |= ANSWERED;
    } else if (state === NEW && (tcpFlags & SYN) === 0 && ((toClient & SYN) !== 0 || (toServer & SYN) === 0))
      state = ESTABLISHED;
  }
  // A FIN is numbered behind the last byte.
  const acksFin = ((p.acknowledged - words[slot * WORDS + NEXT + (direction ^ 1)]) | 0) > 0;
  words[slot * WORDS + FLAGS] = follow((after & ~(3 << 16)) | (state << 16), direction, tcpFlags, acksFin);
}
