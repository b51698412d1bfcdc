// The law of every protocol's records: no identifier and no content leaves in clear where its profile does not let it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closedSchema } from '../../sensor/src/commands/closed-schema.ts';
import { eve } from '../../sensor/src/outputs/eve.ts';
import { MAX_FREE_TEXT } from '../../sensor/src/outputs/free-text.ts';
import { Gate } from '../../sensor/src/outputs/gate.ts';
import type { Output } from '../../sensor/src/outputs/output.ts';
import type { Event } from '../../sensor/src/protocols/event.ts';
import { eventFields, protocols } from '../../sensor/src/protocols/index.ts';
import { Sensor } from '../../sensor/src/sensor.ts';
import { isFreeText, isHash, PROFILES, type Profile, treatment } from '../../sensor/src/wire/field.ts';
import type { Frame } from '../support/packets/capture.ts';
import { batchOf, type Eve } from '../support/sense.ts';
import { framesOf, readBooks } from './conversations/conversation.ts';

const books = await readBooks();
const folder = mkdtempSync(join(tmpdir(), 'yagura-privacy-'));
afterAll(() => rmSync(folder, { recursive: true }));
const KEY = new Uint8Array(32).fill(3);

/**
 * A shorter text may stand in another one by chance; a number or an address is of class `flow` wherever it comes from.
 */
const isTelling = (text: string): boolean => text.length >= 4 && !/^[\d.:/-]*$/.test(text);

/**
 * Texts that a field of a class that leaves may hold although they are private elsewhere in the same conversation:
 * protocol → what it is.
 */
const ALSO_OPEN: Readonly<Record<string, readonly string[]>> = {
  // `response.message` is the method of the log-in, which is of class `protocol`, or the text of an error.
  pgsql: ['authentication_sasl', 'authentication_sasl_continue', 'authentication_ok'],
  // The domain that a user logs in to is also what the server says it belongs to.
  dcerpc: ['EXAMPLE'],
  ldap: ['EXAMPLE'],
  // A pipe of a service that everybody knows is told by its name.
  smb: ['EXAMPLE', 'svcctl'],
  // In its book the node that asks is among those that it is told of.
  'bittorrent-dht': ['6162636465666768696a30313233343536373839'],
  // In its book both certificates are of one authority and of one day.
  tls: ['CN=Example CA', '2026-01-01T00:00:00', '2026-12-31T23:59:59'],
};

/** A value with the place it stood in. */
interface Told {
  readonly field: string;
  readonly text: string;
}

interface Written {
  readonly lines: readonly Eve[];
  /** What fields that do not leave in clear held. */
  readonly secrets: readonly Told[];
  readonly gate: Gate;
}

let count = 0;
/** The real output's lines, and beside them what the fields held before the gate. */
async function write(frames: readonly Frame[], profile: Profile): Promise<Written> {
  const path = join(folder, `${count++}.json`);
  const gate = new Gate({ profile, key: KEY });
  const output = eve.open(path, gate);
  const secrets: Told[] = [];
  const listener: Output = {
    name: 'listener',
    event(event: Event) {
      for (const field of event.fields) {
        if (treatment(profile, field.class) === 'clear') continue;
        for (const one of [field.read(event.message, event)].flat())
          if (typeof one === 'string' && isTelling(one)) secrets.push({ field: field.name, text: one });
      }
    },
    close: async () => {},
  };
  const outputs = [output, listener];
  const sensor = new Sensor({
    protocols,
    detect: () => ({}),
    outputs,
    profile,
    gate,
    shares: { flows: 1 << 12, parsers: 4096, bufferBytes: 1 << 24 },
  });
  sensor.frames(batchOf(frames));
  sensor.finish();
  await output.close();
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return { lines: lines.map((line) => JSON.parse(line) as Eve), secrets, gate };
}

