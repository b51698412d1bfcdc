// Turns the API's UTC times into what people read: relative for a glance, exact in JST or UTC for the record.
import type { Language } from '../i18n/i18n.ts';
import type { Zone } from '../preferences/preferences.ts';

const ZONE_NAMES = { JST: 'Asia/Tokyo', UTC: 'UTC' } as const satisfies Record<Zone, string>;

const formats = new Map<Zone, Intl.DateTimeFormat>();

interface Parts {
  readonly date: string;
  readonly time: string;
}

/** `2026-11-23` and `13:04:55`: the same digits in both languages, so that columns align. */
export function dateAndTime(instant: number, zone: Zone): Parts {
  let format = formats.get(zone);
  if (!format) {
    // sv-SE writes ISO 8601.
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: ZONE_NAMES[zone],
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    formats.set(zone, format);
  }
  const [date = '', time = ''] = format.format(instant).split(' ');
  return { date, time };
}

/** Microseconds are the packet's own; Date keeps only milliseconds, so they are read from the text. */
const fraction = (time: string): string =>
  /\.(\d+)Z$/.exec(time)?.[1]?.padEnd(6, '0').slice(0, 6) ?? '000000';

/** `2026-11-23 13:04:55.123456 JST` */
export function exact(time: string, zone: Zone): string {
  const { date, time: clock } = dateAndTime(Date.parse(time), zone);
  return `${date} ${clock}.${fraction(time)} ${zone}`;
}

/** `2026-11-23 13:04:55 JST` */
export function toTheSecond(time: string, zone: Zone): string {
  const { date, time: clock } = dateAndTime(Date.parse(time), zone);
  return `${date} ${clock} ${zone}`;
}

/** `11-23 13:04:55`, for narrow columns. */
export function short(time: string, zone: Zone): string {
  const { date, time: clock } = dateAndTime(Date.parse(time), zone);
  return `${date.slice(5)} ${clock}`;
}

/** `13:04:55.123456`, for lists of alerts inside one group. */
export function clock(time: string, zone: Zone): string {
  return `${dateAndTime(Date.parse(time), zone).time}.${fraction(time)}`;
}

export const day = (time: string, zone: Zone): string => dateAndTime(Date.parse(time), zone).date;

const STEPS = [
  [60, 'second', 1],
  [3_600, 'minute', 60],
  [86_400, 'hour', 3_600],
  [86_400 * 60, 'day', 86_400],
] as const;

const relatives = new Map<Language, Intl.RelativeTimeFormat>();

/** `3 min. ago`, `3分前`; a date once it is more than sixty days away. */
export function relative(time: string, now: number, language: Language, zone: Zone): string {
  const then = Date.parse(time);
  const seconds = (then - now) / 1_000;
  const step = STEPS.find(([limit]) => Math.abs(seconds) < limit);
  if (!step) return day(time, zone);
  let format = relatives.get(language);
  if (!format) {
    format = new Intl.RelativeTimeFormat(language, { numeric: 'always', style: 'narrow' });
    relatives.set(language, format);
  }
  const [, unit, size] = step;
  // A second's difference between two clocks is no future.
  const amount = Math.trunc(Math.abs(seconds) < 60 ? Math.min(seconds, -1) : seconds / size);
  return format.format(amount, unit);
}
