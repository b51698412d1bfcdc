// The same figures as the charts, as a table: for screen readers, for copying, for exact values.
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../preferences/preferences.ts';
import { seenPercent } from '../preferences/share.ts';
import { short } from '../time/moment.ts';
import type { Line } from './chart.tsx';
import { isoTime, type Span } from './range.ts';
import { isPartial } from './sight.tsx';
import type { Values } from './stack.ts';

interface Props {
  readonly columns: readonly { readonly line: Line; readonly format: (value: number) => string }[];
  readonly span: Span;
  /** Part of the packets that was looked at. */
  readonly coverage: Values;
}

export function SeriesTable({ columns, span, coverage }: Props) {
  const { t } = useTranslation();
  const { zone } = usePreferences();
  const buckets = Array.from(
    { length: (span.until - span.from) / span.step },
    (_, index) => index,
  ).toReversed();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className="series-table" tabIndex={0} aria-label={t('traffic.show_table')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('traffic.time')}</th>
            <th scope="col">{t('traffic.seen')}</th>
            {columns.map(({ line }) => (
              <th scope="col" key={line.name}>
                {line.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {buckets.map((bucket) => (
            <tr key={bucket}>
              <th scope="row">{short(isoTime(span.from + bucket * span.step), zone)}</th>
              <td className={isPartial(coverage[bucket]) ? 'partial' : ''}>
                {coverage[bucket] == null ? <span className="soft">–</span> : seenPercent(coverage[bucket])}
              </td>
              {columns.map(({ line, format }) => {
                const value = line.values[bucket];
                return (
                  <td key={line.name}>{value == null ? <span className="soft">–</span> : format(value)}</td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
