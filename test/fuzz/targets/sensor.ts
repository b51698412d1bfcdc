// The whole sensor on conversations of the books, shuffled into each other, their segments moved, lost, doubled, torn and
// damaged: it tells the same whatever stands between the frames, keeps its bounds, and everything ends.
import { FrameBatch, LINK } from '../../../sensor/src/sources/source.ts';
import { NOON } from '../../support/packets/capture.ts';
import { octets } from '../../support/packets/octets.ts';
import { newSensor } from '../../support/sense.ts';
import { conversations, frames, gathered } from '../corpus.ts';
import { cpuMs } from '../guard.ts';
import { mutate } from '../mutate.ts';
import type { Random } from '../random.ts';
import { Finding, type Registry, type Target } from '../target.ts';

const MAX_FLOWS = 64;
const GAP = 16;
/** ms of work a frame, all that it sets off included. */
const CEILING_MS_PER_FRAME = 5;
const CEILING_MS = 500;

/** Several conversations at a time, each frame in its turn, and what networks and enemies do to them. */
function shuffled(random: Random): Uint8Array[] {
  const queues = Array.from({ length: 1 + random.below(6) }, () => [...random.one(conversations)]);
  const out: Uint8Array[] = [];
  const trouble = random.one([0, 0.02, 0.1, 0.3]);
  const happens = (): boolean => random.below(1000) < trouble * 1000;
  // Ends: each turn takes a frame.
  while (queues.length > 0) {
    const queue = random.one(queues);
    const frame = queue.splice(happens() ? random.below(Math.min(4, queue.length)) : 0, 1)[0];
    if (queue.length === 0) queues.splice(queues.indexOf(queue), 1);
    if (frame === undefined || happens()) continue;
    out.push(happens() ? mutate(frame, random, frames) : frame);
    if (happens()) out.push(frame);
    if (happens()) out.push(random.one(frames));
  }
  return out;
}

function batchOf(list: readonly Uint8Array[], random: Random, fill: number): FrameBatch {
  const batch = new FrameBatch(Math.max(1, list.length));
  const gap = new Uint8Array(GAP).fill(fill);
  let at = 0;
  let time = NOON;
  for (const frame of list) {
    time += random.one([0, 1000, -5000, 200_000, random.below(200) === 0 ? -100e6 : 0]);
    const i = batch.count++;
    batch.start[i] = at + GAP;
    batch.captured[i] = frame.length;
    batch.wire[i] = frame.length + random.one([0, 0, 0, 100]);
    batch.time[i] = time;
    batch.link[i] = LINK.ethernet;
    at += GAP + frame.length;
  }
  batch.bytes = new Uint8Array(
    Buffer.concat([...list.flatMap((frame) => [gap, frame]), new Uint8Array(96).fill(fill)]),
  );
  return batch;
}

/** What is told of these frames, with bytes of this value between them. */
function tell(list: readonly Uint8Array[], random: Random, fill: number): string {
  const { sensor, events } = newSensor({ maxFlows: MAX_FLOWS });
  sensor.frames(batchOf(list, random, fill));
  if (sensor.flows.active > MAX_FLOWS) throw new Error(`${sensor.flows.active} flows`);
  sensor.finish();
  if (sensor.flows.active !== 0) throw new Error('flows that do not end');
  return events.map((event) => JSON.stringify(event)).join('\n');
}

export const wholeSensor: Target = {
  name: 'sensor',
  make(random) {
    const pieces = shuffled(random);
    const times = random.fork();
    return {
      pieces,
      attempt(list) {
        const finding = (why: string, cause?: unknown): Finding =>
          new Finding(`frames of ${list.map(({ length }) => length)} bytes`, why, octets(...list), cause);
        let first: string | undefined;
        for (const fill of [0, 0xff]) {
          const started = cpuMs();
          let told: string;
          try {
            told = tell(list, times.copy(), fill);
          } catch (error) {
            throw finding('threw', error);
          }
          const took = cpuMs() - started;
          if (took > CEILING_MS + CEILING_MS_PER_FRAME * list.length)
            throw finding(`took ${took.toFixed(0)} ms`);
          first ??= told;
          if (told !== first) throw finding('differ by what stands between them');
        }
      },
    };
  },
};

export const sensor: Registry = {
  name: 'sensor',
  async targets() {
    await gathered();
    return [wholeSensor];
  },
};
