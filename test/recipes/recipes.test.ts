// Every recipe of CONTRIBUTING is followed to the letter in a copy of the sources, and what it adds is seen there.
import { type ExecFileException, execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pcap } from '../support/packets/capture.ts';
import { Conversation, datagrams } from '../support/packets/conversation.ts';
import { dns, TYPE } from '../support/packets/dns.ts';
import { octets } from '../support/packets/octets.ts';
import { recipesOf, stamp } from './recipes.ts';

const ROOT = join(import.meta.dirname, '../..');
const recipes = recipesOf(readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8'));
const copy = mkdtempSync(join(tmpdir(), 'yagura-recipes-'));
const captures = join(copy, 'captures');

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly said: string;
}

const run = (file: string, ...args: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(file, args, { cwd: copy, maxBuffer: 2 ** 26 }, (error: ExecFileException | null, out, said) =>
      resolve({ status: error === null ? 0 : Number(error.code ?? 1), out, said }),
    );
  });
const sensor = (...args: string[]): Promise<Ran> => run(process.execPath, 'sensor/src/main.ts', ...args);
const tool = (name: string, ...args: string[]): Promise<Ran> =>
  run(join(ROOT, 'node_modules/.bin', name), ...args);

/** EVE records of one type. */
const eve = (out: string, type: string): Record<string, never>[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter((record) => record.event_type === type);

/** Sources are copied; packages are linked, but our own ones to the copy. */
function makeCopy(): void {
  const wanted = [
    'sensor',
    'aggregator/src',
    'aggregator/package.json',
    'rules',
    'test/support',
    'test/laws',
    'test/fuzz/random.ts',
  ];
  for (const path of [...wanted, 'tsconfig.json', 'package.json', 'biome.json', '.gitignore'])
    cpSync(join(ROOT, path), join(copy, path), { recursive: true });
  mkdirSync(join(copy, 'node_modules'));
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (!name.startsWith('yagura-'))
      symlinkSync(join(ROOT, 'node_modules', name), join(copy, 'node_modules', name));
  for (const name of ['sensor', 'aggregator'])
    symlinkSync(join(copy, name), join(copy, 'node_modules', `yagura-${name}`));
}

function writeCaptures(): void {
  mkdirSync(captures);
  const call = octets(Array(6).fill(0xff), ...Array(16).fill([2, 0, 0, 0, 0, 7]));
  const wake = datagrams({ serverPort: 9 }, [['client', call]]);
  const question = dns({ questions: [{ name: 'www.example.jp', type: TYPE.A }] });
  const tagged = datagrams({}, [['client', question]]).map((frame) => ({
    ...frame,
    bytes: octets(frame.bytes.subarray(0, 12), [0x89, 0x2f, 0x10, 0x40, 0, 7], frame.bytes.subarray(12)),
  }));
  const patient = new Conversation({ serverPort: 8443 }).handshake();
  for (let minute = 0; minute < 540; minute++) patient.wait(60e6).acknowledge('client');
  for (const [name, frames] of Object.entries({ wake, tagged, patient: patient.close().frames }))
    writeFileSync(join(captures, `${name}.pcap`), pcap(frames));
  cpSync(join(ROOT, 'test/captures/http-odd.pcap.zst'), join(captures, 'http-odd.pcap.zst'));
}

beforeAll(() => {
  makeCopy();
  writeCaptures();
  for (const { blocks } of recipes) for (const block of blocks) stamp(copy, block);
}, 60_000);

afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('there is a recipe for each thing that is added often', () => {
  expect(recipes.map(({ name }) => name)).toEqual([
    'protocol',
    'header or a tunnel',
    'detector',
    'rule',
    'output',
    'resource to the API',
  ]);
});

describe.concurrent('followed to the letter', { timeout: 180_000 }, () => {
  test('all recipes together compile', async ({ expect }) => {
    const { out } = await tool('tsc', '--noEmit');
    expect(out).toBe('');
  });

  test('the new files are written as the house writes', async ({ expect }) => {
    const written = recipes.flatMap(({ blocks }) => blocks).filter(({ path }) => path.endsWith('.ts'));
    const news = written.filter(({ kind }) => kind === 'file').map(({ path }) => path);
    const { status, out, said } = await tool('biome', 'check', '--vcs-enabled=false', ...news);
    expect(`${out}${said}`).not.toMatch(/lint\/|format ━/);
    expect(status).toBe(0);
  });

  test('protocol: its events come out, and the privacy profile holds for them', async ({ expect }) => {
    const strict = await sensor('read', 'captures/wake.pcap', '--events', '-');
    expect(strict.said).toContain('wol 1');
    expect(eve(strict.out, 'wol')).toMatchObject([
      { app_proto: 'wol', dest_port: 9, wol: { has_password: false } },
    ]);
    expect(strict.out).not.toContain('02:00:00:00:00:07');
    const ordered = await sensor('read', 'captures/wake.pcap', '--events', '-', '--profile', 'lawful-order');
    expect(eve(ordered.out, 'wol')).toMatchObject([{ wol: { mac: '02:00:00:00:00:07' } }]);
  });

  test('header: what stands behind it is read', async ({ expect }) => {
    const { out } = await sensor('read', 'captures/tagged.pcap', '--events', '-', '--quiet');
    expect(eve(out, 'dns')).toMatchObject([{ dns: { queries: [{ rrname: 'www.example.jp' }] } }]);
  });

  test('detector: its knob is known, and it tells what it should', async ({ expect }) => {
    const config = await sensor('read', '--print-config', '--knob', 'long-flow.hours=7');
    expect(JSON.parse(config.out).detectors['long-flow']).toEqual({ hours: 7 });
    const { said } = await sensor('read', 'captures/patient.pcap');
    expect(said).toContain('Connection open for most of a day');
    const later = await sensor('read', 'captures/patient.pcap', '--knob', 'long-flow.hours=12');
    expect(later.said).not.toContain('Connection open');
  });

  test('rule: it is in the list, and fires on the recording that it names', async ({ expect }) => {
    const { status, out } = await sensor('rules', 'list', 'rules');
    expect(status).toBe(0);
    expect(out).toContain(
      'medium\tsigma\t5f0f2f6e-5b0c-4a57-9d5f-0c6f3b6f3a41\tTLS on the first port of an attack tool',
    );
    const read = await sensor('read', 'captures/http-odd.pcap.zst', '--rules', 'rules');
    expect(read.said).toContain('TLS on the first port of an attack tool');
  });

  test('output: its format is known and writes', async ({ expect }) => {
    const help = await sensor('read', '--help');
    expect(help.out).toMatch(/how events are written: .*flow-csv/);
    const { out } = await sensor(
      'read',
      'captures/wake.pcap',
      '--events',
      '-',
      '--format',
      'flow-csv',
      '--quiet',
    );
    const [head, row] = out.split('\r\n');
    expect(head).toBe('start,src_ip,src_port,dest_ip,dest_port,proto,bytes');
    expect(row).toMatch(/^2026-01-05T12:00:00\S*,10\.1\.0\.7,40000,198\.51\.100\.9,9,UDP,\d+$/);
  });

  test('resource: it answers, stands in OpenAPI, and reading it is written down', async ({ expect }) => {
    const script = `
      import { testAggregator } from './test/support/aggregator.ts';
      const aggregator = await testAggregator();
      const person = await aggregator.person();
      const answer = async (path) => (await person.ask('/api/v1/' + path)).body;
      const list = await answer('authorities');
      const { paths } = await answer('openapi.json');
      const ledger = await answer('ledger');
      await aggregator.dispose();
      console.log(JSON.stringify({ list, operation: paths['/api/v1/authorities'].get, ledger }));`;
    writeFileSync(join(copy, 'ask.mjs'), script);
    const { out, said } = await run(process.execPath, 'ask.mjs');
    expect(said).toBe('');
    const { list, operation, ledger } = JSON.parse(out);
    expect(list.items).toMatchObject([{ body: 'city', article: 'Article 1', status: 'valid' }]);
    expect(operation.operationId).toBe('listAuthorities');
    expect(ledger.items[0]).toMatchObject({ action: 'authorities.read', detail: { count: 1 } });
  });
});
