// One line about the sensors: calm when all of them see, a warning when one does not.
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { usePreferences } from '../preferences/preferences.ts';
import { useSensors } from '../sensors/use-sensors.ts';
import { short } from '../time/moment.ts';
import { useNow } from '../time/time.tsx';
import { type Gap, gaps } from './coverage.ts';

const MAX_NAMED = 3;

function gapText(gap: Gap, t: TFunction, since: (time: string) => string): string {
  if (gap.kind === 'silent') return t('coverage.silent', { sensor: gap.sensor, since: since(gap.since) });
  if (gap.kind === 'never') return t('coverage.never', { sensor: gap.sensor });
  return t('coverage.blind', { sensor: gap.sensor, reason: t(`blind_reason.${gap.reason}`) });
}

export function CoverageStrip() {
  const { t } = useTranslation();
  const { zone } = usePreferences();
  const now = useNow();
  const { data: sensors } = useSensors();
  if (!sensors) return null;
  const found = gaps(sensors, now);
  if (sensors.length === 0) return <p className="coverage soft">{t('coverage.none')}</p>;
  if (found.length === 0)
    return <p className="coverage soft">{t('coverage.all_live', { count: sensors.length })}</p>;
  return (
    <p className="coverage coverage-warning" data-testid="coverage-warning">
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M8 1.5l7.2 13H.8z" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <path d="M7.2 6h1.6l-.2 4.2H7.4zM7.2 11.2h1.6v1.6H7.2z" fill="currentColor" />
      </svg>
      <strong>{t('coverage.warning')}</strong>
      {found.slice(0, MAX_NAMED).map((gap) => (
        <span key={`${gap.kind}/${gap.sensor}`}>{gapText(gap, t, (time) => short(time, zone))}</span>
      ))}
      {found.length > MAX_NAMED && <span>{t('coverage.more', { count: found.length - MAX_NAMED })}</span>}
      <Link href="/sensors">{t('coverage.to_sensors')}</Link>
    </p>
  );
}
