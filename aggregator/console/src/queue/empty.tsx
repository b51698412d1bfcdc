// An empty queue says whether its silence is covered: "no alerts" is claimed only where every sensor sees.
import { useTranslation } from 'react-i18next';
import { useSensors } from '../sensors/use-sensors.ts';
import { Mark } from '../shell/mark.tsx';
import { useNow } from '../time/time.tsx';
import { gaps } from './coverage.ts';

export function EmptyQueue({ narrowed }: { readonly narrowed: boolean }) {
  const { t } = useTranslation();
  const now = useNow();
  const { data: sensors } = useSensors();
  if (narrowed)
    return (
      <div className="notice" role="status">
        <h2>{t('queue.nothing_title')}</h2>
      </div>
    );
  const claim = !sensors?.length
    ? 'queue.calm_no_sensor'
    : gaps(sensors, now).length === 0
      ? 'queue.calm_proven'
      : 'queue.calm_unproven';
  return (
    <div className="notice calm" role="status">
      <Mark />
      <h2>{t('queue.calm_title')}</h2>
      <p className={claim === 'queue.calm_proven' ? 'soft' : undefined}>{t(claim)}</p>
    </div>
  );
}
