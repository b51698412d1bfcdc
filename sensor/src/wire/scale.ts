// The scales that both ends count in: severities, and the length of a bucket of time. Without the schemas' library, so
// that a reading that sends nothing does not load it.

export const SEVERITIES = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Length of a bucket in seconds; buckets start at multiples of it. */
export const BUCKET_SECONDS = 10;

/** Seconds of packet time before an alert that its coverage speaks of; a bucket's speaks of the bucket. */
export const COVERAGE_SECONDS = 60;
