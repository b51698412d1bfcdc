// The engines that can keep time series.

export type * from './series.ts';
export { SqliteSeries } from './sqlite.ts';
