// `run` as a process: traffic through a pipe and a mirror, rules that change meanwhile, an end at which nothing is lost.
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import {
  createWriteStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { captureHeader, questions } from '../support/dns-capture.ts';
import { v5, v5Record } from '../support/packets/exports.ts';
import { octets } from '../support/packets/octets.ts';
import { endAll, type Program, start, startIn } from '../support/program.ts';
import { listenAsSystemd } from '../support/systemd.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yagura-run-'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
});
afterEach(async () => {
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => join(folder, name);

interface Line {
  readonly event_type: string;
  readonly alert?: { readonly signature: string };
  readonly blind?: { readonly from: string; readonly until: string; readonly reason: string };
  readonly dns?: { readonly queries?: readonly { readonly rrname: string }[] };
  readonly stats?: {
    readonly decoder: { readonly pkts: number };
    readonly capture: { readonly kernel_packets: number };
  };
}
/** Whole lines: the last may be under way. */
const lines = (file = 'eve.json'): Line[] =>
  existsSync(at(file))
    ? readFileSync(at(file), 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line))
    : [];
const kinds = (type: string, file?: string): Line[] => lines(file).filter((line) => line.event_type === type);
const alerts = (file?: string): (string | undefined)[] =>
  kinds('alert', file).map(({ alert }) => alert?.signature);
const within = { timeout: 15_000, interval: 50 };

function rule(title: string, name: string): void {
  const text = [
    `title: ${title}`,
    `id: ${'5f0f2f6e-5b0c-4a57-9d5f-0c6f3b6f3a4'}${title.length % 10}`,
    'status: test',
    'description: A name that is asked for.',
    'author: Yagura',
    'date: 2026-04-01',
    'logsource: {product: yagura, service: dns}',
    'detection:',
    `    selection: {dns.queries.rrname: ${name}}`,
    '    condition: selection',
    'level: high',
    'yagura: {reason: {en: It was asked for., ja: 問い合わせがありました。}}',
  ];
  writeFileSync(at('rules.yml'), text.join('\n'));
}

const SETTINGS = ['rules: RULES', 'events: EVE', 'stats_seconds: 1', 'allow_root: true', 'drain_seconds: 2'];
function settings(...sources: string[]): string {
  const text = ['sources:', ...sources.map((source) => `  - ${source}`), ...SETTINGS].join('\n');
  writeFileSync(at('s.yaml'), text.replace('RULES', at('rules.yml')).replace('EVE', at('eve.json')));
  return at('s.yaml');
}
const PIPE = (): string => `{capture: ${at('pipe')}, silent_seconds: 1}`;

async function running(...sources: string[]): Promise<Program> {
  const program = start('sensor', 'run', '--config', settings(...sources));
  await program.says(/^watching /m);
  return program;
}

test('SIGHUP puts changed rules in force without losing a flow; wrong ones change nothing; SIGTERM writes everything', {
  timeout: 60_000,
}, async () => {
  rule('First', 'first.example');
  const program = await running(PIPE());
  const pipe = createWriteStream(at('pipe'));
  pipe.write(Buffer.concat([captureHeader(), questions(['first.example', 'second.example'], 0)]));
  await expect.poll(() => alerts(), within).toEqual(['First']);

  rule('Second rule', 'second.example');
  process.kill(program.pid, 'SIGHUP');
  await program.says(/reloaded in \d+ ms: 1 rules/);
  pipe.write(questions(['first.example', 'second.example'], 2));
  await expect.poll(() => alerts(), within).toEqual(['First', 'Second rule']);

  writeFileSync(at('rules.yml'), 'title: [');
  process.kill(program.pid, 'SIGHUP');
  await program.says(/rule_invalid: \S*rules\.yml:1:.*\n(.*\n)*not reloaded/);
  // Rule and pair of hosts were told within the last minute of packet time: another host asks.
  pipe.write(questions(['second.example'], 40));
  await expect.poll(() => alerts(), within).toEqual(['First', 'Second rule', 'Second rule']);

  // Settings that do not read leave everything as it is, too; and what only a start changes is said.
  writeFileSync(at('s.yaml'), 'sauces: []');
  process.kill(program.pid, 'SIGHUP');
  await program.says(/s\.yaml:1:1: there is no setting "sauces" \(did you mean "sources"\?\)/);

  const began = performance.now();
  await program.stop();
  expect(await program.ended).toBe(0);
  expect(performance.now() - began).toBeLessThan(8000);
  pipe.destroy();
  // Each question is a flow of its own, and all of them ended with the program.
  expect(kinds('flow')).toHaveLength(5);
  expect(kinds('dns')).toHaveLength(5);
  expect(kinds('stats').at(-1)?.stats).toMatchObject({
    decoder: { pkts: 5 },
    capture: { kernel_packets: 5 },
  });
  expect(program.said()).toContain('5 packets');
});

test('a file of events that was moved away is opened again on SIGHUP, and a new start adds to what is there', {
  timeout: 60_000,
}, async () => {
  rule('First', 'first.example');
  const program = await running(PIPE());
  const pipe = createWriteStream(at('pipe'));
  pipe.write(Buffer.concat([captureHeader(), questions(['a.example'], 0)]));
  await expect.poll(() => kinds('dns'), within).toHaveLength(1);
  renameSync(at('eve.json'), at('old.json'));
  process.kill(program.pid, 'SIGHUP');
  await expect.poll(() => existsSync(at('eve.json')), within).toBe(true);
  pipe.write(questions(['b.example'], 1));
  await expect.poll(() => kinds('dns'), within).toHaveLength(1);
  expect(kinds('dns', 'old.json')).toHaveLength(1);
  await program.stop();
  pipe.destroy();
  const before = lines().length;
  const again = await running(PIPE());
  await again.stop();
  expect(lines().length).toBeGreaterThan(before);
});

test('a silent tap is blind from its last packet to its next', { timeout: 60_000 }, async () => {
  rule('First', 'first.example');
  const program = await running(PIPE());
  const pipe = createWriteStream(at('pipe'));
  const written = Date.now();
  pipe.write(Buffer.concat([captureHeader(), questions(['a.example'], 0)]));
  await expect.poll(() => kinds('dns'), within).toHaveLength(1);
  const seen = Date.now();
  const since = (): { from: number; until: number; reason: string }[] =>
    kinds('blind')
      .map(({ blind }) => ({ ...blind!, from: Date.parse(blind!.from), until: Date.parse(blind!.until) }))
      .filter(({ from }) => from >= written - 5);
  await expect.poll(since, within).not.toEqual([]);
  await sleep(500);
  const again = Date.now();
  pipe.write(questions(['b.example'], 1));
  await expect.poll(() => kinds('dns'), within).toHaveLength(2);
  await program.stop();
  pipe.destroy();
  const spans = since().filter(({ from }) => from <= again);
  expect(spans.length).toBeGreaterThanOrEqual(2);
  for (const [i, { from, reason }] of spans.entries()) {
    expect(reason).toBe('silent');
    if (i > 0) expect(from).toBe(spans[i - 1].until);
  }
  expect(spans[0].from).toBeLessThanOrEqual(seen);
  expect(spans.at(-1)!.until).toBeGreaterThanOrEqual(again);
  expect(spans.at(-1)!.until - spans[0].from).toBeGreaterThanOrEqual(1500);
});

test('a recorder that goes and comes back is blindness between', { timeout: 60_000 }, async () => {
  rule('First', 'first.example');
  const program = await running(PIPE());
  writeFileSync(at('pipe'), Buffer.concat([captureHeader(), questions(['a.example'], 0)]));
  await program.says(/blind since .*: capture-1: its recorder has gone/);
  writeFileSync(at('pipe'), Buffer.concat([captureHeader(), questions(['b.example'], 1)]));
  await program.says(/sees again since .*: capture-1: its recorder has gone/);
  await program.stop();
  expect(kinds('dns')).toHaveLength(2);
});

test('a pipe and a mirror at once; the mirror decodes what is inside', { timeout: 60_000 }, async () => {
  rule('First', 'mirrored.example');
  const program = await running(PIPE(), '{mirror: "127.0.0.1:0", name: cloud}');
  const [, port] = await program.says(/cloud: listening at 127\.0\.0\.1:(\d+)/);
  const frame = questions(['mirrored.example'], 7).subarray(16);
  const socket = createSocket('udp4');
  socket.send(octets([8, 0, 0, 0, 0, 0, 1, 0], frame), Number(port), '127.0.0.1');
  await expect.poll(() => alerts(), within).toEqual(['First']);
  writeFileSync(at('pipe'), Buffer.concat([captureHeader(), questions(['a.example'], 0)]));
  await expect.poll(() => kinds('dns'), within).toHaveLength(2);
  socket.close();
  await once(socket, 'close');
  await program.stop();
  expect(await program.ended).toBe(0);
});

test('exporters: their flows meet rules and detectors as any flow, and one that falls silent is told', {
  timeout: 60_000,
}, async () => {
  rule('First', 'first.example');
  const program = await running('{netflow: "127.0.0.1:0", name: routers, silent_seconds: 1}');
  const [, port] = await program.says(/routers: listening at 127\.0\.0\.1:(\d+)/);
  const socket = createSocket('udp4');
  const send = () => socket.send(v5([v5Record(1), v5Record(2)]), Number(port), '127.0.0.1');
  send();
  await expect.poll(() => kinds('flow'), within).toHaveLength(2);
  await program.says(/blind since .*: routers: nothing of exporter 127\.0\.0\.1 for more than 1 s/);
  send();
  await program.says(/sees again since .*: routers: nothing of exporter 127\.0\.0\.1/);
  socket.close();
  await once(socket, 'close');
  await program.stop();
  expect(await program.ended).toBe(0);
  expect(kinds('flow')).toHaveLength(4);
  expect(kinds('stats').at(-1)?.stats).toMatchObject({
    sources: { routers: { received: 2, records: 4, dropped: 0, refused: 0 } },
  });
});

test('systemd hears that it is ready, alive, reloading and stopping', { timeout: 60_000 }, async () => {
  rule('First', 'first.example');
  const name = at('notify');
  const systemd = listenAsSystemd(name);
  const told: string[] = [];
  const hears = (word: string) =>
    expect
      .poll(() => {
        for (let said = systemd.hear(); said !== undefined; said = systemd.hear()) told.push(said);
        return told.flatMap((said) => said.split('\n'));
      }, within)
      .toContain(word);
  const env = { NOTIFY_SOCKET: name, WATCHDOG_USEC: '400000' };
  const program = startIn(env, 'sensor', 'run', '--config', settings(PIPE()));
  await hears('READY=1');
  await hears('WATCHDOG=1');
  told.length = 0;
  process.kill(program.pid, 'SIGHUP');
  await hears('RELOADING=1');
  await hears('READY=1');
  process.kill(program.pid, 'SIGTERM');
  await hears('STOPPING=1');
  expect(await program.ended).toBe(0);
  expect(told.join('\n')).toMatch(/STATUS=\d+ packets, 0 dropped/);
  systemd.close();
});

test('files alone are read one after the other, and the run ends with the last', {
  timeout: 60_000,
}, async () => {
  rule('First', 'first.example');
  writeFileSync(at('x.pcap'), Buffer.concat([captureHeader(), questions(['first.example'], 0)]));
  writeFileSync(at('y.pcap'), Buffer.concat([captureHeader(), questions(['b.example'], 500)]));
  const program = start(
    'sensor',
    'run',
    '--config',
    settings(`capture: ${at('x.pcap')}`, `capture: ${at('y.pcap')}`),
  );
  expect(await program.ended).toBe(0);
  expect(alerts()).toEqual(['First']);
  expect(kinds('dns').map(({ dns }) => dns?.queries?.[0].rrname)).toEqual(['first.example', 'b.example']);
});

describe('before it runs', () => {
  const ends = async (...args: string[]): Promise<{ status: number | null; said: string }> => {
    const program = start('sensor', 'run', ...args);
    return { status: await program.ended, said: program.said() };
  };

  test('--check-config says ok, or everything that is wrong by line', { timeout: 60_000 }, async () => {
    rule('First', 'first.example');
    expect(await ends('--config', settings(PIPE()), '--check-config')).toEqual({ status: 0, said: 'ok\n' });
    writeFileSync(at('rules.yml'), 'title: x\nnonsense: y');
    const rules = await ends('--config', at('s.yaml'), '--check-config');
    expect(rules).toMatchObject({
      status: 2,
      said: expect.stringMatching(/rule_invalid: \S*rules\.yml:\d+:\d+/),
    });
    writeFileSync(at('s.yaml'), 'profil: strict\nsources:\n  - capture: x\n    silent: 1\n');
    const { status, said } = await ends('--config', at('s.yaml'), '--check-config');
    expect(status).toBe(2);
    expect(said).toContain('s.yaml:1:1: there is no setting "profil" (did you mean "profile"?)');
    expect(said).toContain('s.yaml:4:5: "capture" has no setting "silent"');
    writeFileSync(at('s.yaml'), 'memory: 160MiB\nsources:\n  - afpacket: eth0\n');
    expect(await ends('--config', at('s.yaml'), '--check-config')).toEqual({
      status: 2,
      said: expect.stringContaining("no less than 224MiB will do, of which the kernel's rings take 64"),
    });
  });

  test('without a source, without its file, and with an address that is taken, it says so and ends', {
    timeout: 60_000,
  }, async () => {
    expect(await ends()).toMatchObject({ status: 2, said: expect.stringContaining('no source to watch') });
    expect(await ends('--config', at('none.yaml'))).toMatchObject({
      status: 1,
      said: expect.stringContaining('file_unreadable'),
    });
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    const taken = await ends('--allow-root', '--mirror', `127.0.0.1:${port}`);
    expect(taken).toMatchObject({
      status: 1,
      said: expect.stringContaining(`source_unavailable: 127.0.0.1:${port}`),
    });
    socket.close();
  });

  test.skipIf(process.getuid?.() !== 0)(
    'root is refused unless it is allowed (needs root)',
    { timeout: 60_000 },
    async () => {
      const { status, said } = await ends('--capture', at('pipe'));
      expect(status).toBe(1);
      expect(said).toContain('running_as_root');
    },
  );
});
