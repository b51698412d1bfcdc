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
import {
  isFreeText,
  isHash,
  PROFILES,
  type PrivacyClass,
  type Profile,
  treatment,
} from '../../sensor/src/wire/field.ts';
import type { Frame } from '../support/packets/capture.ts';
import { batchOf, type Eve } from '../support/sense.ts';
import { framesOf, readBooks, type Spoken } from './conversations/conversation.ts';

const books = await readBooks();
const folder = mkdtempSync(join(tmpdir(), 'yagura-privacy-'));
afterAll(() => rmSync(folder, { recursive: true }));
const KEY = new Uint8Array(32).fill(3);

/**
 * A shorter text may stand in another one by chance; a number or an address is of class `flow` wherever it comes from.
 */
const isTelling = (text: string): boolean => text.length >= 4 && !/^[\d.:/-]*$/.test(text);

/**
 * What a private field and one that leaves may both say, because they mean different things there:
 * private field → field that leaves → why.
 */
const ALSO_OPEN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'pgsql.response.message': {
    'pgsql.response.auth':
      'The step of the log-in, a word of the protocol; the private one may be text of an error too.',
  },
  'smb.filename': {
    'smb.pipe': 'The pipe of a service that everybody knows; all others are told as file names only.',
    'smb.dcerpc.interfaces.service': 'The service behind that pipe, named by its number.',
  },
  'tls.client.issuerdn': {
    'tls.subject': 'An authority that signs for a person may be the server itself.',
    'tls.issuerdn': 'An authority may sign for both sides.',
  },
  'tls.client.notbefore': { 'tls.notbefore': "Of the server's certificate, which may be of the same day." },
  'tls.client.notafter': { 'tls.notafter': "Of the server's certificate, which may be of the same day." },
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

const writings = new Map<string, Promise<Written>>();
/** Each conversation is written once for each profile, however many laws look at it. */
function written(one: Spoken, profile: Profile): Promise<Written> {
  const key = `${profile} ${one.transport} ${one.port} ${one.about}`;
  const known = writings.get(key) ?? write(framesOf(one), profile);
  writings.set(key, known);
  return known;
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
const leaks = ({ lines, secrets }: Written): string[] => {
  const found = lines.flatMap((line) =>
    leaves(line).flatMap(({ field, text }) =>
      secrets
        .filter((secret) => text.includes(secret.text) && ALSO_OPEN[secret.field]?.[field] === undefined)
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
  (_, { spoken }) => {
    test.each(['strict', 'standard'] as const)(
      '%s: neither identifiers nor content in clear',
      async (profile) => {
        for (const one of spoken) expect(leaks(await written(one, profile)), one.about).toEqual([]);
      },
    );

    test('standard: the same person is the same hash', async () => {
      for (const one of spoken) {
        const { lines, secrets, gate } = await written(one, 'standard');
        const people = secrets.filter(({ field }) => fieldClass(field) === 'identifier');
        const told = new Set(lines.flatMap((line) => leaves(line)).map(({ text }) => text));
        for (const { text, field } of people)
          expect(told, `${one.about} ${field}`).toContain(gate.hash(text));
      }
    });

    test.each(Object.keys(PROFILES) as Profile[])(
      '%s: every line is in the closed schema',
      async (profile) => {
        for (const one of spoken) {
          const { lines, gate } = await written(one, profile);
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
        for (const { field, text } of (await written(one, 'strict')).lines.flatMap((line) => leaves(line)))
          if (free.has(field)) {
            expect(text.length, field).toBeLessThanOrEqual(MAX_FREE_TEXT);
            expect(text, field).not.toMatch(/[\p{Cc}]|\w@\w/u);
          }
    });
  },
);

const fieldClass = (name: string): PrivacyClass | undefined =>
  Object.values(eventFields)
    .flat()
    .find((field) => field.name.replaceAll('[]', '') === name.replaceAll('[]', ''))?.class;

test('the search finds what is private where an order lets it out', async () => {
  const silent: string[] = [];
  for (const [name, { spoken }] of books) {
    const strict = await Promise.all(spoken.map((one) => written(one, 'strict')));
    const lawful = await Promise.all(spoken.map((one) => written(one, 'lawful-order')));
    const secrets = strict.flatMap((one) => one.secrets);
    const found = leaks({ ...lawful[0], lines: lawful.flatMap(({ lines }) => lines), secrets });
    if (secrets.length > 0 && found.length === 0) silent.push(name);
  }
  expect(silent).toEqual([]);
});

test('every exception is of two fields that there are, of which only the first is private', () => {
  for (const [secret, open] of Object.entries(ALSO_OPEN)) {
    expect(treatment('strict', fieldClass(secret) as PrivacyClass), secret).toBe('withheld');
    for (const field of Object.keys(open))
      expect(treatment('strict', fieldClass(field) as PrivacyClass), field).toBe('clear');
  }
});

test('a hash looks like one', () => {
  expect(isHash(new Gate({ profile: 'standard', key: KEY }).hash('x'))).toBe(true);
});