/** Every value of a record with its path. */
function leaves(value: unknown, path = ''): Told[] {
  if (Array.isArray(value)) return value.flatMap((one) => leaves(one, path));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, inside]) =>
      leaves(inside, path === '' ? key : `${path}.${key}`),
    );
  return [{ field: path, text: String(value) }];
}

/** What of the secrets stands in what was written, and where. */
const leaks = (name: string, { lines, secrets }: Written): string[] => {
  const open = ALSO_OPEN[name] ?? [];
  const private_ = secrets.filter(({ text }) => !open.includes(text));
  const found = lines.flatMap((line) =>
    leaves(line).flatMap(({ field, text }) =>
      private_
        .filter((secret) => text.includes(secret.text))
        .map((secret) => `${secret.field} in ${field}: ${secret.text}`),
    ),
  );
  return [...new Set(found)];
};

const schemas = new Map<Profile, (value: unknown) => boolean>();
beforeAll(() => {
  for (const profile of Object.keys(PROFILES) as Profile[]) {
    const check = Compile(closedSchema(profile) as never);
    schemas.set(profile, (value) => check.Check(value));
  }
});

describe.each([...books].filter(([name]) => protocols.some((p) => p.name === name)))(
  '%s',
  (name, { spoken }) => {
    test.each(['strict', 'standard'] as const)(
      '%s: neither identifiers nor content in clear',
      async (profile) => {
        for (const one of spoken)
          expect(leaks(name, await write(framesOf(one), profile)), one.about).toEqual([]);
      },
    );

    test('standard: the same person is the same hash', async () => {
      for (const one of spoken) {
        const { lines, secrets, gate } = await write(framesOf(one), 'standard');
        const people = secrets.filter(({ field }) => fieldClass(field) === 'identifier');
        const written = new Set(lines.flatMap((line) => leaves(line)).map(({ text }) => text));
        for (const { text, field } of people)
          expect(written, `${one.about} ${field}`).toContain(gate.hash(text));
      }
    });

    test.each(Object.keys(PROFILES) as Profile[])(
      '%s: every line is in the closed schema',
      async (profile) => {
        for (const one of spoken) {
          const { lines, gate } = await write(framesOf(one), profile);
          const outside = lines.filter(
            (line) => !(schemas.get(profile) as (value: unknown) => boolean)(line),
          );
          expect(outside, one.about).toEqual([]);
          expect([...gate.refused]).toEqual([]);
        }
      },
    );

    test('strict: what a peer wrote as it liked is short and names nobody', async () => {
      const free = new Set(
        Object.values(eventFields).flatMap((fields) =>
          fields.filter(isFreeText).map((field) => field.name.replaceAll('[]', '')),
        ),
      );
      for (const one of spoken)
        for (const { field, text } of (await write(framesOf(one), 'strict')).lines.flatMap((line) =>
          leaves(line),
        ))
          if (free.has(field)) {
            expect(text.length, field).toBeLessThanOrEqual(MAX_FREE_TEXT);
            expect(text, field).not.toMatch(/[\p{Cc}]|\w@\w/u);
          }
    });
  },
);

const fieldClass = (name: string): string | undefined =>
  Object.values(eventFields)
    .flat()
    .find((field) => field.name === name)?.class;

test('the search finds what is private where an order lets it out', async () => {
  const silent: string[] = [];
  for (const [name, { spoken }] of books) {
    const strict = await Promise.all(spoken.map((one) => write(framesOf(one), 'strict')));
    const lawful = await Promise.all(spoken.map((one) => write(framesOf(one), 'lawful-order')));
    const secrets = strict.flatMap((written) => written.secrets);
    const found = leaks(name, { ...lawful[0], lines: lawful.flatMap(({ lines }) => lines), secrets });
    if (secrets.length > 0 && found.length === 0) silent.push(name);
  }
  expect(silent).toEqual([]);
});

test('a hash looks like one', () => {
  expect(isHash(new Gate({ profile: 'standard', key: KEY }).hash('x'))).toBe(true);
});
