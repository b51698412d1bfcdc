// "run": the aggregator itself, until it is told to stop.
import { once } from 'node:events';
import { configure, type Given, SETTINGS } from '../config.ts';
import { type Command, parse } from './command.ts';

/** Flags, one for each setting. */
const options = Object.fromEntries(
  Object.entries(SETTINGS).map(([name, { kind }]) => [
    name,
    { type: 'string' as const, multiple: kind === 'list' },
  ]),
);

export const run: Command = {
  name: 'run',
  usage: '[--state DIR] [--web HOST:PORT] [--ingest HOST:PORT] [--metrics HOST:PORT] [--announce FILE] …',
  about: 'Takes the batches of sensors, groups and keeps their alerts, serves console, API and metrics.',
  async run(args, { out, log, stop }) {
    const { values } = parse(args, options);
    const config = configure(values as Given);
    // Loaded here: the short commands start in half the time without the server's parts.
    const [{ startAggregator }, { newLog }, { vocabulary }] = await Promise.all([
      import('../app.ts'),
      import('../api/listener.ts'),
      import('../vocabulary.ts'),
    ]);
    const aggregator = await startAggregator(config, vocabulary, newLog(config.logLevel, log));
    const { web, ingest, metrics } = aggregator.addresses;
    out(`console and API  ${web}`);
    out(`ingest           ${ingest}`);
    out(`metrics          ${metrics}/metrics`);
    if (!stop.aborted) await once(stop, 'abort');
    await aggregator.stop();
    return 0;
  },
};
