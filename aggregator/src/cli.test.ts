// The program as operators use it: one process that serves, others that act on the same state; a kill loses nothing acknowledged.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Person } from '../../test/support/person.ts';
import { endAll, type Program, start } from '../../test/support/program.ts';
import { anAlert, TestSensor } from '../../test/support/sensor.ts';
import { dispatch } from './cli.ts';
import type { Addresses } from './state.ts';

let state: string;
beforeAll(async () => {
  state = mkdtempSync(join(tmpdir(), 'yagura-cli-'));
});
afterEach(endAll);
afterAll(() => rmSync(state, { recursive: true, force: true }));

/** A command of the operator's, in this process, on the state that the other process serves from. */
async function command(...args: string[]): Promise<string> {
  const said: string[] = [];
  const terminal = { out: (line: string) => said.push(line), log: process.stderr, stop: AbortSignal.abort() };
  await dispatch([...args, '--state', state], terminal);
  return said.join('\n');
}

async function serve(): Promise<{ program: Program; addresses: Addresses }> {
  const announce = join(state, 'announced.json');
  const free = ['--web', '127.0.0.1:0', '--ingest', '127.0.0.1:0', '--metrics', '127.0.0.1:0'];
  const program = start('aggregator', 'run', '--state', state, ...free, '--announce', announce);
  await program.says(/metrics +http/);
  return { program, addresses: JSON.parse(readFileSync(announce, 'utf8')) };
}

const legal = ['--body', 'city', '--article', 'Article 1', '--instrument', 'Order 1'];
const dates = ['--from', '2026-01-01', '--until', '2090-01-01'];

test('from nothing to alerts that survive a kill', async () => {
  const first = await serve();
  const names = ['--name-en', 'City', '--name-ja', '市', '--kind', 'municipality'];
  expect(await command('body', 'add', 'city', ...names)).toBe('body city added');
  const authority = await command(
    'authority',
    'add',
    ...legal,
    '--prefix',
    '10.1.0.0/16',
    '2001:db8::/32',
    ...dates,
  );
  expect(authority).toMatch(
    /^authority auth-[0-9a-f]{12} added to body city: 10\.1\.0\.0\/16, 2001:db8::\/32$/,
  );
  expect(await command('list', 'bodies')).toMatch(
    /city +City +municipality +valid +Article 1: 10\.1\.0\.0\/16/,
  );

  const token = await command('token', '--body', 'city', '--sensor', 'gate');
  const ca = readFileSync(join(state, 'identity/ca.pem'), 'utf8');
  const certificate = ca.slice(ca.indexOf('-----BEGIN CERTIFICATE'));
  const sensor = await TestSensor.enrol(first.addresses.ingest, token, certificate);

  // Killed in the instant of each acknowledgement: what was acknowledged is there, and the next life goes on.
  let { program, addresses } = first;
  let acknowledged = 0;
  for (let life = 0; life < 2; life++) {
    const target = sensor.at(addresses.ingest);
    for (let n = 0; n < 5; n++) {
      const { status } = await target.send([anAlert({}, n), anAlert({}, n)], { first_seq: acknowledged });
      expect(status).toBe(200);
      acknowledged += 2;
    }
    await program.kill();
    ({ program, addresses } = await serve());
  }
  const link = await command('login-link', '--name', 'hanako');
  expect(link).toMatch(new RegExp(`^${addresses.web}/login/[\\w-]{43}$`));
  const person = await Person.logIn(addresses.web, new URL(link).pathname);
  const { items } = (await person.ask<{ items: { count: number }[] }>('/api/v1/groups')).body;
  expect(items.map((group) => group.count)).toEqual([acknowledged]);

  expect(await command('list', 'sensors')).toMatch(/yagura:\/\/city\/gate +live/);
  expect(await command('revoke', 'yagura://city/gate')).toBe('yagura://city/gate revoked');
  const refused = await sensor.at(addresses.ingest).send([anAlert()], { first_seq: acknowledged });
  expect([refused.status, refused.body.code]).toEqual([403, 'sensor_revoked']);

  await program.stop();
  expect(await program.ended).toBe(0);
  const verified = await command('ledger', 'verify');
  expect(verified).toMatch(/^\d+ entries, unbroken\. Note this head elsewhere: \d+:[0-9a-f]{64}$/);
  const head = verified.split(' ').at(-1)!;
  expect(await command('ledger', 'verify', '--head', head)).toBe(verified);
  const forged = head.replace(/:.*/, `:${'0'.repeat(64)}`);
  await expect(command('ledger', 'verify', '--head', forged)).rejects.toMatchObject({
    code: 'ledger_broken',
  });
}, 60_000);

test('keys and records are for the owner alone', () => {
  for (const file of ['identity/ca.pem', 'identity/server.pem', 'yagura.db'])
    expect(statSync(join(state, file)).mode & 0o077).toBe(0);
});

describe('wrong words', () => {
  test.each([
    [['nonsense'], 'usage: There is no command "nonsense'],
    [['run', '--webb', 'x'], "usage: Unknown option '--webb'"],
    [['run', '--web', '0.0.0.0:0'], 'tls_required: --web 0.0.0.0:0 is reachable from other machines.'],
    [
      ['run', '--queue-batches', 'many'],
      'config_invalid: --queue-batches many: give a whole number of batches',
    ],
    [['body', 'add'], 'usage: The id of the body is missing.'],
    [['token', '--body', 'nobody', '--sensor', 'a'], 'not_found: There is no body "nobody".'],
    [['list', 'cats'], 'usage: Say what to list: bodies or sensors.'],
    [
      ['authority', 'add', ...legal, '--prefix', 'x', ...dates],
      'usage: Prefix "x": write it as 192.0.2.0/24',
    ],
  ])('%j', async (args, said) => {
    const refusal = await command(...args).then(String, String);
    expect(refusal).toContain(`yagura-aggregator: ${said}`);
    expect(refusal.split('\n')).toHaveLength(2);
  });

  test('are two lines and exit status 2', async () => {
    const program = start('aggregator', 'nonsense');
    expect(await program.ended).toBe(2);
    expect(program.said()).toMatch(/^yagura-aggregator: usage: .*\n {2}.*\n$/);
  });
});

test('help and settings name every flag', async () => {
  const help = await command('--help');
  for (const name of Object.keys(JSON.parse(await command('--print-config'))))
    expect(help).toContain(`--${name} `);
});
