// Laws of the ring: records come out as they went in, whatever their sizes, around the end and from thread to thread; one
// that was never finished is never seen.
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newRing, RingReader, RingWriter } from './ring.ts';

const CAPACITY = 256;
const LENGTH = 4;

test('any records, written and read in any turns, come out as they went in', () => {
  const record = fc.uint8Array({ maxLength: CAPACITY - LENGTH });
  const turn = fc.oneof({ arbitrary: record, weight: 3 }, { arbitrary: fc.constant(undefined), weight: 2 });
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 200 }), fc.integer(), (turns, start) => {
      const memory = newRing(CAPACITY);
      // Positions count for ever: they pass 2³² once in every 4 GiB.
      new Int32Array(memory, 0, 2).fill(start | 0);
      const [writer, reader] = [new RingWriter(memory), new RingReader(memory)];
      const into = new Uint8Array(CAPACITY);
      const waiting: Uint8Array[] = [];
      let held = 0;
      for (const one of turns) {
        if (one === undefined) {
          const first = waiting.shift();
          expect(reader.read(into)).toBe(first?.length ?? -1);
          if (first !== undefined) expect(into.subarray(0, first.length)).toEqual(first);
          held -= first === undefined ? 0 : first.length + LENGTH;
        } else {
          const fits = held + one.length + LENGTH <= CAPACITY;
          expect(writer.write(one, one.length)).toBe(fits);
          if (fits) {
            waiting.push(one);
            held += one.length + LENGTH;
          }
        }
        expect(writer.held).toBe(held);
        expect(reader.held).toBe(held);
      }
    }),
    { numRuns: 500 },
  );
});

test('a writer that dies in the middle of a record leaves nothing of it', () => {
  const memory = newRing(CAPACITY);
  const [writer, reader] = [new RingWriter(memory), new RingReader(memory)];
  const into = new Uint8Array(CAPACITY);
  writer.write(Uint8Array.of(1, 2, 3), 3);
  // All of a second record is there but the step that publishes it.
  const bytes = new Uint8Array(memory, 16);
  bytes.set([5, 0, 0, 0, 9, 9], 7);
  expect(reader.read(into)).toBe(3);
  expect(reader.read(into)).toBe(-1);
  // Its successor writes over what it had begun.
  expect(new RingWriter(memory).write(Uint8Array.of(7), 1)).toBe(true);
  expect(reader.read(into)).toBe(1);
  expect(into[0]).toBe(7);
});

const THREAD = `
  const { workerData } = require('node:worker_threads');
  (async () => {
    const { RingWriter } = await import(workerData.module);
    const ring = new RingWriter(workerData.memory);
    const record = new Uint8Array(200);
    for (let i = 0; i < workerData.count; i++) {
      const length = 4 + ((i * 37) % 196);
      record.fill(i & 255, 0, length);
      new DataView(record.buffer).setUint32(0, i, true);
      while (!ring.write(record, length)) ring.wait(50);
    }
  })();
`;

test('from thread to thread, many times around, with a reader that is often late', async () => {
  const count = 50_000;
  const memory = newRing(1024);
  const module = new URL('./ring.ts', import.meta.url).href;
  const worker = new Worker(THREAD, { eval: true, workerData: { memory, module, count } });
  const failed = new Promise<never>((_, reject) => worker.once('error', reject));
  const reader = new RingReader(memory);
  const into = new Uint8Array(1024);
  const read = async (): Promise<void> => {
    for (let next = 0; next < count; ) {
      const length = reader.read(into);
      if (length < 0) {
        await new Promise(setImmediate);
        continue;
      }
      if (length !== 4 + ((next * 37) % 196)) expect(length).toBe(4 + ((next * 37) % 196));
      if (
        new DataView(into.buffer).getUint32(0, true) !== next ||
        into[length - 1] !== (length > 4 ? next & 255 : into[3])
      )
        expect.fail(`record ${next} is not what was written`);
      next++;
    }
  };
  await Promise.race([read(), failed]);
  await worker.terminate();
  expect(reader.held).toBe(0);
}, 30_000);
