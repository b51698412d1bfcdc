// What becomes of flows, told to whoever watches the table.

export type EndReason = 'timeout' | 'tcp_reuse' | 'forced' | 'shutdown';

/** Who is told of what becomes of flows, while the row still holds them. */
export interface FlowWatch {
  ended(slot: number, reason: EndReason): void;
  /** The flow lives on, and has for another `REPORT_SECONDS`. */
  lasting?(slot: number): void;
}
