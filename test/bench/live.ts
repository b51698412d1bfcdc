// A capture over a wire of our own into the whole sensor, beside tcpdump on runs of its own.
// `node test/bench/live.ts CAPTURE [ROUNDS [PACKETS-A-SECOND]]`, as root; at top speed unless a pace is given.
// `npm run build` first: the sensor is taken as it is installed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { missing, Wire } from '../live/namespaces.ts';
import { Watcher } from '../live/watcher.ts';

interface Result {
  readonly what: string;
  readonly sent: number;
  readonly perSecond: number;
  readonly seen: number;
  readonly dropped: number;
  /** µs a packet seen. */
  readonly cpu: number;
  readonly also: string;
}

const [capture, rounds = '1', pace = '0'] = process.argv.slice(2);
const reason = capture === undefined ? 'give it a capture' : missing('tcpreplay', 'tcpdump', 'curl');
if (reason !== undefined) throw new Error(reason);

const ROOT = join(import.meta.dirname, '../..');
const RULES = join(ROOT, 'rules');
/** As it is installed: `npm run build`. */
const SENSOR = join(ROOT, 'sensor/dist/main.js');
/** In the namespace of the wire, where nobody else is. */
const METRICS = '127.0.0.1:8603';

const wire = new Wire();
wire.in(wire.watcher, 'ip', 'link', 'set', 'dev', 'lo', 'up');

function send(): { sent: number; perSecond: number } {
  const started = performance.now();
  const sent = wire.replay(capture, { perSecond: Number(pace) });
  return { sent, perSecond: Math.round((sent / (performance.now() - started)) * 1000) };
}

/** The ring alone: frames are counted, and nothing else is done. */
async function ring(): Promise<Result> {
  const watcher = new Watcher(wire, { interface: 'tap' });
  await watcher.says('warnings');
  const went = send();
  const { frames, statistics, cpu, memory } = await watcher.stop();
  const also = `${Math.round(memory / 2 ** 20)} MiB, ${statistics.freezes} freezes`;
  return { what: 'ring alone', ...went, seen: frames, dropped: statistics.dropped, cpu: cpu / frames, also };
}

/** A number of the sensor's own, summed over its labels; every one of them is a count from its start. */
type Count = (name: string) => number;

function scrape(): Count {
  const text = wire.in(wire.watcher, 'curl', '-s', `http://${METRICS}/metrics`);
  return (name) =>
    [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].reduce(
      (sum, [, number]) => sum + Number(number),
      0,
    );
}

/** `run` as it is installed. The capture is sent twice: to a program whose code is yet to be compiled, and to one at work. */
async function sensor(what: string, ...options: readonly string[]): Promise<Result[]> {
  const command = [process.execPath, SENSOR, 'run', '--afpacket', 'tap', '--rules', RULES];
  const more = ['--metrics', METRICS, '--allow-root', ...options];
  const child = spawn('ip', ['netns', 'exec', wire.watcher, ...command, ...more], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  while (!/^watching /m.test(said)) {
    if (child.exitCode !== null) throw new Error(said);
    await sleep(50);
  }
  const results: Result[] = [];
  let before = scrape();
  for (const time of ['', ', again']) {
    const went = send();
    const after = await settled();
    const grown = (name: string): number => after(name) - before(name);
    const seen = grown('yagura_sensor_packets_total');
    const figures = [
      `${Math.round(after('process_resident_memory_bytes') / 2 ** 20)} MiB`,
      `${grown('yagura_sensor_alerts_total')} alerts`,
      `${grown('yagura_sensor_packets_shed_total')} shed`,
    ];
    results.push({
      what: what + time,
      ...went,
      seen,
      dropped: grown('yagura_sensor_packets_dropped_total'),
      cpu: (grown('process_cpu_seconds_total') * 1e6) / seen,
      also: figures.join(', '),
    });
    before = after;
  }
  const ended = once(child, 'close');
  child.kill('SIGTERM');
  await ended;
  return results;
}

/** When two looks in a row see the same number of packets. */
async function settled(): Promise<Count> {
  let before = -1;
  for (;;) {
    const now = scrape();
    const packets = now('yagura_sensor_packets_total');
    if (packets === before) return now;
    before = packets;
    await sleep(1500);
  }
}

/** µs that a process used so far; the kernel counts in hundredths of a second. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 1e4;
}

async function tcpdump(): Promise<Result> {
  const command = ['tcpdump', '-i', 'tap', '-n', '-B', '65536', '-w', '/dev/null'];
  const child = spawn('ip', ['netns', 'exec', wire.watcher, ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  while (!said.includes('listening on')) await sleep(50);
  const went = send();
  await sleep(1000);
  const used = cpuOf(child.pid!);
  const ended = once(child, 'close');
  child.kill('SIGINT');
  await ended;
  const count = (pattern: RegExp): number => Number(pattern.exec(said)?.[1]);
  const seen = count(/(\d+) packets? captured/);
  const dropped = count(/(\d+) packets? dropped by kernel/);
  return { what: 'tcpdump -w /dev/null', ...went, seen, dropped, cpu: used / seen, also: '' };
}

function show({ what, sent, perSecond, seen, dropped, cpu, also }: Result): void {
  const sum = seen + dropped === sent ? 'adds up' : `LACKS ${sent - seen - dropped}`;
  const line = [
    what.padEnd(28),
    `sent ${sent} at ${perSecond}/s`,
    `seen ${seen}`,
    `dropped ${dropped} (${sum})`,
  ];
  process.stdout.write(`${[...line, `${cpu.toFixed(2)} µs CPU/packet`, also].join('  ')}\n`);
}

try {
  for (let round = 0; round < Number(rounds); round++) {
    show(await tcpdump());
    show(await ring());
    for (const result of await sensor('sensor, all rules')) show(result);
    for (const result of await sensor('sensor, two workers', '--workers', '2')) show(result);
    for (const result of await sensor('sensor, events too', '--events', '/dev/null')) show(result);
  }
} finally {
  wire.remove();
}
