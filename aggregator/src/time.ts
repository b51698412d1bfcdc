// Times as the aggregator keeps them, whole microseconds since 1970, and as the wire and people write them, RFC 3339 UTC.

/** µs since 1970 of `2024-05-01T10:00:00.123456Z` (any number of fraction digits); NaN when it is no such time. */
export function fromRfc3339(text: string): number {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(text);
  if (parts === null) return Number.NaN;
  return Date.parse(parts[1] + 'Z') * 1_000 + Number((parts[2] ?? '').slice(0, 6).padEnd(6, '0'));
}

/** RFC 3339 with six digits of fraction. */
export function toRfc3339(micros: number): string {
  const second = Math.floor(micros / 1_000_000);
  const fraction = String(micros - second * 1_000_000).padStart(6, '0');
  return `${new Date(second * 1_000).toISOString().slice(0, 19)}.${fraction}Z`;
}

/** µs of a date or time that a person writes: `2026-04-01`, or anything RFC 3339; NaN when neither. */
export const fromPerson = (text: string): number =>
  fromRfc3339(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);

/** The wall clock, µs. */
export const now = (): number => Date.now() * 1_000;

export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const DAY = 86_400 * SECOND;
