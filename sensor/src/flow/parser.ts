// The contract between a TCP stream and whatever reads it.

/** 0: from the side that opened the flow; 1: from the other side. */
export type Direction = 0 | 1;

/** Where a parser puts what it found. */
export interface Emit {
  /** An EVE record of the parser's protocol; `message` need only be valid during the call. */
  event(message: unknown): void;
  /** An oddity, by a name that the protocol declares. */
  anomaly(name: string): void;
}

/** Answers of a stream parser other than bytes taken. */
export const STREAM_DONE = -1; // nothing more of interest in this direction
export const STREAM_LOST = -2; // what follows cannot be this protocol, in either direction

/** A parser of one flow's stream (TCP). Bytes it does not take are offered again with what follows, up to a bound. */
export interface StreamParser {
  /**
   * In-order bytes `[at, end)` of one direction. Must not keep `bytes`. Never throws.
   * @returns bytes taken, STREAM_DONE or STREAM_LOST
   */
  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number;
  /** `count` bytes are missing. Return false to give the direction up. */
  gap(direction: Direction, count: number): boolean;
  /** The flow ended: emit what is half done. */
  end(emit: Emit): void;
}
