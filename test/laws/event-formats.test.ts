// Laws of every format of events: all of it arrives, errors have codes, and what a profile withholds is nowhere.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { SensorError } from '../../sensor/src/errors.ts';
import { Gate } from '../../sensor/src/outputs/gate.ts';
import { eventFormats } from '../../sensor/src/outputs/index.ts';
import type { EventFormat } from '../../sensor/src/outputs/output.ts';
import { protocols } from '../../sensor/src/protocols/index.ts';
import { Sensor } from '../../sensor/src/sensor.ts';
import { PROFILES, type Profile } from '../../sensor/src/wire/field.ts';
import { Conversation } from '../support/packets/conversation.ts';
import { batchOf } from '../support/sense.ts';

const all: readonly EventFormat[] = eventFormats;
const folder = mkdtempSync(join(tmpdir(), 'yagura-formats-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Words that stand in a URL's path and query, in a referrer, in a cookie and in a body. */
const SECRET = { path: 'kumquat4711', query: 'persimmon0815', cookie: 'loquat2342', body: 'medlar1729' };
const FLOWS = 40;

function browsing(): Conversation[] {
  return Array.from({ length: FLOWS }, (_, i) =>
    new Conversation({ clientPort: 41_000 + i, start: Date.UTC(2026, 0, 5, 12, i) * 1000 })
      .handshake()
      .send(
        'client',
        `POST /${SECRET.path}/${i}?q=${SECRET.query} HTTP/1.1\r\nHost: www.example.jp\r\nCookie: id=${SECRET.cookie}\r\nContent-Length: 10\r\n\r\n${SECRET.body}`,
      )
      .send('server', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
      .close(),
  );
}

/** What a format makes of it all. */
async function write(format: EventFormat, profile: Profile): Promise<string> {
  const path = join(folder, `${format.name}-${profile}`);
  const output = format.open(path, new Gate({ profile }));
  const sensor = new Sensor({
    protocols,
    detect: () => ({}),
    outputs: [output],
    profile,
    shares: { flows: 1024, parsers: 4096, bufferBytes: 1 << 24 },
  });
  for (const { frames } of browsing()) sensor.frames(batchOf(frames));
  sensor.finish();
  output.stats(sensor.now, { decoder: { pkts: sensor.counters.packets } });
  await output.close();
  return readFileSync(path, 'utf8');
}

test('every format has a name of its own and says what it is', () => {
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  for (const { name, about } of all) {
    expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(about).toMatch(/^[A-Z].*\.$/);
  }
});

describe.each(all.map((format) => [format.name, format] as const))('%s', (_, format) => {
  test('everything stands in the file once it is closed', async () => {
    const text = await write(format, 'strict');
    for (let i = 0; i < FLOWS; i++) expect(text).toContain(String(41_000 + i));
    expect(text.endsWith('\n')).toBe(true);
    expect(text).not.toContain('\0');
  });

  test.each(Object.keys(PROFILES) as Profile[])('%s: nothing that it withholds', async (profile) => {
    const text = await write(format, profile);
    // No profile lets out what is said inside a connection.
    for (const secret of [SECRET.cookie, SECRET.body]) expect(text).not.toContain(secret);
    const lets = (PROFILES[profile] as readonly string[]).includes('content');
    if (!lets) for (const secret of [SECRET.path, SECRET.query]) expect(text).not.toContain(secret);
  });

  test('a file that cannot be written is a coded error that names it', () => {
    const path = join(folder, 'not/there');
    const gate = new Gate({ profile: 'strict' });
    expect(() => format.open(path, gate)).toThrow(SensorError);
    try {
      format.open(path, gate);
    } catch (error) {
      expect((error as SensorError).code).toBe('output_unwritable');
      expect((error as SensorError).message).toContain(path);
    }
  });

  test('a full disk is a coded error too', async () => {
    const output = format.open('/dev/full', new Gate({ profile: 'strict' }));
    const work = async (): Promise<void> => {
      output.stats(0, {});
      await output.close();
    };
    await expect(work()).rejects.toThrow(SensorError);
  });
});

test('eve: every line is an object of JSON with its time, and content leaves only under an order', async () => {
  const eve = all.find(({ name }) => name === 'eve') as EventFormat;
  const text = await write(eve, 'lawful-order');
  expect(text).toContain(SECRET.path);
  const records = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const record of records)
    expect(record['timestamp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|\+0000)$/);
  const types = records.map((record) => record['event_type']);
  expect(types.filter((type) => type === 'http')).toHaveLength(FLOWS);
  expect(types.filter((type) => type === 'flow')).toHaveLength(FLOWS);
  expect(types.at(-1)).toBe('stats');
});
