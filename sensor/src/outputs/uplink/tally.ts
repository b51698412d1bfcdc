// What the uplink has done so far, for metrics: plain numbers, read when somebody asks.

/** How an attempt to send a batch ended. */
export const OUTCOMES = [
  'acked', // 200, and the spool went forward
  'unreachable', // no connection, TLS refused, reset or too slow
  'busy', // 429, 503
  'failed', // another 5xx, or an answer that makes no sense
  'too_large', // 413
  'refused', // 401, 403 and every other 4xx
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Beyond this many distinct codes the rest is counted as `other`: labels must stay few. */
const MOST_CODES = 24;

export class Tally {
  readonly batches = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  /** Records acknowledged and new to the aggregator. */
  accepted = 0;
  /** Records that the aggregator already had. */
  duplicates = 0;
  /** Records that the aggregator refused for good, by its code. */
  readonly rejected = new Map<string, number>();
  /** Wall clock of the last acknowledgement, ms since 1970; 0 before the first. */
  lastAck = 0;

  /** The same of its last answer that was as it should be, to a heartbeat too. */
  lastHeard = 0;

  reject(code: string): void {
    const known = this.rejected.has(code) || this.rejected.size < MOST_CODES ? code : 'other';
    this.rejected.set(known, (this.rejected.get(known) ?? 0) + 1);
  }
}
