// What the aggregator tells Prometheus about itself: few series, bounded labels, no address and no person.
import {
  Counter,
  type CounterConfiguration,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  Registry,
} from 'prom-client';

const PREFIX = 'yagura_aggregator_';
/** Above so many sensors, "last seen" is left to the API: the exposition must stay small. */
export const SENSORS_SHOWN = 100;

/**
 * Process metrics worth a series; the others of prom-client's defaults are dropped. Some are read by a neighbour, which
 * therefore stays: CPU by "user", the heap by "total", the event loop's lag by its plain gauge.
 */
const PROCESS_METRICS = new Set([
  'process_cpu_user_seconds_total',
  'process_cpu_system_seconds_total',
  'process_cpu_seconds_total',
  'process_start_time_seconds',
  'process_resident_memory_bytes',
  'process_open_fds',
  'process_max_fds',
  'nodejs_eventloop_lag_seconds',
  'nodejs_eventloop_lag_mean_seconds',
  'nodejs_eventloop_lag_p99_seconds',
  'nodejs_heap_size_total_bytes',
  'nodejs_heap_size_used_bytes',
]);

export interface Gauges {
  groupsOpen(): Promise<Readonly<Record<string, number>>>;
  sensors(): Promise<readonly { name: string; body: string; status: string; lastSeen: number | null }[]>;
  queueLength(): number;
  ledgerEntries(): Promise<number>;
  streamClients(): number;
}

export type Metrics = ReturnType<typeof newMetrics>;

/** Instruments of one aggregator, in a registry of their own. */
export function newMetrics(version: string) {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter<L>({
      name: PREFIX + name,
      help,
      labelNames: [...labelNames],
      registers,
    } as CounterConfiguration<L>);
  collectDefaultMetrics({ register: registry });
  for (const { name } of registry.getMetricsAsArray())
    if (!PROCESS_METRICS.has(name)) registry.removeSingleMetric(name);
  new Gauge({
    name: `${PREFIX}build_info`,
    help: 'Always 1; the version is in the label.',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version, node: process.versions.node }, 1);

  return {
    registry,
    records: counter('ingest_records_total', 'Records that sensors sent, by what became of them.', [
      'result',
    ]),
    refused: counter('refused_total', 'Records and batches refused, by reason.', ['code']),
    batches: counter('ingest_batches_total', 'Batches answered, by HTTP status.', ['code']),
    stripped: counter(
      'evidence_fields_stripped_total',
      'Evidence fields that the closed schema did not let in.',
      [],
    ),
    sight: counter(
      'sight_packets_total',
      'Packets that sensors saw, and did not see, by what became of them.',
      ['fate'],
    ),
    blind: counter('blind_seconds_total', 'Time in which a sensor did not see, all sensors together.', [
      'reason',
    ]),
    ingestSeconds: new Histogram({
      name: `${PREFIX}ingest_duration_seconds`,
      help: 'From the first byte of a batch to its answer.',
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    }),
    commitSeconds: new Histogram({
      name: `${PREFIX}commit_duration_seconds`,
      help: 'One transaction with all batches that arrived together, disk sync included.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2],
      registers,
    }),
    requests: counter('api_requests_total', 'Requests of people and their programs, by status class.', [
      'code',
    ]),
    enrolments: counter('enrolments_total', 'Requests for a sensor certificate, by result.', ['result']),
    /** Values that are read when Prometheus asks. */
    watch(gauges: Gauges) {
      const gauge = <L extends string>(
        name: string,
        help: string,
        labelNames: readonly L[],
        collect: (g: Gauge<L>) => unknown,
      ) =>
        new Gauge<L>({
          name: PREFIX + name,
          help,
          labelNames: [...labelNames],
          registers,
          async collect() {
            this.reset();
            await collect(this);
          },
        });
      gauge('queue_length', 'Batches waiting or being committed.', [], (g) => g.set(gauges.queueLength()));
      gauge('stream_clients', 'Consoles that follow the live tail.', [], (g) =>
        g.set(gauges.streamClients()),
      );
      gauge('ledger_entries', 'Entries of the ledger.', [], async (g) => g.set(await gauges.ledgerEntries()));
      gauge('groups_open', 'Groups that are new or in progress.', ['severity'], async (g) => {
        for (const [severity, n] of Object.entries(await gauges.groupsOpen())) g.set({ severity }, n);
      });
      gauge('sensors', 'Enrolled sensors by status.', ['status'], async (g) => {
        for (const status of ['live', 'silent', 'never', 'revoked']) g.set({ status }, 0);
        for (const { status } of await gauges.sensors()) g.inc({ status });
      });
      gauge(
        'sensor_last_seen_timestamp_seconds',
        'When each sensor was last heard.',
        ['body', 'sensor'],
        async (g) => {
          const heard = (await gauges.sensors()).filter((s) => s.lastSeen !== null).slice(0, SENSORS_SHOWN);
          for (const { body, name, lastSeen } of heard) g.set({ body, sensor: name }, lastSeen!);
        },
      );
    },
  };
}
