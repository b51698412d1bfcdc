// What the dissector remembers of a flow, in one word of its row (MARK).
//
//   bits 0–9   1 + index of the flow's protocol; 0 while unknown
//   bits 10–19 the same of the protocol that it spoke before (STARTTLS)
//   bit 20     nothing more is read of this flow
//   bits 21–22 a direction's first datagram was of no protocol we know
//   bits 23–24 a direction's stream is of no interest any more
//   bit 25     reading was given up, for want of time or of memory

export const INDEX = 0x3ff;
export const ORIGINAL_SHIFT = 10;
export const FINISHED = 1 << 20;
/** + direction */
export const REFUSED_DATAGRAM = 1 << 21;
export const BOTH_REFUSED = 3 << 21;
/** + direction */
export const DONE = 1 << 23;
export const BOTH_DONE = 3 << 23;
export const SHED = 1 << 25;

/** The mark once the flow speaks this protocol; the one it spoke before moves to the side. */
export function marked(mark: number, protocol: number): number {
  const before = mark & INDEX;
  const original = before === 0 ? mark & (INDEX << ORIGINAL_SHIFT) : before << ORIGINAL_SHIFT;
  return (mark & ~(INDEX | (INDEX << ORIGINAL_SHIFT))) | original | (protocol + 1);
}

/** The mark while the next protocol is looked for: what was spoken counts until something else is found. */
export const unsettled = (mark: number): number => mark & ~(FINISHED | BOTH_DONE);
