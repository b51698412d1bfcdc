// The benchmark's traffic is what it says: sound, varied, and the same in every run.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { internetChecksum } from '../support/packets/octets.ts';
import { senseFile } from '../support/sense.ts';
import { generate } from './generate.ts';

let folder: string;
let path: string;
let packets: number;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'yagura-generate-'));
  path = join(folder, 'a.pcap');
  packets = generate(path, 8_000);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the same in every run', () => {
  const again = join(folder, 'b.pcap');
  expect(generate(again, 8_000)).toBe(packets);
  const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
  expect(digest(again)).toBe(digest(path));
});

test('every flow is one of its own, and the sensor reads all of it', async () => {
  const { of, sensor } = await senseFile(path);
  expect(sensor.counters.packets).toBe(packets);
  expect(of('anomaly')).toEqual([]);
  expect(sensor.streams).toMatchObject({ gaps: 0, outOfOrder: 0, givenUp: 0 });
  const flows = of('flow').length;
  expect(of('dns').length).toBeGreaterThan(flows * 0.8);
  expect(of('tls').length).toBeGreaterThan(flows * 0.25);
  expect(of('http').length).toBeGreaterThan(flows * 0.1);
  const names = of('tls').map((e) => e['tls'].sni);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(of('flow').map((e) => e['community_id'])).size).toBe(flows);
  expect(of('flow').some((e) => e['vlan']?.[0] === 100)).toBe(true);
  expect(of('flow').some((e) => e['src_ip'].includes(':'))).toBe(true);
});

test('checksums are right after every flow got its own address, port and name', () => {
  const file = readFileSync(path);
  let checked = 0;
  for (let at = 24; at < file.length; ) {
    const length = file.readUInt32LE(at + 8);
    const frame = file.subarray(at + 16, at + 16 + length);
    at += 16 + length;
    if (frame.readUInt16BE(12) !== 0x0800) continue;
    const total = frame.readUInt16BE(16);
    const protocol = frame[23];
    expect(internetChecksum(frame.subarray(14, 34))).toBe(0);
    if (protocol === 1) continue;
    const transport = frame.subarray(34, 14 + total);
    // Sums to nothing over the pseudo-header (RFC 9293 §3.1).
    expect(
      internetChecksum(
        frame.subarray(26, 34),
        [0, protocol, (total - 20) >> 8, (total - 20) & 255],
        transport,
      ),
    ).toBe(0);
    if (++checked === 2_000) break;
  }
  expect(checked).toBe(2_000);
});
