// The contract between a TCP stream and whatever reads it.

/** 0: from the side that opened the flow; 1: from the other side. */
export type Direction = 0 | 1;

/** Where a parser puts what it found. */
export interface Emit {
  /** An EVE record of the parser's protocol; `message` need only be valid during the call. */
  event(message: unknown): void;
  /** An oddity, by a name that the protocol declares. */
  anomaly(name: string): void;
  /**
   * Behind the bytes that this call takes, both sides speak another protocol (STARTTLS, CONNECT, a proxy's answer).
   * Without a name it is found by probing. The flow keeps both names: `app_proto` and `app_proto_orig`. Streams only.
   * @param about what its parser is opened with
   */
  upgrade(protocol?: string, about?: unknown): void;
  /**
   * A flow to this port of this side is about to be opened and belongs to this one (FTP, TFTP): it is given to the named
   * protocol without probing, whose parser is opened with `about`. Forgotten after a minute.
   * @param side whose address it is: 0 the client's, 1 the server's
   * @param port 0 for the one that this side uses now (TFTP)
   */
  expect(side: Direction, port: number, protocol: string, about?: unknown): void;
}

/** Answers of a parser other than bytes taken. */
export const STREAM_DONE = -1; // nothing more of interest in this direction
export const STREAM_LOST = -2; // what follows cannot be this protocol, in either direction

/** A parser of one flow's stream (TCP). Bytes it does not take are offered again with what follows, up to a bound. */
export interface StreamParser {
  /**
   * In-order bytes `[at, end)` of one direction. Must not keep `bytes`. Never throws.
   * @returns bytes taken, STREAM_DONE or STREAM_LOST
   */
  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number;
  /** `count` bytes are missing. Return false to give the direction up, as is done where this is absent. */
  gap?(direction: Direction, count: number): boolean;
  /** The flow ended: emit what is half done. */
  end?(emit: Emit): void;
}

/** A parser of one flow's datagrams (UDP), for protocols that remember something between them. */
export interface DatagramParser {
  /**
   * One datagram's payload `[at, end)`. Must not keep `bytes`. Never throws.
   * @returns STREAM_DONE when no later datagram of this flow matters, STREAM_LOST when this cannot be the protocol
   */
  datagram(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number;
  /** The flow ended: emit what is half done. */
  end?(emit: Emit): void;
}
