// How far a TCP connection has come in ending (RFC 9293 §3.6), as Suricata names it: from where the server stands.
import { ACK, FIN, RST } from '../layers/tcp.ts';

const NOT_YET = 0;
const FIN_WAIT1 = 1;
const FIN_WAIT2 = 2;
const CLOSE_WAIT = 3;
const LAST_ACK = 4;
const TIME_WAIT = 5;
const CLOSED = 6;

const WORDS = [undefined, 'fin_wait1', 'fin_wait2', 'close_wait', 'last_ack', 'time_wait', 'closed'] as const;

/** Where it stands in a row's FLAGS. */
const SHIFT = 22;
export const ENDING = 7 << SHIFT;

/** The word for it; undefined while neither side has finished. */
export const endingWord = (flags: number): (typeof WORDS)[number] => WORDS[(flags & ENDING) >>> SHIFT];

/**
 * A row's FLAGS after a segment with these flags.
 * @param acksFin the segment acknowledges all that the other side said, its FIN included
 */
export function follow(flags: number, direction: 0 | 1, tcpFlags: number, acksFin: boolean): number {
  const now = (flags & ENDING) >>> SHIFT;
  const after = (tcpFlags & RST) !== 0 ? CLOSED : next(now, direction, tcpFlags, acksFin);
  return (flags & ~ENDING) | (after << SHIFT);
}

function next(now: number, direction: 0 | 1, tcpFlags: number, acksFin: boolean): number {
  const isFin = (tcpFlags & FIN) !== 0;
  const acks = (tcpFlags & ACK) !== 0 && acksFin;
  const isClient = direction === 0;
  if (now === NOT_YET) return isFin ? (isClient ? CLOSE_WAIT : FIN_WAIT1) : NOT_YET;
  if (now === CLOSE_WAIT) return isFin && !isClient ? LAST_ACK : now;
  if (now === LAST_ACK) return isClient && acks ? CLOSED : now;
  if (now === FIN_WAIT1 || now === FIN_WAIT2) {
    if (!isClient) return now;
    return isFin ? TIME_WAIT : acks ? FIN_WAIT2 : now;
  }
  return now === TIME_WAIT && !isClient && acks ? CLOSED : now;
}
