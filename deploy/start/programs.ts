// The two programs as child processes: started, asked, and stopped together.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Where the aggregator's listeners are, as URLs. */
export interface Addresses {
  readonly web: string;
  readonly ingest: string;
  readonly metrics: string;
}

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;
const SENSOR_METRICS = '127.0.0.1:8603';

export class Programs {
  readonly aggregatorState: string;
  readonly #state: string;
  readonly #root: string;
  readonly #running: ChildProcess[] = [];
  #ephemeral = false;
  #aggregator: ChildProcess | undefined;

  constructor(root: string, state: string) {
    this.#root = root;
    this.aggregatorState = join(state, 'aggregator');
    this.#state = state;
  }

  /** Identity and spool of one sensor. */
  sensorState(sensor: string): string {
    return join(this.#state, 'sensors', sensor);
  }

  #entry(program: 'aggregator' | 'sensor'): string {
    return join(this.#root, program, 'src/main.ts');
  }

  #spawn(program: 'aggregator' | 'sensor', args: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, [this.#entry(program), ...args], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    this.#running.push(child);
    return child;
  }

  /** Runs a short command of a program. @returns its standard output. @throws Error with what the program said */
  async run(program: 'aggregator' | 'sensor', args: readonly string[]): Promise<string> {
    const state = program === 'aggregator' ? ['--state', this.aggregatorState] : [];
    const { stdout } = await promisify(execFile)(process.execPath, [this.#entry(program), ...args, ...state]);
    return stdout.trim();
  }

  /** Starts the aggregator and waits until it listens. */
  async aggregator(options: { web: string; ephemeral: boolean; console: string }): Promise<Addresses> {
    this.#ephemeral = options.ephemeral;
    const announce = join(this.aggregatorState, 'announce.json');
    rmSync(announce, { force: true });
    const free = options.ephemeral ? ['--ingest', '127.0.0.1:0', '--metrics', '127.0.0.1:0'] : [];
    const args = [
      'run',
      '--state',
      this.aggregatorState,
      '--web',
      options.web,
      '--console',
      options.console,
      '--announce',
      announce,
      ...free,
    ];
    this.#aggregator = this.#spawn('aggregator', args);
    for (let waited = 0; waited < START_TIMEOUT_MS; waited += 50) {
      if (existsSync(announce)) return JSON.parse(readFileSync(announce, 'utf8'));
      if (this.#aggregator.exitCode !== null) break;
      await sleep(50);
    }
    throw new Error('the aggregator did not start: see its message above');
  }

  aggregatorEnded(): Promise<number> {
    return ended(this.#aggregator as ChildProcess);
  }

  #sensorArguments(state: string): string[] {
    const metrics = this.#ephemeral ? '127.0.0.1:0' : SENSOR_METRICS;
    return ['--rules', join(this.#root, 'rules'), '--uplink', state, '--metrics', metrics];
  }

  /** Replays captures so that the last packet happens now. @returns the sensor's exit status */
  replay(options: {
    state: string;
    captures: readonly string[];
    speed: string;
    report: string;
    stay: boolean;
  }): Promise<number> {
    const end = new Date().toISOString();
    return ended(
      this.#spawn('sensor', [
        'read',
        ...options.captures,
        ...this.#sensorArguments(options.state),
        '--end-at',
        end,
        '--speed',
        options.speed,
        '--report',
        options.report,
        ...(options.stay ? ['--stay'] : []),
      ]),
    );
  }

  /** Watches an interface, which this user must be allowed to capture from; whoever starts this as root wants it so. */
  watch(name: string, state: string): Promise<number> {
    return ended(
      this.#spawn('sensor', ['run', '--afpacket', name, '--allow-root', ...this.#sensorArguments(state)]),
    );
  }

  /** Asks every program to end, the last started first, and makes sure of it. */
  async stop(): Promise<void> {
    for (const child of this.#running.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended(child);
      clearTimeout(late);
    }
  }
}

const ended = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode);
    else {
      child.once('exit', (code) => resolve(code ?? 1));
      child.once('error', () => resolve(1));
    }
  });
