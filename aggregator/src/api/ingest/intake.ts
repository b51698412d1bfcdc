// The queue's worker: batches that arrived together go through the pipeline and are kept in one durable transaction.
import { Coverage, type Series } from 'yagura-sensor/wire';
import type { AdmittedSeries } from '../../alerts/alert.ts';
import { isResend } from '../../alerts/deduplicate.ts';
import type { Flight, Outcome, Submission } from '../../alerts/flight.ts';
import { pass } from '../../alerts/pipeline.ts';
import type { Metrics } from '../../metrics.ts';
import type { Worker } from '../../stores/queue/index.ts';
import type { Records, RecordsWriter } from '../../stores/records/index.ts';
import type { Point, SeriesStore } from '../../stores/series/index.ts';
import { fromRfc3339, SECOND } from '../../time.ts';
import type { Tail } from '../tail.ts';

export function newIntake(
  records: Records,
  series: SeriesStore,
  metrics: Metrics,
  tail: Tail,
): Worker<Submission, Outcome> {
  return async (submissions) => {
    const timer = metrics.commitSeconds.startTimer();
    const flight = await records.write(async (writer) => {
      const passed = await pass(submissions, writer);
      await keep(passed, writer);
      await series.put(passed.series.flatMap(trafficPoints));
      await series.add(
        passed.tallies.map((t) => ({ ...t, metric: 'alerts', label: t.severity, value: t.count })),
      );
      return passed;
    });
    timer();
    report(flight, metrics, tail);
    return flight.outcomes;
  };
}

async function keep(flight: Flight, writer: RecordsWriter): Promise<void> {
  await writer.keepAlerts(flight.alerts);
  await writer.keepGroups(flight.groups);
  await writer.keepHistory(flight.reopened);
  await writer.keepBlinds([...flight.blinds, ...flight.gaps]);
  await writer.keepProgress(flight.progress);
  for (const [i, { sensor, header, received }] of flight.submissions.entries()) {
    const { health } = header;
    const skew =
      health === undefined ? {} : { health, clock_skew_s: (fromRfc3339(health.time) - received) / SECOND };
    await writer.heard(sensor, { last_seen: received, ...skew });
    for (const [code, refusals] of Map.groupBy(flight.outcomes[i].refused, (r) => r.code))
      await writer.refused(sensor, code, refusals.length);
  }
}

/** Its members; each is counted by its name. */
const COVERAGE = Object.keys(Coverage.properties) as (keyof Coverage)[];

/** The counts of one bucket, metric by metric. */
function trafficPoints({ sensor, body, bucket, series }: AdmittedSeries): Point[] {
  const point = (metric: Point['metric'], label: string, value: number): Point => ({
    metric,
    body,
    sensor,
    label,
    bucket,
    value,
  });
  const { packets, bytes, flows, events, coverage }: Series = series;
  return [
    point('packets', '', packets),
    point('bytes', '', bytes),
    point('flows', '', flows),
    ...Object.entries(events).map(([type, count]) => point('events', type, count)),
    // That all is seen is told by one number; nothing of it is kept where there was no traffic.
    ...COVERAGE.map((of) => point('coverage', of, coverage?.[of] ?? 0)).filter(({ value }) => value > 0),
  ];
}

function report(flight: Flight, metrics: Metrics, tail: Tail): void {
  const { submissions, outcomes, alerts } = flight;
  for (const { accepted, duplicates, stripped, refused } of outcomes) {
    metrics.records.inc({ result: 'accepted' }, accepted);
    metrics.records.inc({ result: 'duplicate' }, duplicates);
    metrics.records.inc({ result: 'refused' }, refused.length);
    metrics.stripped.inc(stripped);
    for (const { code } of refused) metrics.refused.inc({ code });
  }
  // What comes again was counted.
  for (const { origin, series } of flight.series)
    if (!isResend(flight, origin))
      for (const of of COVERAGE) metrics.sight.inc({ fate: of }, series.coverage?.[of] ?? 0);
  for (const { origin, reason, from, until } of flight.blinds)
    if (!isResend(flight, origin)) metrics.blind.inc({ reason }, (until - from) / SECOND);
  for (const { reason, from, until } of flight.gaps) metrics.blind.inc({ reason }, (until - from) / SECOND);
  if (alerts.length > 0) tail.tell({ kind: 'alerts' });
  for (const sensor of new Set(submissions.filter((s) => s.header.health).map((s) => s.sensor)))
    tail.tell({ kind: 'sensor', sensor });
}
