// What a worker does: takes its frames from the board, job by job, and says at the end what it came to.
import { eventFormats } from '../outputs/index.ts';
import type { EventFormat } from '../outputs/output.ts';
import { Turnstile } from '../outputs/turnstile.ts';
import { protocols } from '../protocols/index.ts';
import { Sensor } from '../sensor.ts';
import { Board } from './board.ts';
import type { CrewMember } from './crew.ts';
import { type Figures, figuresOf } from './figures.ts';
import { openGate } from './privacy.ts';

export async function work(member: CrewMember): Promise<Figures> {
  const { number, events, shares, privacy } = member;
  const board = new Board(member.board);
  const gate = await openGate(privacy, () => {});
  const formats: readonly EventFormat[] = eventFormats;
  const format = formats.find(({ name }) => name === member.format) as EventFormat;
  const output =
    events === undefined ? undefined : format.open(events, gate, new Turnstile(member.turnstile));
  const sensor = new Sensor({
    protocols,
    detect: () => ({}),
    outputs: output === undefined ? [] : [output],
    profile: privacy.profile,
    gate,
    shares,
    // No two workers number a flow alike.
    numbering: { first: number + 1, step: member.workers },
  });
  // Ends: the reader publishes a last job.
  for (let job = 0; ; job++) {
    const batch = board.take(job, number);
    if (batch === undefined) break;
    sensor.frames(batch);
    sensor.advance(board.until(job));
    board.done(job, number);
  }
  sensor.finish();
  await output?.close();
  return figuresOf(sensor);
}
