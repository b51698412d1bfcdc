// The engines that can keep records.

export type * from './records.ts';
export { sqliteRecords } from './sqlite.ts';
