// When the alerts of a group came, in twenty-four bars.
import { useTranslation } from 'react-i18next';
import type { Group } from '../api/shapes.ts';
import { usePreferences } from '../preferences/preferences.ts';
import { short } from '../time/moment.ts';
import { spanText } from '../time/span.ts';
import './timeline.css';

export function Timeline({ group }: { readonly group: Group }) {
  const { t } = useTranslation();
  const { zone } = usePreferences();
  const { histogram, histogram_from, histogram_step_s } = group;
  const from = Date.parse(histogram_from);
  const at = (bar: number): string =>
    short(new Date(from + bar * histogram_step_s * 1_000).toISOString(), zone);
  const peak = Math.max(1, ...histogram);
  const label = t('group.timeline_label', {
    from: at(0),
    until: at(histogram.length),
    peak,
    span: spanText(histogram_step_s, t),
  });
  return (
    <figure className="timeline">
      <div className="timeline-bars" role="img" aria-label={label}>
        {histogram.map((count, bar) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
            key={bar}
            className="timeline-slot"
            title={t('group.timeline_bucket', { from: at(bar), until: at(bar + 1), count })}
          >
            <span style={{ height: count === 0 ? 0 : `max(2px, ${(count / peak) * 100}%)` }} />
          </span>
        ))}
      </div>
      <figcaption aria-hidden="true">
        <span>{at(0)}</span>
        <span>{at(histogram.length)}</span>
      </figcaption>
    </figure>
  );
}
