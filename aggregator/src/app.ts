// Builds an aggregator from its parts, starts its three listeners and stops them without losing what was taken.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import pkg from '../package.json' with { type: 'json' };
import type { Outcome, Submission, Vocabulary } from './alerts/flight.ts';
import { openBySeverity } from './alerts/group.ts';
import { ingestApp } from './api/ingest/app.ts';
import { newIntake } from './api/ingest/intake.ts';
import { Warrants } from './api/ingest/warrants.ts';
import { observeApp } from './api/observe.ts';
import type { Parts } from './api/parts.ts';
import { Tail } from './api/tail.ts';
import { webApp } from './api/web/app.ts';
import { sensorStatus } from './authority/sensor.ts';
import type { Config, Listen } from './config.ts';
import { Problem } from './errors.ts';
import { newMetrics } from './metrics.ts';
import { ADDRESSES_FILE, type Addresses, openState } from './state.ts';
import { EmbeddedQueue } from './stores/queue/index.ts';
import { now, SECOND } from './time.ts';

/** How long peers that neither finish nor leave can hold up a stop. */
const PATIENCE_MS = 10_000;

export interface Aggregator {
  readonly addresses: Addresses;
  readonly parts: Parts;
  /** Answers what was taken, then closes everything. */
  stop(): Promise<void>;
}

/**
 * Starts an aggregator and resolves when it is ready to serve.
 * @param vocabulary the closed schema: evidence fields that may be kept
 * @throws Problem state_unusable, bind_refused
 */
export async function startAggregator(
  config: Config,
  vocabulary: Vocabulary,
  log: FastifyBaseLogger,
): Promise<Aggregator> {
  const https = config.webTls && {
    cert: readPem('web-cert', config.webTls.cert),
    key: readPem('web-key', config.webTls.key),
  };
  const state = await openState(config.state, config.ingestNames);
  const { records, series } = state;
  const metrics = newMetrics(pkg.version);
  const tail = new Tail();
  const queue = new EmbeddedQueue<Submission, Outcome>(
    newIntake(records, series, metrics, tail),
    (submission) => submission.arrivals.length + 1,
    { capacity: config.queueBatches, groupWeight: config.groupCommit },
  );
  const parts: Parts = {
    ...state,
    queue,
    warrants: new Warrants(records, vocabulary),
    vocabulary,
    metrics,
    tail,
    limits: {
      sensorBatches: config.sensorBatches,
      silentAfter: config.silentAfter * SECOND,
      sessionHours: config.sessionHours,
      webNames: config.webNames,
      webTls: config.webTls !== undefined,
    },
    about: { version: pkg.version, started: now() },
  };
  watch(parts);

  let serving = false;
  const ready = async () =>
    serving &&
    records.lastRow().then(
      () => true,
      () => false,
    );
  const observe = observeApp(metrics, ready, log);
  const ingest = ingestApp(parts, log);
  const pages = config.console ?? join(import.meta.dirname, '../console/dist');
  const web = await webApp(parts, { https, console: pages }, log);

  async function stop(): Promise<void> {
    serving = false;
    const hurry = setTimeout(() => {
      for (const { server } of [ingest, web, observe]) server.closeAllConnections();
    }, PATIENCE_MS);
    // Sensors first: what is on the way is answered, the rest waits on their disks.
    await ingest.close();
    await queue.drain();
    await web.close();
    await observe.close();
    clearTimeout(hurry);
    await records.close();
    rmSync(join(config.state, ADDRESSES_FILE), { force: true });
  }

  try {
    const addresses = {
      metrics: `http://${await listen(observe, config.metrics)}`,
      ingest: `https://${await listen(ingest, config.ingest)}`,
      web: `${https ? 'https' : 'http'}://${await listen(web, config.web)}`,
    };
    serving = true;
    announce(join(config.state, ADDRESSES_FILE), addresses);
    if (config.announce !== undefined) announce(config.announce, addresses);
    return { addresses, parts, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function readPem(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Problem('config_invalid', `--${flag} ${file}: ${(error as Error).message}`);
  }
}

async function listen(app: FastifyInstance, { host, port }: Listen): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw new Problem('bind_refused', `${host}:${port}: ${(error as Error).message}`);
  }
  const { port: bound } = app.server.address() as AddressInfo;
  return `${host.includes(':') ? `[${host}]` : host}:${bound}`;
}

/** Whole or not at all: whoever waits for the file never reads half of it. */
function announce(file: string, addresses: Addresses): void {
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(addresses) + '\n');
  renameSync(`${file}.${process.pid}`, file);
}

function watch({ metrics, records, queue, tail, limits }: Parts): void {
  metrics.watch({
    groupsOpen: async () => openBySeverity(await records.openGroups()),
    ledgerEntries: () => records.ledgerSize(),
    queueLength: () => queue.length,
    streamClients: () => tail.followers,
    async sensors() {
      const at = now();
      return (await records.sensors()).map((sensor) => ({
        name: sensor.name,
        body: sensor.body,
        status: sensor.revoked === null ? sensorStatus(sensor, at, limits.silentAfter) : 'revoked',
        lastSeen: sensor.last_seen === null ? null : sensor.last_seen / SECOND,
      }));
    },
  });
}
