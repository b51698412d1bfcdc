// The engines that can queue batches between ingest and the workers.
export { EmbeddedQueue } from './embedded.ts';
export type * from './queue.ts';
