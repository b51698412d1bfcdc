// Traffic and alerts over time: to see what was normal, when it changed, and to look closer.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bodiesQuery, latestGroupQuery } from '../api/resources.ts';
import { useKeys } from '../keyboard/use-keys.ts';
import { bytes, compact } from '../preferences/number.ts';
import { usePreferences } from '../preferences/preferences.ts';
import { Loading, Problem } from '../shell/problem.tsx';
import { spanText } from '../time/span.ts';
import { useNow } from '../time/time.tsx';
import { Chart } from './chart.tsx';
import { fixed, moved, PRESETS, type Range, spanOf, zoomed } from './range.ts';
import { SeriesTable } from './series-table.tsx';
import { PartialSight } from './sight.tsx';
import { type Rate, useTraffic } from './use-traffic.ts';
import './traffic.css';

/** A range that ends now moves on at this pace: each reading stands in the ledger. */
const FOLLOW_MS = 60_000;

export function TrafficPage() {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const client = useQueryClient();
  const [range, setRange] = useState<Range>({ kind: 'last', seconds: 3_600 });
  const [body, setBody] = useState<string | null>(null);
  const [asTable, setAsTable] = useState(false);
  const { data: bodies = [] } = useQuery(bodiesQuery);
  const paced = Math.ceil(useNow() / FOLLOW_MS) * FOLLOW_MS;
  const span = useMemo(() => spanOf(range, paced), [range, paced]);
  const traffic = useTraffic(span, body);

  const brush = useCallback((from: number, until: number) => setRange(fixed(from, until)), []);
  const number = useCallback((value: number) => compact(value, language), [language]);
  const formats: Readonly<Record<Rate, (value: number) => string>> = {
    packets: number,
    bytes,
    flows: number,
  };
  const goLatest = async (): Promise<void> => {
    const group = await client.fetchQuery(latestGroupQuery);
    if (!group) return;
    const at = Date.parse(group.last_seen) / 1_000;
    setRange(fixed(Math.min(Date.parse(group.first_seen) / 1_000, at - 1_500) - 300, at + 300));
  };

  useKeys({
    earlier: () => setRange(moved(span, -1)),
    later: () => setRange(moved(span, 1)),
    zoom_in: () => setRange(zoomed(span, 0.5)),
    zoom_out: () => setRange(zoomed(span, 2)),
    table: () => setAsTable((shown) => !shown),
  });

  return (
    <div className="traffic">
      <h1 className="unseen">{t('traffic.title')}</h1>
      <div className="traffic-bar">
        <fieldset className="segments">
          <legend className="unseen">{t('traffic.range')}</legend>
          {PRESETS.map(([name, seconds]) => (
            <button
              key={name}
              type="button"
              aria-pressed={range.kind === 'last' && range.seconds === seconds}
              onClick={() => setRange({ kind: 'last', seconds })}
            >
              {t(`traffic.range_${name}`)}
            </button>
          ))}
        </fieldset>
        <fieldset className="steps">
          <legend className="unseen">{t('traffic.range')}</legend>
          <button type="button" onClick={() => setRange(moved(span, -1))} title={t('traffic.earlier')}>
            ← <span className="unseen">{t('traffic.earlier')}</span>
          </button>
          <button type="button" onClick={() => setRange(moved(span, 1))} title={t('traffic.later')}>
            → <span className="unseen">{t('traffic.later')}</span>
          </button>
          <button type="button" onClick={() => setRange(zoomed(span, 0.5))} title={t('traffic.zoom_in')}>
            + <span className="unseen">{t('traffic.zoom_in')}</span>
          </button>
          <button type="button" onClick={() => setRange(zoomed(span, 2))} title={t('traffic.zoom_out')}>
            − <span className="unseen">{t('traffic.zoom_out')}</span>
          </button>
        </fieldset>
        <select
          aria-label={t('queue.body')}
          value={body ?? ''}
          onChange={(event) => setBody(event.currentTarget.value || null)}
        >
          <option value="">{t('queue.all_bodies')}</option>
          {bodies.map(({ id, name }) => (
            <option key={id} value={id}>
              {name[language]}
            </option>
          ))}
        </select>
        <span className="soft brush-hint">{asTable ? '' : t('traffic.brush')}</span>
        <button type="button" onClick={() => setAsTable(!asTable)}>
          {asTable ? t('traffic.show_charts') : t('traffic.show_table')} <kbd>v</kbd>
        </button>
      </div>
      {traffic.error ? (
        <Problem error={traffic.error} retry={traffic.retry} />
      ) : traffic.isPending ? (
        <Loading text={t('traffic.loading')} />
      ) : traffic.isEmpty ? (
        <div className="notice" role="status">
          <h2>{t('traffic.no_data')}</h2>
          <button type="button" onClick={() => void goLatest()}>
            {t('traffic.go_latest')}
          </button>
        </div>
      ) : asTable ? (
        <SeriesTable
          span={span}
          coverage={traffic.coverage}
          columns={[
            ...traffic.rates.flatMap(({ rate, lines }) =>
              lines.map((line) => ({ line, format: formats[rate] })),
            ),
            ...traffic.alerts.map((line) => ({ line, format: number })),
          ]}
        />
      ) : (
        <div className="charts">
          <PartialSight coverage={traffic.coverage} />
          <Chart
            title={t('traffic.alerts', { span: spanText(span.step, t) })}
            lines={traffic.alerts}
            coverage={traffic.coverage}
            span={span}
            drawn="bars"
            format={number}
            ticks="decimal"
            onBrush={brush}
          />
          {traffic.rates.map(({ rate, lines }) => (
            <Chart
              key={rate}
              title={t(`traffic.${rate}`)}
              lines={lines}
              coverage={traffic.coverage}
              span={span}
              drawn="area"
              format={formats[rate]}
              ticks={rate === 'bytes' ? 'binary' : 'decimal'}
              onBrush={brush}
            />
          ))}
        </div>
      )}
    </div>
  );
}
