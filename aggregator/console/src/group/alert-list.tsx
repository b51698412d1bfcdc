// The alerts of a group, newest first; only the rows on screen exist.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { StoredAlert } from '../api/shapes.ts';
import { whole } from '../preferences/number.ts';
import { usePreferences } from '../preferences/preferences.ts';
import { clock, day, exact } from '../time/moment.ts';

const ROW_HEIGHT = 30;
const READ_AHEAD = 50;

interface Props {
  readonly alerts: readonly StoredAlert[];
  readonly total: number;
  readonly selected: string | null;
  readonly select: (id: string) => void;
  readonly more: (() => void) | undefined;
}

const GIST_FIELDS = 3;

/** What this alert's decision rested on, in a few words: the addresses are the same in the whole group. */
function gist({ matched, evidence }: StoredAlert): string {
  const values = matched.flatMap((field) => evidence[field] ?? []);
  return [...new Set(values.map(String))].slice(0, GIST_FIELDS).join(' · ');
}

const optionId = (alert: string): string => `alert-${alert}`;

export function AlertList({ alerts, total, selected, select, more }: Props) {
  const { t } = useTranslation();
  const { zone, language } = usePreferences();
  const list = useRef<HTMLDivElement>(null);
  const at = alerts.findIndex(({ id }) => id === selected);
  const virtualizer = useVirtualizer({
    count: alerts.length,
    getScrollElement: () => list.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 15,
    getItemKey: (index) => alerts[index]?.id ?? index,
  });
  const rows = virtualizer.getVirtualItems();
  const lastShown = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && lastShown >= alerts.length - READ_AHEAD) more();
  }, [more, lastShown, alerts.length]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a move of the selection scrolls
  useEffect(() => {
    if (at >= 0) virtualizer.scrollToIndex(at, { align: 'auto' });
  }, [selected]);

  const days = new Set(alerts.slice(0, 500).map(({ time }) => day(time, zone)));
  return (
    <section className="alerts" aria-labelledby="alerts-title">
      <header>
        <h2 id="alerts-title">{t('group.alerts')}</h2>
        <span className="soft">{whole(total, language)}</span>
      </header>
      <div
        ref={list}
        className="alerts-scroll"
        role="listbox"
        tabIndex={0}
        aria-labelledby="alerts-title"
        aria-activedescendant={at >= 0 ? optionId(alerts[at]!.id) : undefined}
      >
        <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
          {rows.map(({ index, start }) => {
            const alert = alerts[index]!;
            return (
              <div
                key={alert.id}
                id={optionId(alert.id)}
                className="alert-row"
                role="option"
                tabIndex={-1}
                aria-selected={index === at}
                aria-setsize={total}
                aria-posinset={index + 1}
                style={{ transform: `translateY(${start}px)` }}
                onClick={() => select(alert.id)}
                onKeyDown={(event) => event.key === ' ' && select(alert.id)}
              >
                <time dateTime={alert.time} title={exact(alert.time, zone)}>
                  {days.size > 1 && <span className="soft">{day(alert.time, zone).slice(5)} </span>}
                  {clock(alert.time, zone)}
                </time>
                <span className="mono soft">
                  {alert.src_port} → {alert.dest_port}
                </span>
                <span className="clip mono">{gist(alert)}</span>
                <span className="soft">{alert.event_type}</span>
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}
