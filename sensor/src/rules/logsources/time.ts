// Parts of a time as Sigma's modifiers name them, in UTC: a recording means the same wherever it is read.
import type { TimePart } from '../sigma/values.ts';

const DAY = 86_400_000;

/** The week of ISO 8601: the one that holds the year's first Thursday is the first. */
function weekOf(time: Date): number {
  const day = Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate());
  const thursday = day + (4 - (time.getUTCDay() || 7)) * DAY;
  const first = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return Math.floor((thursday - first) / (7 * DAY)) + 1;
}

const READ: Readonly<Record<TimePart, (time: Date) => number>> = {
  minute: (time) => time.getUTCMinutes(),
  hour: (time) => time.getUTCHours(),
  day: (time) => time.getUTCDate(),
  week: weekOf,
  month: (time) => time.getUTCMonth() + 1,
  year: (time) => time.getUTCFullYear(),
};

/** Takes ms since 1970; what is no time has no parts. */
export const partOf =
  (part: TimePart) =>
  (time: number): number | undefined =>
    Number.isNaN(time) ? undefined : READ[part](new Date(time));
