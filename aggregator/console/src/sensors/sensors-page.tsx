// The sensors and the authority each body's sensors stand under.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { bodiesQuery } from '../api/resources.ts';
import type { Sensor } from '../api/shapes.ts';
import { bytes, compact, percent, whole } from '../preferences/number.ts';
import { usePreferences } from '../preferences/preferences.ts';
import { Loading, Problem } from '../shell/problem.tsx';
import { SensorStatus } from '../state/state.tsx';
import { short } from '../time/moment.ts';
import { Time, useNow } from '../time/time.tsx';
import { AuthorityCard } from './authority-card.tsx';
import { useSensors } from './use-sensors.ts';
import './sensors.css';

const DAY_MS = 86_400_000;
/** A certificate is renewed well before this many days are left. */
const CERTIFICATE_WARNING_DAYS = 14;
/** Seconds from which two clocks tell alerts apart wrongly. */
const SKEW_WARNING_S = 2;
const MAX_BLIND_SHOWN = 3;

function Certificate({ until }: { readonly until: string }) {
  const { t } = useTranslation();
  const { zone } = usePreferences();
  const now = useNow();
  const days = Math.floor((Date.parse(until) - now) / DAY_MS);
  return (
    <span className={days < CERTIFICATE_WARNING_DAYS ? 'attention' : undefined} title={short(until, zone)}>
      {days < 0 ? t('sensors.certificate_expired') : t('sensors.certificate_days', { count: days })}
    </span>
  );
}

function BlindSpans({ spans }: { readonly spans: Sensor['blind'] }) {
  const { t } = useTranslation();
  const { zone } = usePreferences();
  if (spans.length === 0) return <span className="soft">{t('sensors.blind_none')}</span>;
  return (
    <ul>
      {spans.slice(0, MAX_BLIND_SHOWN).map((span) => (
        <li key={`${span.from}/${span.reason}`}>
          {t('sensors.blind_span', {
            from: short(span.from, zone),
            until: short(span.until, zone).slice(6),
          })}
          <span className="line soft">
            {t(`blind_reason.${span.reason}`)}
            {span.count > 0 && ` · ${t('sensors.blind_count', { count: span.count })}`}
          </span>
        </li>
      ))}
      {spans.length > MAX_BLIND_SHOWN && (
        <li className="soft">{t('coverage.more', { count: spans.length - MAX_BLIND_SHOWN })}</li>
      )}
    </ul>
  );
}

function Refused({ refused }: { readonly refused: Sensor['refused'] }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const codes = Object.entries(refused);
  if (codes.length === 0) return <span className="soft">{t('sensors.refused_none')}</span>;
  return (
    <ul>
      {codes.map(([code, count]) => (
        <li key={code}>
          <span className="mono">{code}</span> {whole(count, language)}
        </li>
      ))}
    </ul>
  );
}

function SensorRow({ sensor }: { readonly sensor: Sensor }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const { health, drops_ratio, clock_skew_s } = sensor;
  const unknown = <span className="soft">–</span>;
  return (
    <tr className={sensor.status === 'live' ? undefined : 'not-live'}>
      <th scope="row">
        {sensor.name}
        <span className="line soft mono">{sensor.id}</span>
      </th>
      <td className="wrap">{sensor.body.name[language]}</td>
      <td>
        <SensorStatus status={sensor.status} />
        {sensor.last_seen && (
          <span className="line">
            <Time value={sensor.last_seen} focusable />
          </span>
        )}
      </td>
      <td>
        {health ? t('sensors.packets', { value: compact(health.packets, language) }) : unknown}
        {health && (
          <span className="line soft">
            {t('sensors.flows', { value: whole(health.flows_active, language) })}
          </span>
        )}
      </td>
      <td className={`number ${drops_ratio > 0 ? 'attention' : ''}`}>
        {health ? percent(drops_ratio) : unknown}
      </td>
      <td>
        {health ? t('sensors.spool_value', { records: whole(health.spool_records, language) }) : unknown}
        {health && <span className="line soft">{bytes(health.spool_bytes)}</span>}
        {health && health.spool_shed > 0 && (
          <span className="attention line">{t('sensors.shed', { count: health.spool_shed })}</span>
        )}
      </td>
      <td className={`number ${Math.abs(clock_skew_s ?? 0) >= SKEW_WARNING_S ? 'attention' : ''}`}>
        {clock_skew_s === null ? unknown : `${(Math.round(clock_skew_s * 10) / 10 || 0).toFixed(1)} s`}
      </td>
      <td>
        <Certificate until={sensor.certificate_until} />
      </td>
      <td>
        <BlindSpans spans={sensor.blind} />
      </td>
      <td>
        <Refused refused={sensor.refused} />
      </td>
    </tr>
  );
}

const COLUMNS = [
  ['sensors.name', ''],
  ['queue.body', ''],
  ['sensors.status', ''],
  ['sensors.traffic', ''],
  ['sensors.drops', 'number'],
  ['sensors.spool', ''],
  ['sensors.clock', 'number'],
  ['sensors.certificate', ''],
  ['sensors.blind', ''],
  ['sensors.refused', ''],
] as const;

export function SensorsPage() {
  const { t } = useTranslation();
  const sensors = useSensors({ anew: true });
  // How many groups are open changes with every alert.
  const bodies = useQuery({ ...bodiesQuery, refetchOnMount: 'always' });
  if (sensors.error && !sensors.data)
    return <Problem error={sensors.error} retry={() => void sensors.refetch()} />;
  if (!sensors.data) return <Loading text={t('sensors.loading')} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div className="sensors" tabIndex={0}>
      <h1>{t('sensors.title')}</h1>
      {sensors.data.length === 0 ? (
        <div className="notice" role="status">
          <h2>{t('sensors.none_title')}</h2>
          <p className="soft">{t('sensors.none_text')}</p>
        </div>
      ) : (
        <div className="sensor-frame">
          <table className="sensor-table">
            <thead>
              <tr>
                {COLUMNS.map(([label, kind]) => (
                  <th key={label} scope="col" className={kind}>
                    {t(label)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {sensors.data.map((sensor) => (
                <SensorRow key={sensor.id} sensor={sensor} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {bodies.data && bodies.data.length > 0 && (
        <>
          <h2 className="section-title">{t('sensors.bodies')}</h2>
          <ul className="authorities">
            {bodies.data.map((body) => (
              <AuthorityCard key={body.id} body={body} />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
