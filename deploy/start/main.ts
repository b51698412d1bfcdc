// `npm start`: an aggregator and a sensor on this machine, replaying the recorded captures (or watching an interface).
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildConsole } from './console.ts';
import { outcome } from './outcome.ts';
import { Programs } from './programs.ts';
import { openSite, ownNetwork, recordedCaptures, SAMPLE } from './site.ts';

const HELP = `npm start -- [options]

Runs an aggregator and a sensor of a sample body on this machine, replays recorded captures through both, and prints
the console's address with a one-time log-in link. Ctrl-C ends it.

  --once            end after the replay, with a table of what happened
  --speed N         pace of the replay, times as fast as recorded; 0 is as fast as possible [600; with --once 0]
  --interface IF    watch a live interface, under an authority for that interface's networks
  --capture FILE    replay this file instead of the recorded captures; may be given several times
  --state DIR       where everything is kept [state]
  --web PORT        port of the console on 127.0.0.1 [8600; with --once any free one]
`;

const ROOT = join(import.meta.dirname, '../..');

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      once: { type: 'boolean', default: false },
      speed: { type: 'string' },
      interface: { type: 'string' },
      capture: { type: 'string', multiple: true },
      state: { type: 'string', default: join(ROOT, 'state') },
      web: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const started = performance.now();
  const state = values.state;
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const programs = new Programs(ROOT, state);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  try {
    const console = buildConsole(ROOT);
    const port = values.web ?? (values.once ? '0' : '8600');
    const addresses = await programs.aggregator({
      web: `127.0.0.1:${port}`,
      ephemeral: values.once,
      console,
    });
    const site = values.interface === undefined ? SAMPLE : ownNetwork(values.interface);
    const sensorState = await openSite(programs, site, addresses.ingest);
    const link = await programs.run('aggregator', ['login-link', '--name', 'analyst']);
    say('');
    say(
      `  Console   ${link}   (this link logs in once; "npx yagura-aggregator login-link --state ${programs.aggregatorState}" makes another)`,
    );
    say(`  Metrics   ${addresses.metrics}/metrics and the sensor's below`);
    say('');
    const report = join(state, 'report.json');
    const speed = values.speed ?? (values.once ? '0' : '600');
    const sensor =
      values.interface === undefined
        ? programs.replay({
            state: sensorState,
            captures: values.capture ?? recordedCaptures(ROOT),
            speed,
            report,
            stay: !values.once,
          })
        : programs.watch(values.interface, sensorState);
    const status = await Promise.race([sensor, aborted(stop.signal), programs.aggregatorEnded()]);
    if (values.once) {
      if (status !== 0) return status;
      const seconds = (performance.now() - started) / 1000;
      process.stdout.write(
        await outcome(JSON.parse(readFileSync(report, 'utf8')), addresses.web, link, seconds),
      );
    }
    return status;
  } finally {
    await programs.stop();
  }
}

function say(text: string): void {
  process.stderr.write(text + '\n');
}

const aborted = (signal: AbortSignal): Promise<number> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(0), { once: true }));

try {
  process.exitCode = await main();
} catch (error) {
  // What failed has said why; a stack trace would not help.
  say(`npm start: ${(error as Error).message}`);
  process.exitCode = 1;
}
