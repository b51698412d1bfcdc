// EVE files: each line is JSON of its own, in Suricata's shape, with nothing in it that the profile withholds.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inOrder } from '../../../test/support/packets/capture.ts';
import { Conversation, datagrams } from '../../../test/support/packets/conversation.ts';
import { answer, dns, query, TYPE } from '../../../test/support/packets/dns.ts';
import { head } from '../../../test/support/packets/http.ts';
import { octets } from '../../../test/support/packets/octets.ts';
import { batchOf, type Eve } from '../../../test/support/sense.ts';
import { protocols, recordFields } from '../protocols/index.ts';
import { Sensor } from '../sensor.ts';
import type { Alert } from '../wire/alert.ts';
import { leaves, PRIVACY_CLASSES, PROFILES, type Profile } from '../wire/field.ts';
import { eve as format } from './eve.ts';
import { Gate } from './gate.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'yagura-eve-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const web = new Conversation()
  .handshake()
  .send('client', head('GET /content-url HTTP/1.1', 'Host: name-host', 'Referer: content-referer'))
  .send('server', head('HTTP/1.1 302 x', 'Location: content-redirect', 'Server: s', 'Content-Length: 0'))
  .close();
const text = dns({
  flags: 0x8180,
  questions: [{ name: 'name-query', type: TYPE.TXT }],
  answers: [{ name: 'name-query', type: TYPE.TXT, data: octets([11], 'content-txt') }],
});
const FRAMES = inOrder(
  web.frames,
  datagrams({ clientPort: 1 }, [
    ['client', query('name-query')],
    ['server', answer('name-query', ['192.0.2.1'])],
  ]),
  datagrams({ clientPort: 2 }, [['server', text]]),
);

async function write(profile: Profile, frames = FRAMES): Promise<{ text: string; lines: Eve[] }> {
  const path = join(folder, `${profile}.json`);
  const eve = format.open(path, new Gate({ profile }));
  const sensor = new Sensor({
    protocols,
    detect: () => ({}),
    outputs: [eve],
    profile,
    shares: { flows: 4096, parsers: 4096, bufferBytes: 1 << 24 },
  });
  sensor.frames(batchOf(frames));
  sensor.finish();
  eve.stats(sensor.now, { decoder: { pkts: sensor.counters.packets } });
  await eve.close();
  const written = readFileSync(path, 'utf8');
  expect(written.endsWith('\n')).toBe(true);
  return {
    text: written,
    lines: written
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  };
}

test('one record a line, with time, type and flow in front', async () => {
  const { lines } = await write('strict');
  expect(lines.map((e) => e['event_type']).sort()).toEqual([
    'dns',
    'dns',
    'dns',
    'flow',
    'flow',
    'flow',
    'http',
    'stats',
  ]);
  for (const line of lines) expect(line['timestamp']).toMatch(/^2026-01-05T12:00:0\d\.\d{6}Z$/);
  for (const line of lines.filter((e) => e['event_type'] !== 'stats')) {
    expect(Object.keys(line).slice(0, 3)).toEqual(['timestamp', 'event_type', 'flow_id']);
    expect(line).toMatchObject({
      src_ip: expect.any(String),
      proto: expect.any(String),
      community_id: expect.stringMatching(/^1:/),
    });
  }
  expect(lines.at(-1)!['stats']).toEqual({ decoder: { pkts: FRAMES.length } });
});

describe('privacy', () => {
  test('every field of every record has one of the classes', () => {
    for (const [type, fields] of Object.entries(recordFields))
      for (const field of fields) expect(PRIVACY_CLASSES, `${type} ${field.name}`).toContain(field.class);
  });

  test.each(Object.keys(PROFILES) as Profile[])('under %s only its classes are written', async (profile) => {
    const { text: written, lines } = await write(profile);
    for (const word of ['content-url', 'content-referer', 'content-redirect', 'content-txt'])
      expect(written.includes(word), word).toBe(leaves(profile, 'content'));
    for (const word of ['name-host', 'name-query']) expect(written).toContain(word);
    const paths = new Set(lines.flatMap((line) => leafPaths(line)));
    for (const fields of Object.values(recordFields))
      for (const field of fields)
        if (!leaves(profile, field.class)) expect(paths).not.toContain(field.name.replaceAll('[]', ''));
  });
});

const leafPaths = (value: unknown, path = ''): string[] =>
  Array.isArray(value)
    ? value.flatMap((item) => leafPaths(item, path))
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inside]) =>
          leafPaths(inside, path === '' ? key : `${path}.${key}`),
        )
      : [path];

test('an alert carries its evidence as the record would', async () => {
  const path = join(folder, 'alert.json');
  const eve = format.open(path, new Gate({ profile: 'strict' }));
  const alert: Alert = {
    kind: 'alert',
    time: '2026-01-05T12:00:00.000000Z',
    rule: {
      id: 'r-1',
      name: 'A "rule"',
      kind: 'sigma',
      severity: 'critical',
      confidence: 80,
      tags: ['attack.t1046'],
    },
    reason: { en: 'It fired.', ja: '発火した。' },
    event_type: 'dns',
    src_ip: '10.1.0.7',
    src_port: 1,
    dest_ip: '192.0.2.1',
    dest_port: 53,
    proto: 'UDP',
    app_proto: 'dns',
    community_id: '1:x',
    evidence: { 'dns.queries.rrname': ['a', 'b'], 'dns.id': 7, 'dns.id.odd': 'lost, not thrown' },
    matched: ['dns.queries.rrname'],
    withheld: [],
  };
  eve.record(alert);
  eve.record({ kind: 'series', bucket: alert.time, seconds: 10, packets: 1, bytes: 1, flows: 1, events: {} });
  await eve.close();
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0])).toMatchObject({
    event_type: 'alert',
    community_id: '1:x',
    alert: {
      action: 'allowed',
      signature: 'A "rule"',
      severity: 1,
      metadata: { rule_id: ['r-1'], level: ['critical'] },
    },
    dns: { queries: { rrname: ['a', 'b'] }, id: 7 },
  });
});

test('a path that cannot be written is named', () => {
  expect(() => format.open(join(folder, 'no/such/x.json'), new Gate({ profile: 'strict' }))).toThrow(
    /ENOENT/,
  );
});

test('thousands of flows at a time are told apart: each has a Community ID of its own, the same in all its records', async () => {
  const count = 2100;
  const frames = Array.from({ length: count }, (_, i) =>
    datagrams({ clientPort: 1000 + i }, [['client', query('many.example')]]),
  );
  const { lines } = await write('strict', inOrder(...frames));
  const ids = new Map<number, Set<unknown>>();
  for (const { flow_id, community_id } of lines)
    if (flow_id !== undefined) ids.set(flow_id, (ids.get(flow_id) ?? new Set()).add(community_id));
  expect(ids.size).toBe(count);
  const all = [...ids.values()].map((of) => [...of]);
  expect(all.every((of) => of.length === 1 && /^1:[\w+/]{27}=$/.test(String(of[0])))).toBe(true);
  expect(new Set(all.flat()).size).toBe(count);
});
