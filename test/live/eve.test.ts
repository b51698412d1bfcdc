// A Suricata's EVE in `run`, as a process: rotation, cutting, sockets, kill -9, and what must not get any further.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Secrets } from '../canary/secrets.ts';
import { KILLS, nameOf, random, Stand } from '../faults/stand.ts';
import { alertLine, drip, questionLine, statsLine } from '../support/eve-lines.ts';
import { endAll, type Program, start } from '../support/program.ts';

let folder: string;
let stand: Stand | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yagura-eve-'));
});
afterEach(async () => {
  await endAll();
  await stand?.end();
  stand = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const at = (...names: string[]): string => join(folder, ...names);
const within = { timeout: 15_000, interval: 50 };
const add = (...lines: string[]): void => appendFileSync(at('eve.json'), lines.join(''));

async function running(source: string, ...more: string[]): Promise<Program> {
  const settings = [`sources: [{${source}, name: suri}]`, 'allow_root: true', 'stats_seconds: 1', ...more];
  writeFileSync(at('s.yaml'), settings.join('\n'));
  const program = start('sensor', 'run', '--config', at('s.yaml'));
  await program.says(/^watching /m);
  return program;
}

interface Line {
  readonly event_type: string;
  readonly alert?: { readonly signature_id: number };
  readonly dns?: object;
  readonly blind?: { readonly reason: string; readonly count: number };
  readonly stats?: { readonly sources: Readonly<Record<string, object>> };
}
/** Whole lines: the last may be under way. */
const lines = (type: string): Line[] =>
  (existsSync(at('out.json')) ? readFileSync(at('out.json'), 'utf8') : '')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => line.event_type === type);
const numbers = (): number[] => lines('alert').map(({ alert }) => alert!.signature_id - 1_000_000);

test('their alerts and events, through rotation, cutting and a file that is away; a restart goes on', {
  timeout: 90_000,
}, async () => {
  add(alertLine(0));
  const source = `eve: ${at('eve.json')}, state: ${at('state')}, silent_seconds: 1`;
  const first = await running(source, `events: ${at('out.json')}`);
  // What was there before the first start is old.
  add(alertLine(1), questionLine(2, 'www.example.org'), '{"event_type": "alert", nonsense\n');
  await expect.poll(numbers, within).toEqual([1]);
  await first.says(/eve_unreadable: suri: the line at byte \d+ is no JSON at its byte 24 /);
  renameSync(at('eve.json'), at('eve.json.1'));
  appendFileSync(at('eve.json.1'), alertLine(3));
  await first.says(/eve|blind/);
  add(alertLine(4));
  await expect.poll(numbers, within).toEqual([1, 3, 4]);
  truncateSync(at('eve.json'));
  add(alertLine(5));
  await expect.poll(numbers, within).toEqual([1, 3, 4, 5]);
  await first.says(/blind since .*: suri: nothing for more than 1 s/);
  renameSync(at('eve.json'), at('eve.json.2'));
  add(alertLine(6));
  await first.says(/sees again since .*: suri: nothing for more than 1 s/);
  await expect.poll(numbers, within).toEqual([1, 3, 4, 5, 6]);
  await first.stop();
  expect(await first.ended).toBe(0);
  expect(lines('dns')).toHaveLength(1);
  expect(lines('stats').at(-1)?.stats?.sources['suri']).toMatchObject({
    ...{ received: 7, refused: 1, lines: 7, events: 1, alerts: 5, broken: 1 },
    ...{ rotated: 2, truncated: 1, lost: 0, cut: 0 },
  });

  // While nobody watches: more, then moved away, and a new one.
  add(alertLine(7));
  renameSync(at('eve.json'), at('eve.json.3'));
  add(alertLine(8));
  const second = await running(source, `events: ${at('out.json')}`);
  await expect.poll(numbers, within).toEqual([1, 3, 4, 5, 6, 7, 8]);
  await second.stop();
});

test('a socket that Suricata connects to, in pieces of lines; who is away is blindness', {
  timeout: 60_000,
}, async () => {
  const path = at('eve.sock');
  const first = await running(`eve: "unix:${path}"`, `events: ${at('out.json')}`);
  await first.says(/blind since .*: suri: nobody is connected/);
  expect(statSync(path).mode & 0o777).toBe(0o660);
  const suricata = connect(path);
  const text = alertLine(1) + alertLine(2);
  suricata.write(text.slice(0, 100));
  await sleep(200);
  suricata.write(text.slice(100));
  await expect.poll(numbers, within).toEqual([1, 2]);
  await first.says(/sees again since .*: suri: nobody is connected/);
  // A killed run leaves its socket behind; one that runs does not let go of it.
  const other = start('sensor', 'run', '--eve', `unix:${path}`, '--allow-root');
  expect(await other.ended).toBe(1);
  expect(other.said()).toContain('somebody listens there already');
  await first.kill();
  suricata.destroy();
  const second = await running(`eve: "unix:${path}"`, `events: ${at('out.json')}`);
  const again = connect(path);
  again.write(alertLine(3));
  await expect.poll(numbers, within).toEqual([1, 2, 3]);
  again.destroy();
  await second.says(/blind since .*: suri: nobody is connected/);
  await second.stop();
});

test('what their kernel dropped is blindness of ours', { timeout: 60_000 }, async () => {
  add('');
  const program = await running(`eve: ${at('eve.json')}`, `events: ${at('out.json')}`);
  // What was dropped before we came is nobody's span; a start of theirs counts from nothing.
  add(statsLine(8, 1000, 500), statsLine(16, 2000, 500), statsLine(24, 3000, 540));
  await program.says(/blind since .*: suri: packets dropped upstream/);
  add(statsLine(8, 100, 2), statsLine(16, 200, 2));
  await program.says(/sees again since .*: suri: packets dropped upstream/);
  await program.stop();
  const told = lines('blind').filter(({ blind }) => blind?.reason === 'dropped');
  expect(told.reduce((sum, { blind }) => sum + blind!.count, 0)).toBe(42);
  expect(lines('stats').at(-1)?.stats?.sources['suri']).toMatchObject({
    dropped: 42,
    upstream: { kernel_packets: 2200, kernel_drops: 42 },
  });
});

test(`killed ${KILLS} times while a Suricata writes: the aggregator has each alert once, theirs and ours`, {
  timeout: 240_000,
}, async (context) => {
  stand = new Stand();
  const aggregator = await stand.prepare();
  const total = 6000;
  const text = Array.from({ length: total }, (_, n) =>
    n % 2 === 0 ? alertLine(n) : questionLine(n, nameOf(n)),
  );
  const source = `eve: ${at('eve.json')}, begin: start`;
  const settings = [
    ...[`uplink: ${stand.sensor}`, `rules: ${stand.rules}`, 'drain_seconds: 60'],
    // One rule holds for half of them, and none may be held back.
    'alerts_per_minute: 1000000',
  ];
  const arrived = (): string[] =>
    stand!.alerts().map((record) => /n\d+\.[a-z]+\.example|"yagura\.sid":\d+/.exec(record)![0]);
  const next = random(3);
  const share = total / KILLS;
  for (let kills = 0; kills < KILLS; kills++) {
    // Some of it while nobody reads, some of it while one starts.
    const written = drip(text.slice(kills * share, (kills + 1) * share), (some) => add(some), 60);
    const sensor = await running(source, ...settings);
    await sleep(next() * 500);
    // Rotated twice: while one reads, and while none does.
    if (kills === 2) renameSync(at('eve.json'), at('eve.json.2'));
    await sensor.kill();
    if (kills === 4) renameSync(at('eve.json'), at('eve.json.1'));
    await written;
  }
  const last = await running(source, ...settings);
  await expect.poll(() => arrived().length, { timeout: 60_000, interval: 500 }).toBeGreaterThanOrEqual(total);
  await last.stop();
  expect(await last.ended, last.said()).toBe(0);
  const got = arrived();
  const expected = Array.from({ length: total }, (_, n) =>
    n % 2 === 0 ? `"yagura.sid":${1_000_000 + n}` : nameOf(n),
  );
  const twice = got.filter((one, i) => got.indexOf(one) !== i);
  expect(twice, 'told twice').toEqual([]);
  expect(
    expected.filter((one) => !got.includes(one)),
    'lost',
  ).toEqual([]);
  await context.annotate(`${KILLS} kills, ${total} alerts`);
  await aggregator.stop();
});

test('secrets in payload, URL, user names and files are found nowhere under strict', {
  timeout: 60_000,
}, async () => {
  const secrets = new Secrets();
  stand = new Stand();
  const aggregator = await stand.prepare();
  mkdirSync(at('mine'));
  const program = await running(
    `eve: ${at('eve.json')}, begin: start`,
    ...[`uplink: ${stand.sensor}`, `rules: ${stand.rules}`, `events: ${at('mine', 'out.json')}`],
  );
  const secret = (place: string): string => secrets.plant(place);
  add(
    statsLine(8, 1000, 0),
    alertLine(1, {
      ...{
        payload: secrets.plantBase64('payload'),
        payload_printable: secret('payload printable'),
        stream: 1,
      },
      ...{
        packet: secrets.plantBase64('packet'),
        pcap_filename: secret('pcap file'),
        in_iface: secret('interface'),
      },
      http: {
        ...{
          hostname: 'known.example',
          url: `/${secret('url')}`,
          http_refer: secret('referer'),
          http_method: 'GET',
        },
        ...{
          http_request_body: secret('request body'),
          http_response_body_printable: secret('response body'),
        },
        ...{ http_user_agent: `curl/8 ${secret('agent')}1234567890@example.org`, cookie: secret('cookie') },
        request_headers: [{ name: 'Authorization', value: secret('header') }],
      },
      metadata: { flowbits: [secret('flowbit')] },
      [secret('name of a member').toLowerCase()]: { a: secret('unknown member') },
    }),
    alertLine(2, {
      ...{ app_proto: 'ftp', http: undefined },
      ftp: { command: 'USER', command_data: secret('ftp user'), reply: [secret('ftp reply')] },
    }),
    alertLine(3, {
      ...{
        app_proto: 'smtp',
        http: undefined,
        smtp: { helo: secret('helo'), mail_from: secret('mail from') },
      },
      email: { from: secret('mail'), subject: secret('subject'), attachment: [secret('attachment')] },
    }),
    alertLine(4, {
      ...{ app_proto: 'krb5', http: undefined, event_type: 'krb5', alert: undefined },
      krb5: { msg_type: 'KRB_AS_REP', cname: secret('kerberos name') },
    }),
    alertLine(5, {
      ...{ event_type: 'dns', http: undefined, alert: undefined, app_proto: undefined },
      dns: {
        ...{ version: 2, type: 'answer', rrname: 'known.example', rrtype: 'TXT' },
        answers: [{ rrname: 'known.example', rrtype: 'TXT', rdata: secret('txt data') }],
        grouped: { TXT: [secret('grouped txt data')] },
      },
    }),
    alertLine(6, { event_type: 'fileinfo', alert: undefined, fileinfo: { filename: secret('file name') } }),
    alertLine(7, { event_type: secret('event type'), alert: undefined }),
    alertLine(8, {
      community_id: secret('community id'),
      direction: secret('direction'),
      app_proto: secret('app_proto'),
    }),
    `${secret('broken line')}\n`,
    `{"timestamp":"${secret('cut line')}\n`,
    statsLine(16, 3000, 0),
    alertLine(9),
  );
  const signatures = (): number => stand!.alerts().filter((record) => record.includes('TEST rule')).length;
  await expect.poll(signatures, within).toBe(5);
  // An alert says on how much it rests: on what their capture saw.
  const last = stand.alerts().find((record) => record.includes('TEST rule 9')) ?? '';
  expect(JSON.parse(last)).toMatchObject({ coverage: { seen: 2000, dropped_kernel: 0 } });
  await program.stop();
  expect(secrets.foundIn(readFileSync(at('eve.json'))).length, 'the search finds them').toBe(
    secrets.places.length,
  );
  const files = [at('mine'), stand.folder].flatMap((root) =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  expect(
    files.some((file) => file.includes('spool')) && files.some((file) => file.endsWith('out.json')),
  ).toBe(true);
  const found = files.flatMap((file) =>
    secrets.foundIn(readFileSync(file)).map((place) => `${place} in ${file}`),
  );
  expect(found).toEqual([]);
  expect(secrets.foundIn(program.said())).toEqual([]);
  expect(readFileSync(at('mine', 'out.json'), 'utf8')).toContain('known.example');
  await aggregator.stop();
});
