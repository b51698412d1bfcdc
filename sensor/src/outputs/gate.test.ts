// The gate: what each profile lets out of every class, hashes that join, free text without people, and what it refuses.
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { JsonBytes } from '../bytes/json.ts';
import type { Event } from '../protocols/event.ts';
import type { Block, Field, Value } from '../protocols/protocol.ts';
import { isHash, PRIVACY_CLASSES, type PrivacyClass, type Profile } from '../wire/field.ts';
import { cleaned, MAX_FREE_TEXT } from './free-text.ts';
import { Gate, type GateOptions } from './gate.ts';
import { hashKey } from './hash-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'yagura-gate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const field = (name: string, fieldClass: PrivacyClass, value: Value, more: Partial<Field> = {}): Field => ({
  name,
  type: 'string',
  class: fieldClass,
  about: 'Made up.',
  read: () => value,
  ...more,
});
const fields = [
  ...PRIVACY_CLASSES.map((one) => field(`test.${one}`, one, one)),
  field('test.users[].name', 'identifier', ['hanako', undefined, 'taro'], {
    column: { count: () => 3, write: () => true },
  }),
  field('test.agent', 'protocol', 'x (hanako@example.jp)', { isFree: true, write: () => true }),
];
const schema = { test: fields };
const event = { type: 'test', message: undefined } as unknown as Event;
const KEY = new Uint8Array(32).fill(7);

function out(options: GateOptions, given: readonly Field[] = fields): Record<string, Value> {
  const gate = new Gate({ schema, ...options });
  const read = gate.fields('test', given).map((one) => [one.name, one.read(undefined, event)]);
  for (const one of given) expect(gate.value(one, event)).toEqual(Object.fromEntries(read)[one.name]);
  return Object.fromEntries(read);
}

const OPEN = { 'test.flow': 'flow', 'test.protocol': 'protocol', 'test.name': 'name' };
const AGENT = { 'test.agent': 'x (…@example.jp)' };

describe('what leaves', () => {
  test('strict: neither identifiers nor content', () => {
    expect(out({ profile: 'strict', key: KEY })).toEqual({ ...OPEN, ...AGENT });
  });

  test('standard: identifiers as hashes that say which key made them', () => {
    const hash = expect.stringMatching(/^hmac:[0-9a-f]{8}:[0-9a-f]{32}$/);
    expect(out({ profile: 'standard', key: KEY })).toEqual({
      ...OPEN,
      ...AGENT,
      'test.identifier': hash,
      'test.users[].name': [hash, undefined, hash],
    });
    // Without a key nothing can be hashed, and nothing leaves in its place.
    expect(out({ profile: 'standard' })).toEqual({ ...OPEN, ...AGENT });
  });

  test('lawful-order: what the authority discloses, free text as it is', () => {
    const users = { 'test.users[].name': ['hanako', undefined, 'taro'], 'test.identifier': 'identifier' };
    const agent = { 'test.agent': 'x (hanako@example.jp)' };
    expect(out({ profile: 'lawful-order' })).toEqual({
      ...OPEN,
      ...users,
      ...agent,
      'test.content': 'content',
    });
    expect(out({ profile: 'lawful-order', discloses: ['identifier'] })).toEqual({
      ...OPEN,
      ...users,
      ...agent,
    });
    expect(out({ profile: 'lawful-order', discloses: ['content'] })).toEqual({
      ...OPEN,
      ...AGENT,
      'test.content': 'content',
    });
  });

  test('quicker ways of writing do not go past it', () => {
    const released = new Gate({ profile: 'standard', key: KEY, schema }).fields('test', fields);
    for (const one of released.filter(({ name }) => /users|agent/.test(name))) {
      expect(one.write).toBeUndefined();
      expect(one.column).toBeUndefined();
    }
  });
});

