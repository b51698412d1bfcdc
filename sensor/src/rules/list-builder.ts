// The thread that reads lists of indicators: what it makes is shared, and costs the others no time.
import { platform, setPriority } from 'node:os';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { ListSource } from './indicators/build.ts';
import { buildLists } from './indicators/index.ts';

/** Packets go first. On Linux this is the niceness of the thread alone. */
const NICE = 5;

if (platform() === 'linux') setPriority(NICE);
(parentPort as MessagePort).postMessage(buildLists(workerData as readonly ListSource[]));
