// Which run may use which profile: the key of hashes, and the authority that an order needs.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { makeAuthority } from '../../../test/support/authority.ts';
import { writeIdentity } from '../outputs/uplink/identity.ts';
import type { EnrolledAuthority } from '../wire/enrolment.ts';
import { openGate, type PrivacyOptions } from './privacy.ts';

const folder = mkdtempSync(join(tmpdir(), 'yagura-profile-'));
afterAll(() => rmSync(folder, { recursive: true }));

let said: string[] = [];
beforeEach(() => {
  said = [];
});
const open = (options: Partial<PrivacyOptions>) =>
  openGate(
    {
      profile: 'strict',
      isLive: false,
      uplink: undefined,
      hashKey: undefined,
      authority: undefined,
      ...options,
    },
    (line) => said.push(line),
  );

let number = 0;
/** A state folder of a sensor that enrolled under this authority. */
async function enrolled(authority?: EnrolledAuthority): Promise<string> {
  const state = join(folder, `state-${number++}`);
  const identity = await (await makeAuthority()).identity('yagura://city/tap', ['https://127.0.0.1:1']);
  await writeIdentity(state, { ...identity, ...(authority === undefined ? {} : { authority }) });
  return state;
}
const UNTIL = '2100-01-01T00:00:00Z';
const refusal = expect.objectContaining({ code: 'profile_not_authorised' });

test('strict asks for nothing and says nothing', async () => {
  expect((await open({ isLive: true })).profile).toBe('strict');
  expect(said).toEqual([]);
});

test('standard: a key of the run, of a file, or of the state folder', async () => {
  const [one, other] = [await open({ profile: 'standard' }), await open({ profile: 'standard' })];
  expect(one.hash('x')).not.toBe(other.hash('x'));
  expect(said[0]).toContain('--hash-key');
  const hashKey = join(folder, 'key');
  const [first, second] = [
    await open({ profile: 'standard', hashKey }),
    await open({ profile: 'standard', hashKey }),
  ];
  expect(first.hash('x')).toBe(second.hash('x'));
  const uplink = await enrolled();
  await open({ profile: 'standard', uplink });
  expect(existsSync(join(uplink, 'hash-key'))).toBe(true);
});

test('lawful-order: files are read, and it is said; live traffic needs an order that is named', async () => {
  const gate = await open({ profile: 'lawful-order' });
  expect(gate.how('content')).toBe('clear');
  expect(said).toHaveLength(1);
  await expect(open({ profile: 'lawful-order', isLive: true })).rejects.toEqual(refusal);
  await open({ profile: 'lawful-order', isLive: true, authority: 'Order 17' });
  expect(said.at(-1)).toContain('Order 17');
});

test('lawful-order on an uplink: only what the authority of the enrolment discloses, while it lasts', async () => {
  const order = (more: Partial<EnrolledAuthority> = {}) =>
    enrolled({ id: 'a1', discloses: ['identifier'], until: UNTIL, ...more });
  const under = async (uplink: string) => open({ profile: 'lawful-order', uplink, authority: 'my own word' });
  const gate = await under(await order());
  expect([gate.how('identifier'), gate.how('content'), gate.how('name')]).toEqual([
    'clear',
    'withheld',
    'clear',
  ]);
  await expect(under(await enrolled())).rejects.toEqual(refusal);
  await expect(under(await order({ discloses: [] }))).rejects.toEqual(refusal);
  await expect(under(await order({ until: '2020-01-01T00:00:00Z' }))).rejects.toEqual(refusal);
});
