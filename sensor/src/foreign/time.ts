// Times as EVE writes them: RFC 3339 but for the colon in the zone, `2026-01-05T21:00:00.123456+0900`.
import { formatTime } from '../bytes/time.ts';

const FORM =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):?([0-5]\d))?$/;

export interface Moment {
  /** µs since 1970. */
  readonly us: number;
  /** UTC. */
  readonly text: string;
}

/** One line's times are mostly one: the last that was read. */
let known = '';
let last: Moment | undefined;

/** @returns undefined for what is no time since 1970; one without a zone is UTC */
export function readTime(text: unknown): Moment | undefined {
  if (typeof text !== 'string' || text.length > 40) return undefined;
  if (text === known) return last;
  known = text;
  return (last = parse(text));
}

function parse(text: string): Moment | undefined {
  const found = FORM.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', sign, zoneHours, zoneMinutes] = found;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // 31 February would be a day in March.
  if (new Date(midnight).getUTCDate() !== Number(day) || Number(month) < 1 || Number(month) > 12)
    return undefined;
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  const zone = sign === undefined ? 0 : Number(`${sign}1`) * (Number(zoneHours) * 60 + Number(zoneMinutes));
  const us = (midnight / 1000 + seconds - zone * 60) * 1e6 + Number(fraction.padEnd(6, '0').slice(0, 6));
  return us >= 0 ? { us, text: formatTime(us) } : undefined;
}
