// All that the book of Modbus says, one conversation after the other.
import { framesOf } from '../../laws/conversations/conversation.ts';
import { spoken } from '../../laws/conversations/modbus.ts';
import type { Frame } from '../../support/packets/capture.ts';

/** Between two conversations, µs. */
const PAUSE = 60e6;

export const frames: readonly Frame[] = spoken.flatMap((one, i) =>
  framesOf({ ...one, clientPort: 50_000 + i }).map((frame) => ({ ...frame, time: frame.time + i * PAUSE })),
);
