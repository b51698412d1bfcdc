// The contract between sensor and aggregator, whole.
export * from './alert.ts';
export * from './batch.ts';
export * from './codec.ts';
export * from './coverage.ts';
export * from './enrolment.ts';
export * from './field.ts';
export * from './health.ts';
export * from './series.ts';