describe('ways to write several fields at once', () => {
  const [flow, , , , content] = fields;
  const agent = fields[fields.length - 1];
  const octets = Buffer.from('x (hanako@example.jp)');
  const block = (more: Partial<Block>): Block => ({
    root: 'test',
    fields: [flow, agent],
    free: [agent],
    write(_message, _event, out, whole, say) {
      out.boolean(whole);
      say(out, octets, 0, octets.length);
      return true;
    },
    ...more,
  });
  const written = (profile: Profile, more: Partial<Block> = {}): string | undefined => {
    const out = new JsonBytes(64);
    const [way] = new Gate({ profile, key: KEY, schema }).blocks('test', [block(more)]);
    return way?.write(event, out) ? Buffer.from(out.bytes.subarray(0, out.at)).toString() : undefined;
  };

  test('free text is cleaned as it is field by field', () => {
    expect(written('strict')).toBe('true"x (\\u2026@example.jp)"');
    expect(written('lawful-order')).toBe('true"x (hanako@example.jp)"');
  });

  test('are not taken where they would write free text themselves', () => {
    expect(written('strict', { free: [] })).toBeUndefined();
    expect(written('lawful-order', { free: [] })).toBeDefined();
  });

  test('are not taken with a field that does not leave, unless they can do without', () => {
    const more = { fields: [flow, agent, content] };
    expect(written('standard', more)).toBeUndefined();
    expect(written('standard', { ...more, optional: [content] })).toMatch(/^false/);
    expect(written('lawful-order', { ...more, optional: [content] })).toMatch(/^true/);
    expect(written('lawful-order', { fields: [field('test.flow', 'flow', 1)] })).toBeUndefined();
  });
});

test('hashes join by value, and not across keys', () => {
  const gate = new Gate({ profile: 'standard', key: KEY });
  const other = new Gate({ profile: 'standard', key: new Uint8Array(32) });
  expect(gate.hash('hanako')).toBe(gate.hash('hanako'));
  expect(isHash(gate.hash('hanako'))).toBe(true);
  expect(gate.hash('Hanako')).not.toBe(gate.hash('hanako'));
  expect(other.hash('hanako').split(':')[1]).not.toBe(gate.mark);
  expect(other.hash('hanako').split(':')[2]).not.toBe(gate.hash('hanako').split(':')[2]);
});

test('what no schema names is refused and counted', () => {
  const gate = new Gate({ profile: 'lawful-order', schema });
  const stranger = field('test.name', 'name', 'smuggled');
  expect(gate.fields('test', [stranger])).toEqual([]);
  expect(gate.fields('nothing', fields.slice(0, 1))).toEqual([]);
  expect(gate.value(stranger, event)).toBeUndefined();
  for (const [name, value] of [
    ['http.url', '/'],
    ['yagura.x', 'x'.repeat(129)],
    ['yagura.x', ['a']],
    ['yagura.x', Number.NaN],
  ] as const)
    expect(gate.fact(name, value)).toBeUndefined();
  expect(gate.fact('yagura.hours', 9)).toBe(9);
  expect(Object.fromEntries(gate.refused)).toEqual({
    'test.name': 2,
    'test.flow': 1,
    'http.url': 1,
    'yagura.x': 3,
  });
});

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', undefined],
  [
    'Mozilla/5.0 (compatible; bot/2.1; +http://u:p@www.example/bot.html?id=7)',
    'Mozilla/5.0 (compatible; bot/2.1; +http://www.example)',
  ],
  ['App/1.0 hanako.yamada+x@mail.example.jp', 'App/1.0 …@mail.example.jp'],
  ['ESMTP root@[10.0.0.1] ready', 'ESMTP …@[10.0.0.1] ready'],
  ['sync/3 session=8f14e45fceea167a5a36dedd4bea2543', 'sync/3 …'],
  ['a\r\nb\u0000c\u202Ed', 'abcd'],
  ['OpenSSH_9.6p1 Ubuntu-3ubuntu13.5', undefined],
])('free text %j', (text, left) => {
  expect(cleaned(text)).toBe(left ?? text);
});

test('free text is cut, and cleaning it takes time in proportion', () => {
  expect(cleaned('x '.repeat(1000)).length).toBe(MAX_FREE_TEXT);
  const begin = performance.now();
  for (const text of ['a'.repeat(1e5), 'a@'.repeat(5e4), 'a://'.repeat(2e4), 'a1-'.repeat(3e4)])
    cleaned(text);
  expect(performance.now() - begin).toBeLessThan(200);
});

describe('the key', () => {
  test('is made once, for its owner alone, and found again', () => {
    const path = join(folder, 'deep', 'key');
    const key = hashKey(path);
    expect(key).toHaveLength(32);
    expect(Buffer.from(hashKey(path)).equals(Buffer.from(key))).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
  });

  test('is refused where others can read it, or where it is none', () => {
    const path = join(folder, 'open');
    writeFileSync(path, `${'0'.repeat(64)}\n`);
    chmodSync(path, 0o644);
    expect(() => hashKey(path)).toThrow(/others than its owner/);
    const short = join(folder, 'short');
    writeFileSync(short, 'secret', { mode: 0o600 });
    expect(() => hashKey(short)).toThrow(expect.objectContaining({ code: 'hash_key_unusable' }));
    expect(() => hashKey(short)).not.toThrow(/secret/);
  });
});
