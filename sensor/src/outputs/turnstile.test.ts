// A thread that dies while it writes does not hold up the others.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { Turnstile } from './turnstile.ts';

const THREAD = `
  const { parentPort, workerData } = require('node:worker_threads');
  import(workerData.module).then(({ Turnstile }) =>
    new Turnstile(workerData.state).pass(() => {
      parentPort.postMessage('inside');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    }));
`;

test('what a dead thread held is let go of for it, and of nobody else', async () => {
  const state = new SharedArrayBuffer(4);
  const module = new URL('./turnstile.ts', import.meta.url).href;
  const worker = new Worker(THREAD, { eval: true, workerData: { state, module } });
  const { threadId } = worker;
  await once(worker, 'message');
  await worker.terminate();
  const held = new Int32Array(state)[0];
  expect(held).not.toBe(0);
  Turnstile.free(state, threadId + 1);
  expect(new Int32Array(state)[0]).toBe(held);
  Turnstile.free(state, threadId);
  let passed = false;
  new Turnstile(state).pass(() => {
    passed = true;
  });
  expect(passed).toBe(true);
  expect(new Int32Array(state)[0]).toBe(0);
});
