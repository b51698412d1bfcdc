// Numbers as people read them: compact in columns, whole where it counts, bytes in binary units.
import type { Language } from '../i18n/i18n.ts';

const compacts = new Map<Language, Intl.NumberFormat>();
const wholes = new Map<Language, Intl.NumberFormat>();

function cached(
  map: Map<Language, Intl.NumberFormat>,
  language: Language,
  options: Intl.NumberFormatOptions,
): Intl.NumberFormat {
  let format = map.get(language);
  if (!format) map.set(language, (format = new Intl.NumberFormat(language, options)));
  return format;
}

/** `12.3K`, `1.2万` */
export const compact = (value: number, language: Language): string =>
  cached(compacts, language, { notation: 'compact', maximumFractionDigits: 1 }).format(value);

/** `12,345` */
export const whole = (value: number, language: Language): string =>
  cached(wholes, language, { maximumFractionDigits: 1 }).format(value);

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** `1.5 MiB` */
export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(value) / 10));
  const scaled = value / 1024 ** power;
  return `${scaled >= 100 || power === 0 ? Math.round(scaled) : Number(scaled.toFixed(1))} ${UNITS[power]}`;
}

/** `0.34 %` of a ratio 0–1; more digits where the first ones would be zero. */
export function percent(ratio: number): string {
  const value = ratio * 100;
  if (value === 0) return '0 %';
  if (value < 0.01) return '< 0.01 %';
  return `${value < 1 ? value.toFixed(2) : value.toFixed(1)} %`;
}
