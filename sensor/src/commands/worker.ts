// One worker of a crew: a sensor of its own, over the frames that the reader hands it.
import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { Member } from './work.ts';

enableCompileCache();
const { work } = await import('./work.ts');
parentPort?.postMessage(await work(workerData as Member));
