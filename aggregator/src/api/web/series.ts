// Counts over time, for charts of traffic and of alerts. Where no sensor reported, there is no number, not a zero.

import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { BUCKET_SECONDS, seenShare } from 'yagura-sensor/wire';
import { Problem } from '../../errors.ts';
import { METRICS, type SeriesQuery, SPLITS, type Sum } from '../../stores/series/series.ts';
import { now, SECOND, toRfc3339 } from '../../time.ts';
import type { Parts } from '../parts.ts';
import { Instant, instant } from './filter.ts';
import { traceRead } from './gate.ts';

const MOST_POINTS = 1_000;
const MOST_SERIES = 20;
/** Points that are aimed at when no step is asked for. */
const USUAL_POINTS = 180;
const USUAL_SPAN = 3_600 * SECOND;
const OTHER = 'other';

const Query = Type.Object({
  metric: Type.Enum([...METRICS]),
  from: Type.Optional(Instant),
  until: Type.Optional(Instant),
  to: Type.Optional(Instant),
  step: Type.Optional(
    Type.Integer({
      minimum: BUCKET_SECONDS,
      maximum: 86_400,
      multipleOf: BUCKET_SECONDS,
      description: 'Seconds.',
    }),
  ),
  body: Type.Optional(Type.String({ maxLength: 64 })),
  sensor: Type.Optional(Type.String({ maxLength: 160 })),
  by: Type.Optional(Type.Enum([...SPLITS])),
});

const SeriesView = Type.Object({
  from: Instant,
  until: Instant,
  step: Type.Integer(),
  unit: Type.String(),
  coverage: Type.Array(Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()]), {
    description: 'Part of the packets that was looked at, step by step; null where no sensor told.',
  }),
  series: Type.Array(
    Type.Object({ name: Type.String(), values: Type.Array(Type.Union([Type.Integer(), Type.Null()])) }),
  ),
});

/** The span asked for, widened to whole steps. @throws Problem too_many_points */
function spanOf(query: Static<typeof Query>): Pick<SeriesQuery, 'from' | 'until' | 'step'> {
  const end = query.until ?? query.to;
  const until = end === undefined ? now() : instant('until', end);
  const from = query.from === undefined ? until - USUAL_SPAN : instant('from', query.from);
  if (from >= until)
    throw new Problem('invalid_request', 'querystring/from must be before querystring/until');
  const fitting = Math.ceil((until - from) / SECOND / USUAL_POINTS / BUCKET_SECONDS) * BUCKET_SECONDS;
  const step = query.step ?? fitting;
  const micros = step * SECOND;
  const span = { from: Math.floor(from / micros) * micros, until: Math.ceil(until / micros) * micros, step };
  if ((span.until - span.from) / micros > MOST_POINTS)
    throw new Problem(
      'too_many_points',
      `At most ${MOST_POINTS} points; this would be ${(span.until - span.from) / micros}.`,
    );
  return span;
}

export function series(app: FastifyInstance, parts: Parts): void {
  app.get<{ Querystring: Static<typeof Query> }>('/api/v1/series', {
    schema: {
      operationId: 'getSeries',
      summary: 'Sums per step; null where no sensor reported',
      tags: ['series'],
      querystring: Query,
      response: { 200: SeriesView },
    },
    async handler(request) {
      const { metric, by, body, sensor } = request.query;
      const asked: SeriesQuery = { ...spanOf(request.query), metric, by, body, sensor };
      const sums = await parts.series.sums(asked);
      // A step is covered when a sensor counted traffic in it, were it none.
      const traffic = await parts.series.sums({ ...asked, metric: 'packets', by: undefined });
      const rests = await parts.series.sums({ ...asked, metric: 'coverage', by: 'type' });
      const answer = lay(asked, sums, new Set(traffic.map((sum) => sum.at)));
      await traceRead(parts, request, 'series.read', `series:${metric}`, sums.length);
      const { from, until, step } = asked;
      return {
        from: toRfc3339(from),
        until: toRfc3339(until),
        step,
        unit: metric,
        coverage: sharesOf(asked, rests),
        series: answer,
      };
    },
  });
}

/** Sums laid out over all steps; the smallest series are summed as "other" when there are too many. */
function lay({ from, until, step, metric }: SeriesQuery, sums: readonly Sum[], covered: ReadonlySet<number>) {
  const micros = step * SECOND;
  const totals = new Map<string, number>();
  for (const { name, value } of sums) totals.set(name, (totals.get(name) ?? 0) + value);
  const ranked = [...totals.keys()].sort((a, b) => totals.get(b)! - totals.get(a)!);
  const shown = ranked.length > MOST_SERIES ? new Set(ranked.slice(0, MOST_SERIES - 1)) : new Set(ranked);
  const blank = Array.from({ length: (until - from) / micros }, (_, i) =>
    covered.has(from + i * micros) ? 0 : null,
  );
  const laid = new Map<string, (number | null)[]>();
  for (const { name, at, value } of sums) {
    const key = shown.has(name) ? name || metric : OTHER;
    let values = laid.get(key);
    if (values === undefined) laid.set(key, (values = [...blank]));
    const i = (at - from) / micros;
    values[i] = (values[i] ?? 0) + value;
  }
  if (laid.size === 0) laid.set(metric, blank);
  return [...laid].map(([name, values]) => ({ name, values })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Of each step, how much of the traffic was looked at. */
function sharesOf({ from, until, step }: SeriesQuery, sums: readonly Sum[]): (number | null)[] {
  const micros = step * SECOND;
  const steps = Array.from({ length: (until - from) / micros }, (): Record<string, number> => ({}));
  for (const { name, at, value } of sums) steps[(at - from) / micros][name] = value;
  return steps.map((step) => {
    const { seen = 0, dropped_kernel = 0, dropped_decoder = 0, shed = 0, sampled = 0 } = step;
    return seenShare({ seen, dropped_kernel, dropped_decoder, shed, sampled }) ?? null;
  });
}
