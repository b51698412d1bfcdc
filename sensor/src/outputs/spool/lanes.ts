// The lanes of the spool: one log for each class of record, in the order in which they are given up.
import { createHash } from 'node:crypto';
import type { WireRecord } from '../../wire/batch.ts';

/**
 * Least valuable first. When the disk is full the spool gives up whole segments of the leftmost lane that has any, and
 * the uplink sends the rightmost lane first. Spans of blindness are few, small and owed to everyone who reads
 * "no alerts": they stand above critical alerts.
 */
export const LANES = ['series', 'informational', 'low', 'medium', 'high', 'critical', 'blind'] as const;
export type Lane = (typeof LANES)[number];

/** Place in `LANES`; also the number in a segment's header. */
export const rankOf = (lane: Lane): number => LANES.indexOf(lane);

export const laneOf = (record: WireRecord): Lane =>
  record.kind === 'alert' ? record.rule.severity : record.kind;

/** Packet time that a record speaks of, RFC 3339: where a span of blindness begins and ends if it is given up. */
export const spanOf = (record: WireRecord): { from: string; until: string } =>
  record.kind === 'alert'
    ? { from: record.time, until: record.time }
    : record.kind === 'series'
      ? { from: record.bucket, until: record.bucket }
      : { from: record.from, until: record.until };

/**
 * Epoch under which a lane's records travel: each lane counts its own sequence numbers, so giving up records of one
 * lane leaves no hole in another and batches stay whole. First 8 bytes of SHA-256, hex.
 */
export const laneEpoch = (epoch: string, lane: Lane): string =>
  createHash('sha256').update(`${epoch}/${lane}`).digest('hex').slice(0, 16);
