// Says how long a number of seconds is, in the largest unit that stays whole.
import type { TFunction } from 'i18next';

export function spanText(seconds: number, t: TFunction): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole % 86_400 === 0) return t('span.days', { count: whole / 86_400 });
  if (whole >= 86_400) return t('span.hours', { count: Math.round(whole / 3_600) });
  if (whole >= 3_600) return t('span.hours', { count: Math.round(whole / 360) / 10 });
  if (whole >= 60) return t('span.minutes', { count: Math.round(whole / 6) / 10 });
  return t('span.seconds', { count: whole });
}
