// A capture over a wire of our own into the whole sensor, beside tcpdump on runs of its own.
// `node test/bench/live.ts CAPTURE [ROUNDS [PACKETS-A-SECOND]]`, as root; at top speed unless a pace is given.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { missing, Wire } from '../live/namespaces.ts';
import type { Watching } from '../live/watch.ts';
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
const reason = capture === undefined ? 'give it a capture' : missing('tcpreplay', 'tcpdump');
if (reason !== undefined) throw new Error(reason);

const wire = new Wire();

function send(): { sent: number; perSecond: number } {
  const started = performance.now();
  const sent = wire.replay(capture, { perSecond: Number(pace) });
  return { sent, perSecond: Math.round((sent / (performance.now() - started)) * 1000) };
}

async function ours(what: string, options: Partial<Watching>): Promise<Result> {
  const watcher = new Watcher(wire, { interface: 'tap', ...options });
  await watcher.says('warnings');
  const went = send();
  const { frames, statistics, cpu, memory, flows, alerts } = await watcher.stop();
  const also = `${Math.round(memory / 2 ** 20)} MiB, ${flows} flows, ${alerts} alerts, ${statistics.freezes} freezes`;
  return { what, ...went, seen: frames, dropped: statistics.dropped, cpu: cpu / frames, also };
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
    show(await ours('ring alone', { sensor: false }));
    show(await ours('sensor, all rules', { sensor: true }));
    show(await ours('sensor, events to /dev/null', { sensor: '/dev/null' }));
  }
} finally {
  wire.remove();
}
