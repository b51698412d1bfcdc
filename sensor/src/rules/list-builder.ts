// The thread that reads lists of indicators: what it makes is shared, and costs the others no time.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { ListSource } from './indicators/build.ts';
import { buildLists } from './indicators/index.ts';

(parentPort as MessagePort).postMessage(buildLists(workerData as readonly ListSource[]));
