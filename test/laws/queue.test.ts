// The laws of a queue: every item is answered by its own answer, what waits together goes together, and bounds hold.
import { describe, expect, test } from 'vitest';
import { EmbeddedQueue, type Queue, type Worker } from '../../aggregator/src/stores/queue/index.ts';

interface Setup {
  readonly capacity: number;
  readonly groupWeight: number;
}
const ENGINES: Record<string, (worker: Worker<number, number>, setup: Setup) => Queue<number, number>> = {
  embedded: (worker, setup) => new EmbeddedQueue(worker, (n) => n, setup),
};

/** A worker that doubles, writes down its groups and works only while the gate is open. */
function doubler() {
  const groups: (readonly number[])[] = [];
  let release = () => {};
  let gate = Promise.resolve();
  const worker: Worker<number, number> = async (items) => {
    groups.push(items);
    await gate;
    if (items.includes(13)) throw new Error('unlucky');
    return items.map((n) => n * 2);
  };
  const shut = () => {
    gate = new Promise((open) => (release = open));
  };
  return { worker, groups, shut, open: () => release() };
}

describe.each(Object.entries(ENGINES))('queue: %s', (_engine, make) => {
  const bounds = { capacity: 4, groupWeight: 10 };

  test('answers each item, and hands on together what arrives together', async () => {
    const { worker, groups } = doubler();
    const queue = make(worker, bounds);
    expect(await Promise.all([queue.offer(1), queue.offer(2), queue.offer(3)])).toEqual([2, 4, 6]);
    expect(groups).toEqual([[1, 2, 3]]);
    expect(queue.length).toBe(0);
  });

  test('a group stays within its weight; one heavier item goes alone', async () => {
    const { worker, groups } = doubler();
    const queue = make(worker, bounds);
    await Promise.all([6, 4, 5, 90].map((n) => queue.offer(n)));
    expect(groups).toEqual([[6, 4], [5], [90]]);
  });

  test('refuses what is over its capacity, and takes again when there is room', async () => {
    const { worker, shut, open } = doubler();
    shut();
    const queue = make(worker, bounds);
    const taken = [1, 2, 3, 4].map((n) => queue.offer(n));
    await expect(queue.offer(5)).rejects.toMatchObject({ code: 'queue_full', retryAfter: 1 });
    open();
    expect(await Promise.all(taken)).toEqual([2, 4, 6, 8]);
    expect(await queue.offer(5)).toBe(10);
  });

  test('a failure reaches only the item that cannot be done', async () => {
    const { worker, groups } = doubler();
    const queue = make(worker, { ...bounds, groupWeight: 100 });
    const answers = await Promise.allSettled([1, 13, 2].map((n) => queue.offer(n)));
    expect(answers.map((a) => (a.status === 'fulfilled' ? a.value : 'failed'))).toEqual([2, 'failed', 4]);
    expect(groups).toEqual([[1, 13, 2], [1], [13], [2]]);
    expect(queue.length).toBe(0);
  });

  test('drains: answers what it took, takes no more', async () => {
    const { worker, shut, open } = doubler();
    shut();
    const queue = make(worker, bounds);
    const taken = [1, 2].map((n) => queue.offer(n));
    const drained = queue.drain();
    await expect(queue.offer(3)).rejects.toMatchObject({ code: 'stopping' });
    open();
    await drained;
    expect(await Promise.all(taken)).toEqual([2, 4]);
    expect(queue.length).toBe(0);
    await make(worker, bounds).drain();
  });
});
