// What the charts show: three rates of traffic and the alerts by severity, all over the same buckets.
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { seriesQuery } from '../api/resources.ts';
import { SEVERITY_ORDER, type SeriesAnswer } from '../api/shapes.ts';
import type { Line } from './chart.tsx';
import { isoTime, type Span } from './range.ts';
import type { Values } from './stack.ts';

const RATES = ['packets', 'bytes', 'flows'] as const;
export type Rate = (typeof RATES)[number];

export interface Traffic {
  readonly rates: readonly { readonly rate: Rate; readonly lines: readonly Line[] }[];
  readonly alerts: readonly Line[];
  /** Part of the packets that was looked at, bucket by bucket. */
  readonly coverage: Values;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly isEmpty: boolean;
  retry(): void;
}

/** Values on our buckets; the aggregator may have chosen another start or step than was asked for. */
function onBuckets(answer: SeriesAnswer, values: readonly (number | null)[], span: Span): Values {
  const from = Date.parse(answer.from) / 1_000;
  return Array.from({ length: (span.until - span.from) / span.step }, (_, bucket) => {
    const at = (span.from + bucket * span.step - from) / answer.step;
    return values[Math.floor(at)] ?? null;
  });
}

function totalOf(answer: SeriesAnswer | undefined, span: Span): Values {
  const [first, ...others] = (answer?.series ?? []).map(({ values }) => onBuckets(answer!, values, span));
  if (!first) return Array.from({ length: (span.until - span.from) / span.step }, () => null);
  return first.map((value, index) =>
    others.reduce<number | null>((sum, one) => (one[index] == null ? sum : (sum ?? 0) + one[index]), value),
  );
}

export function useTraffic(span: Span, body: string | null): Traffic {
  const { t } = useTranslation();
  const question = { from: isoTime(span.from), until: isoTime(span.until), step: span.step, body };
  const answers = useQueries({
    queries: [
      ...RATES.map((metric) => ({
        ...seriesQuery({ ...question, metric }),
        placeholderData: (old: SeriesAnswer | undefined) => old,
      })),
      {
        ...seriesQuery({ ...question, metric: 'alerts', by: 'severity' }),
        placeholderData: (old: SeriesAnswer | undefined) => old,
      },
    ],
  });
  const data = answers.map(({ data }) => data);
  const stamp = answers.map(({ dataUpdatedAt }) => dataUpdatedAt).join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: `stamp` says when the answers changed
  const [rates, alerts, coverage] = useMemo(() => {
    const perSecond = (values: Values): Values =>
      values.map((value) => (value === null ? null : value / span.step));
    const bySeverity = data[RATES.length];
    return [
      RATES.map((rate, index) => ({
        rate,
        lines: [
          {
            name: t(`traffic.${rate}`),
            color: '--chart-traffic',
            values: perSecond(totalOf(data[index], span)),
          },
        ],
      })),
      // Worst at the bottom, where heights compare best.
      SEVERITY_ORDER.map((severity) => {
        const series = bySeverity?.series.find(({ name }) => name === severity);
        return {
          name: t(`severity.${severity}`),
          color: `--${severity}`,
          values: bySeverity ? onBuckets(bySeverity, series?.values ?? [], span) : [],
        };
      }),
      data[0] ? onBuckets(data[0], data[0].coverage, span) : [],
    ];
  }, [stamp, span, t]);

  return {
    rates,
    alerts,
    coverage,
    isPending: answers.some(({ isPending }) => isPending),
    error: answers.find(({ error }) => error)?.error ?? null,
    isEmpty: ![...rates.flatMap(({ lines }) => lines), ...alerts].some(({ values }) =>
      values.some((value) => value),
    ),
    retry: () => answers.forEach(({ refetch }) => void refetch()),
  };
}
