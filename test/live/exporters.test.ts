// Real exporters on loopback: what softflowd and nfdump's tools make of a capture is what stands in the capture.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ExportedFlowView } from '../../sensor/src/flow/exported.ts';
import { type Collector, openCollector } from '../../sensor/src/sources/exports/collector.ts';
import { senseFile } from '../support/sense.ts';

const CAPTURE = new URL('../captures/nmap-connect.pcap.zst', import.meta.url).pathname;
/** ms: the tools read a small file and end. */
const PATIENCE = { timeout: 10_000 };
const has = (program: string): boolean => spawnSync('which', [program]).status === 0;
const run = promisify(execFile);

let folder: string;
let capture: string;
/** Packets of IP in the capture. */
let packets = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yagura-exporters-'));
  capture = join(folder, 'x.pcap');
  writeFileSync(capture, zstdDecompressSync(readFileSync(CAPTURE)));
  const { sensor } = await senseFile(capture);
  packets = sensor.counters.versions[4] + sensor.counters.versions[6];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a collector hears while something exports to its port. */
async function heard(
  work: (port: number) => Promise<unknown>,
): Promise<Collector['counters'] & { told: number }> {
  const view = new ExportedFlowView();
  let told = 0;
  const collector = await openCollector({
    address: '127.0.0.1',
    port: 0,
    receiveBytes: 1 << 20,
    on: {
      flow(record) {
        const flow = view.of(record);
        told += flow.pkts_toserver + flow.pkts_toclient;
      },
      frame: () => true,
    },
  });
  await work(collector.port);
  for (let n = 0; n < 100 && told < packets; n++) await sleep(20);
  collector.close();
  expect(collector.dropped()).toBe(0);
  return { ...collector.counters, told };
}

const sound = { refused: 0, gaps: 0, templatesMissing: 0, restarts: 0 };

describe.skipIf(!has('softflowd'))('softflowd (not installed: skipped)', () => {
  test.each(['5', '9', '10'])('version %s', async (version) => {
    const args = (port: number) => ['-r', capture, '-v', version, '-n', `127.0.0.1:${port}`, '-N'];
    const told = await heard((port) => run('softflowd', args(port), PATIENCE));
    // softflowd 1.1 numbers a message of IPFIX by the records up to its own end, RFC 7011 §3.1 up to its beginning.
    const { gaps, ...others } = sound;
    expect(told).toMatchObject({ ...others, ...(version === '10' ? {} : { gaps }), told: packets });
  });
});

describe.skipIf(!has('nfpcapd') || !has('nfreplay'))("nfdump's tools (not installed: skipped)", () => {
  test.each(['5', '9'])('a file of flows, sent again as version %s', async (version) => {
    const own = mkdtempSync(join(folder, 'nfdump-'));
    await run('nfpcapd', ['-r', capture, '-l', own], PATIENCE);
    const file = readdirSync(own).find((name) => name.startsWith('nfcapd.')) ?? '';
    const told = await heard((port) =>
      run(
        'nfreplay',
        ['-r', join(own, file), '-H', '127.0.0.1', '-p', String(port), '-v', version],
        PATIENCE,
      ),
    );
    expect(told).toMatchObject({ ...sound, told: packets });
  });
});
