// Buckets that rest on less than full sight: shaded in every chart, and said in words once.
import { useTranslation } from 'react-i18next';
import type uPlot from 'uplot';
import { seenPercent } from '../preferences/share.ts';
import type { Span } from './range.ts';
import type { Values } from './stack.ts';

export const isPartial = (share: number | null | undefined): share is number => share != null && share < 1;

/** Height of the edge below (in no severity's colour) a shaded bucket, in pixels of the page. */
const EDGE = 3;

/** Draws the ground of partial buckets, before anything stands on it. @param colorOf a custom property of the theme */
export function shade(
  chart: uPlot,
  coverage: Values,
  span: Span,
  colorOf: (property: string) => string,
): void {
  const { ctx, bbox } = chart;
  const edge = EDGE * devicePixelRatio;
  for (const [bucket, share] of coverage.entries()) {
    if (!isPartial(share)) continue;
    const from = span.from + bucket * span.step;
    const left = Math.round(chart.valToPos(from, 'x', true));
    const width = Math.max(1, Math.round(chart.valToPos(from + span.step, 'x', true)) - left);
    ctx.fillStyle = colorOf('--warn-ground');
    ctx.fillRect(left, bbox.top, width, bbox.height);
    ctx.fillStyle = colorOf('--line-strong');
    ctx.fillRect(left, bbox.top + bbox.height - edge, width, edge);
  }
}

export function PartialSight({ coverage }: { readonly coverage: Values }) {
  const { t } = useTranslation();
  const partial = coverage.filter(isPartial);
  if (partial.length === 0) return null;
  return (
    <p className="partial-sight" data-testid="partial-sight">
      {t('traffic.partial', { percent: seenPercent(Math.min(...partial)) })}
    </p>
  );
}
