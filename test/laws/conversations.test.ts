// Every protocol as it is spoken in its book: the sensor says what the book says, on any port, in any segments.
import { describe, expect, test } from 'vitest';
import { protocols } from '../../sensor/src/protocols/index.ts';
import type { Protocol } from '../../sensor/src/protocols/protocol.ts';
import type { Frame } from '../support/packets/capture.ts';
import { type Eve, sense } from '../support/sense.ts';
import { framesOf, framesOnAnyPort, readBooks, type Spoken } from './conversations/conversation.ts';

const all = new Map((protocols as readonly Protocol[]).map((protocol) => [protocol.name, protocol]));
const books = await readBooks();
/** These take anything with a possible header on their own port, and say what is wrong with it. */
const READS_DAMAGED = new Set(['dns']);

/** The value at a path; over a list, the list of its elements' values. */
function look(value: unknown, path: readonly string[]): unknown {
  if (path.length === 0) return value;
  if (Array.isArray(value)) return value.map((one) => look(one, path));
  return value === null || typeof value !== 'object'
    ? undefined
    : look((value as Eve)[path[0]], path.slice(1));
}

/** Of each record, the fields that the book names. */
const named = (records: readonly Eve[], { says }: Spoken): object[] =>
  records.map((record, i) =>
    Object.fromEntries(Object.keys(says[i] ?? {}).map((path) => [path, look(record, path.split('.'))])),
  );

function heard(protocol: Protocol, spoken: Spoken, frames: readonly Frame[]): object {
  const { of } = sense(frames);
  const anomalies = of('anomaly').map((event) => look(event, ['anomaly', 'event']));
  return { says: named(of(protocol.record ?? protocol.name), spoken), anomalies };
}

const expected = (name: string, { says, anomalies = [] }: Spoken): object => ({
  says,
  anomalies: anomalies.map((anomaly) => `${name}.${anomaly}`),
});

describe.each([...books])('%s', (name, { spoken, byPortOnly }) => {
  const protocol = all.get(name);
  if (protocol === undefined) throw new Error(`conversations/${name}.ts: there is no protocol of this name`);

  test.each(spoken.map((one) => [one.about, one] as const))('%s', (_, one) => {
    expect(heard(protocol, one, framesOf(one))).toEqual(expected(name, one));
    const flows = sense(framesOf(one)).of('flow');
    expect(flows.some((flow) => flow['app_proto'] === name || flow['app_proto_orig'] === name)).toBe(true);
  });

  // A book that says so has its reason beside it.
  if (byPortOnly === undefined)
    test('is known by its bytes alone', () => {
      for (const one of spoken)
        expect(heard(protocol, one, framesOnAnyPort(one)), one.about).toEqual(expected(name, one));
    });

  test('says the same whatever the segments', () => {
    for (const one of spoken.filter(({ transport }) => transport === 'tcp'))
      for (const size of [1, 3, 50])
        expect(heard(protocol, one, framesOf(one, one.port, size)), `${one.about} by ${size}`).toEqual(
          expected(name, one),
        );
  });

  test('a port of its own with other talk on it is not taken for it', () => {
    for (const transport of ['tcp', 'udp'] as const)
      for (const bytes of [
        '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'.padEnd(300, '\x5a'),
        '\0'.repeat(64),
      ]) {
        const port = (transport === 'tcp' ? protocol.tcpPorts : protocol.udpPorts)[0];
        if (port === undefined) continue;
        const noise: Spoken = { about: '', transport, port, messages: [['client', bytes]], says: [] };
        const { of } = sense(framesOf(noise));
        if (!READS_DAMAGED.has(name) && !(name === 'tls' && transport === 'tcp'))
          expect(of(protocol.record ?? name), `${transport} ${port}`).toEqual([]);
      }
  });
});
