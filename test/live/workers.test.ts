// `run --workers` on a wire of our own: threads share the interface and see all of it, one detects, and one that dies is
// told, replaced, and missed no longer than that.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { missing, Wire } from './namespaces.ts';

const ROOT = join(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'sensor/src/main.ts');
const reason = missing('tcpreplay');
const within = { timeout: 20_000, interval: 50 };

interface Line {
  readonly event_type: string;
  readonly alert?: { readonly signature: string };
  readonly blind?: { readonly from: string; readonly until: string; readonly reason: string };
  readonly flow?: { readonly pkts_toserver: number; readonly pkts_toclient: number };
  readonly stats?: {
    readonly decoder: { readonly pkts: number };
    readonly capture: { readonly kernel_packets: number; readonly kernel_drops: number };
  };
}

describe.skipIf(reason !== undefined)(`several workers${reason === undefined ? '' : ` (${reason})`}`, () => {
  let wire: Wire;
  let folder: string;
  let child: ChildProcess;
  let said = '';

  beforeEach(() => {
    wire = new Wire();
    folder = mkdtempSync(join(tmpdir(), 'yagura-workers-'));
  });
  afterEach(async () => {
    if (child.exitCode === null) {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    wire.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (name: string): string => join(folder, name);

  async function running(workers: number, ...before: string[]): Promise<void> {
    const options = ['--afpacket', 'tap', '--rules', join(ROOT, 'rules'), '--events', at('eve.json')];
    const args = [...before, MAIN, 'run', ...options, '--workers', String(workers), '--allow-root'];
    said = '';
    child = spawn('ip', ['netns', 'exec', wire.watcher, process.execPath, ...args], { stdio: 'pipe' });
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    await expect.poll(() => said, within).toMatch(/^watching /m);
  }

  async function stop(): Promise<number | null> {
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    return (await closed)[0] as number | null;
  }

  const lines = (type: string): Line[] =>
    readFileSync(at('eve.json'), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line)
      .filter(({ event_type }) => event_type === type);
  const alerts = (): string[] =>
    existsSync(at('eve.json')) ? lines('alert').map((line) => line.alert!.signature) : [];

  const unpacked = (name: string): string => {
    const path = at(`${name}.pcap`);
    writeFileSync(path, zstdDecompressSync(readFileSync(join(ROOT, `test/captures/${name}.pcap.zst`))));
    return path;
  };

  test('two of them see every packet once, whole conversations, and one thread tells the scan', {
    timeout: 60_000,
  }, async () => {
    await running(2);
    const sent = wire.replay(unpacked('nmap-syn'), { perSecond: 500 });
    await expect.poll(alerts, within).toEqual(['Port scan: many ports of one host']);
    expect(await stop()).toBe(0);
    const { decoder, capture } = lines('stats').at(-1)!.stats!;
    expect(decoder.pkts).toBe(sent);
    expect(capture).toMatchObject({ kernel_packets: sent, kernel_drops: 0 });
    // Both ways of each conversation came to one worker: as many flows as one thread would find.
    const counts = lines('flow').map(({ flow }) => [flow!.pkts_toserver, flow!.pkts_toclient]);
    expect(counts.filter(([, answers]) => answers > 0).length).toBeGreaterThan(300);
    expect(said).toContain(`${sent.toLocaleString('en-US')} packets`);
    expect(said).not.toContain('blind');
  });

  test('one that dies in mid-run is told as blindness, replaced, and its successor sees', {
    timeout: 60_000,
  }, async () => {
    // Runs before everything else in each thread: the first worker breaks once, when a file says so.
    const broken = at('broken');
    const breaks = `import { isMainThread, workerData } from 'node:worker_threads';
      import { existsSync, rmSync } from 'node:fs';
      if (!isMainThread && workerData?.number === 0) setInterval(() => {
        if (!existsSync(${JSON.stringify(broken)})) return;
        rmSync(${JSON.stringify(broken)});
        throw new Error('broken on purpose');
      }, 20).unref();`;
    await running(2, '--import', `data:text/javascript,${encodeURIComponent(breaks)}`);
    wire.replay(unpacked('nmap-syn'), { perSecond: 500 });
    await expect.poll(alerts, within).toEqual(['Port scan: many ports of one host']);
    const before = Date.now();
    writeFileSync(broken, '');
    await expect.poll(() => said, within).toMatch(/sees again since .*: worker 1 of 2: .*broken on purpose/);
    const after = Date.now();
    wire.replay(unpacked('dns-tunnel'), { perSecond: 5000 });
    await expect.poll(alerts, within).toContain('DNS tunnel: many long names below one domain');
    expect(await stop()).toBe(0);
    const spans = lines('blind').map(({ blind }) => blind!);
    expect(spans.length).toBeGreaterThan(0);
    for (const { reason: why } of spans) expect(why).toBe('restart');
    expect(Date.parse(spans[0].from)).toBeGreaterThan(before - 500);
    expect(Date.parse(spans.at(-1)!.until)).toBeLessThanOrEqual(after);
    expect(Date.parse(spans.at(-1)!.until)).toBeGreaterThan(Date.parse(spans[0].from));
  });

  test('one that dies again and again ends the run, with a code', { timeout: 60_000 }, async () => {
    const breaks = `import { isMainThread, workerData } from 'node:worker_threads';
      if (!isMainThread && workerData?.number === 1) setTimeout(() => { throw new Error('broken for good'); }, 1500);`;
    await running(2, '--import', `data:text/javascript,${encodeURIComponent(breaks)}`);
    const [status] = (await once(child, 'close')) as [number | null];
    expect(status).toBe(1);
    expect(said).toMatch(/worker_lost: .*broken for good/);
    expect(said.match(/^blind since .*: worker 2 of 2/gm)?.length).toBe(5);
    expect(said).not.toContain('    at ');
  });
});
