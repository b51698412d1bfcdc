// Room for hellos that wait for their answer, cut from a few large blocks: a buffer of its own for each of them would cost
// more than reading it.

/** Nearly all hellos are smaller; a larger one has a buffer of its own. */
export const SLOT_BYTES = 2048;
const SLOTS_OF_BLOCK = 128;
/** With all blocks, 8 MiB; hellos that find no slot have a buffer of their own. */
const MAX_BLOCKS = 32;

const blocks: Uint8Array[] = [];
const free: number[] = [];

/** @returns the number of a slot; -1 when there is none */
export function takeSlot(): number {
  if (free.length === 0 && blocks.length < MAX_BLOCKS) {
    const first = blocks.length * SLOTS_OF_BLOCK;
    blocks.push(new Uint8Array(SLOTS_OF_BLOCK * SLOT_BYTES));
    for (let i = SLOTS_OF_BLOCK - 1; i >= 0; i--) free.push(first + i);
  }
  return free.pop() ?? -1;
}

export const releaseSlot = (slot: number): void => void free.push(slot);

/** The block that the slot is part of. */
export const blockOf = (slot: number): Uint8Array => blocks[Math.floor(slot / SLOTS_OF_BLOCK)];
/** Where in its block the slot starts. */
export const startOf = (slot: number): number => (slot % SLOTS_OF_BLOCK) * SLOT_BYTES;
