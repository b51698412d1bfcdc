// Laws of every protocol: it describes itself, keeps to what it declares, and takes any bytes in any pieces without harm.
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { envelope } from '../../sensor/src/protocols/envelope.ts';
import type { Event } from '../../sensor/src/protocols/event.ts';
import { protocols, recordFields } from '../../sensor/src/protocols/index.ts';
import type { Direction, Protocol, StreamParser, Value } from '../../sensor/src/protocols/protocol.ts';
import { pathOf } from '../../sensor/src/rules/fields.ts';
import { PRIVACY_CLASSES } from '../../sensor/src/wire/field.ts';
import { Conversation, datagrams, type Side } from '../support/packets/conversation.ts';
import { type Eve, sense, senseFile } from '../support/sense.ts';
import { flow } from '../support/stage.ts';
import { framesOf, readBooks } from './conversations/conversation.ts';

const all: readonly Protocol[] = protocols;
const CAPTURES = join(import.meta.dirname, '../captures');
const books = await readBooks();

/** Recordings in which protocols are spoken. One that is not recorded is spoken in `conversations/`. */
const SPOKEN: Readonly<Record<string, readonly string[]>> = {
  dns: ['dns-resolver', 'dns-odd'],
  tls: ['browse-tls12', 'browse-tls13'],
  http: ['browse-http1', 'http-odd'],
};
/** Datagrams, and streams, that are tried of each protocol. */
const TRIED = 12;
const MAX_MESSAGE = 4096;

/** What one side said in one piece. */
interface Piece {
  readonly direction: Direction;
  readonly bytes: Uint8Array;
}
interface Heard {
  readonly datagrams: Piece[];
  readonly streams: Piece[][];
}

/** What a protocol is given while the sensor reads its recordings. */
async function listen(protocol: Protocol): Promise<Heard> {
  const heard: Heard = { datagrams: [], streams: [] };
  const listening = (parser: StreamParser): StreamParser => {
    const pieces: Piece[] = [];
    if (heard.streams.length < TRIED) heard.streams.push(pieces);
    return {
      stream(bytes, at, end, direction, emit) {
        const taken = parser.stream(bytes, at, end, direction, emit);
        if (taken > 0) pieces.push({ direction, bytes: bytes.slice(at, at + taken) });
        return taken;
      },
      gap: (direction, count) => parser.gap?.(direction, count) ?? false,
      end: (emit) => parser.end?.(emit),
    };
  };
  const { open, datagram, openDatagrams } = protocol;
  const hearing = (direction: Direction, bytes: Uint8Array): void => {
    if (heard.datagrams.length < TRIED) heard.datagrams.push({ direction, bytes });
  };
  const wrapped: Protocol = {
    ...protocol,
    ...(open === undefined ? {} : { open: (about: unknown) => listening(open(about)) }),
    ...(datagram === undefined
      ? {}
      : {
          datagram(bytes, at, end, direction, emit) {
            hearing(direction, bytes.slice(at, end));
            datagram(bytes, at, end, direction, emit);
          },
        }),
    ...(openDatagrams === undefined
      ? {}
      : {
          openDatagrams() {
            const parser = openDatagrams();
            return {
              datagram(bytes, at, end, direction, emit) {
                hearing(direction, bytes.slice(at, end));
                return parser.datagram(bytes, at, end, direction, emit);
              },
              end: (emit) => parser.end?.(emit),
            };
          },
        }),
  };
  const others = all.map((other) => (other === protocol ? wrapped : other));
  for (const capture of SPOKEN[protocol.name] ?? [])
    await senseFile(join(CAPTURES, `${capture}.pcap.zst`), { protocols: others });
  for (const spoken of books.get(protocol.name)?.spoken ?? []) sense(framesOf(spoken), { protocols: others });
  return heard;
}

/** A record of one message, and the law that every reader keeps to its declared type. */
function readAll(protocol: Protocol, message: unknown): Record<string, Value> {
  const event: Event = { type: protocol.name, time: 0, flow: flow(), message, fields: [] };
  const record: Record<string, Value> = {};
  for (const field of protocol.fields) {
    const value = field.read(message, event);
    record[field.name] = value;
    for (const one of [value].flat()) {
      const wanted = { string: 'string', address: 'string', time: 'string', boolean: 'boolean' };
      const isRight =
        one === undefined ||
        (field.type === 'integer' || field.type === 'number'
          ? Number.isFinite(one) && (field.type === 'number' || Number.isInteger(one))
          : typeof one === wanted[field.type]);
      if (!isRight) throw new Error(`${field.name} is declared ${field.type} and gave ${String(one)}`);
    }
  }
  return record;
}

const isDatagrams = (protocol: Protocol): boolean =>
  protocol.datagram !== undefined || protocol.openDatagrams !== undefined;

const CAPACITY = 2 * MAX_MESSAGE;

/** Everything a protocol says about pieces of one flow, told by its own parser. The bytes around them are `filling`. */
function hear(
  protocol: Protocol,
  form: 'datagram' | 'stream',
  pieces: readonly Piece[],
  filling = 0xaa,
): object[] {
  const said: object[] = [];
  const emit = {
    event: (message: unknown) => void said.push(readAll(protocol, message)),
    anomaly(name: string) {
      if (!(name in protocol.anomalies)) throw new Error(`${protocol.name} does not declare ${name}`);
      said.push({ anomaly: name });
    },
    upgrade() {},
    expect() {},
  };
  const parser = form === 'stream' ? protocol.open?.() : undefined;
  const talk = form === 'datagram' ? protocol.openDatagrams?.() : undefined;
  for (const { direction, bytes } of pieces) {
    const buffer = new Uint8Array(CAPACITY).fill(filling);
    const at = 64;
    buffer.set(bytes.subarray(0, MAX_MESSAGE), at);
    const end = at + Math.min(bytes.length, MAX_MESSAGE);
    protocol.probe(buffer, at, end, direction, form === 'stream' ? 'tcp' : 'udp');
    if (parser !== undefined) {
      const taken = parser.stream(buffer, at, end, direction, emit);
      if (!Number.isInteger(taken) || taken > end - at || taken < -2) throw new Error(`took ${taken} bytes`);
      if (taken < 0) break;
    } else if (talk === undefined) protocol.datagram?.(buffer, at, end, direction, emit);
    else if (talk.datagram(buffer, at, end, direction, emit) < 0) break;
  }
  parser?.end?.(emit);
  talk?.end?.(emit);
  return said;
}

/** Without what depends on the packets that carried it. */
const said = (events: readonly Eve[]): unknown[] =>
  events
    .filter((event) => event['event_type'] !== 'flow')
    .map(({ flow_id: _, time: __, timestamp: ___, community_id: ____, ...rest }) => rest);

test('record names and words: no word means two fields of one record', () => {
  for (const [type, fields] of Object.entries(recordFields)) {
    const meanings = new Map<string, string>();
    for (const field of [...envelope, ...fields])
      for (const word of new Set([pathOf(field), ...(field.aliases ?? [])])) {
        expect(meanings.get(word) ?? field.name, `${type}: ${word}`).toBe(field.name);
        meanings.set(word, field.name);
      }
  }
});

describe.each(all.map((protocol) => [protocol.name, protocol] as const))('%s', (name, protocol) => {
  let heard: Heard = { datagrams: [], streams: [] };
  beforeAll(async () => {
    heard = await listen(protocol);
  });
  const forms = [
    ...(isDatagrams(protocol) ? ['datagram' as const] : []),
    ...(protocol.open === undefined ? [] : ['stream' as const]),
  ];

  test('describes itself, its fields and its anomalies', () => {
    expect(name).toMatch(/^[a-z][a-z0-9_-]*$/);
    expect(protocol.about).toMatch(/^\S.*\.$/);
    expect(forms).not.toEqual([]);
    expect(protocol.fields.length).toBeGreaterThan(0);
    for (const field of protocol.fields) {
      expect(field.name).toMatch(/^[a-z0-9_]+(\[\])?(\.[a-z0-9_]+(\[\])?)+$/);
      expect(field.name.startsWith(`${(protocol.record ?? name).replaceAll('-', '_')}.`), field.name).toBe(
        true,
      );
      expect(PRIVACY_CLASSES, field.name).toContain(field.class);
      expect(field.about, field.name).toMatch(/^\S.*\.$/);
    }
    const names = protocol.fields.map((field) => field.name);
    expect(new Set(names).size).toBe(names.length);
    for (const [anomaly, about] of Object.entries(protocol.anomalies)) {
      expect(anomaly).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(about, anomaly).toMatch(/^[A-Z].*\.$/);
    }
  });

  test('is spoken in a recording of ours', () => {
    expect(heard.datagrams.length + heard.streams.length).toBeGreaterThan(0);
    const events = [
      ...heard.datagrams.flatMap((piece) => hear(protocol, 'datagram', [piece])),
      ...hear(protocol, 'datagram', heard.datagrams),
      ...heard.streams.flatMap((pieces) => hear(protocol, 'stream', pieces)),
    ];
    expect(events.length).toBeGreaterThan(0);
  });

  test.each(forms)('%s: takes any bytes without harm', (form) => {
    const piece = fc.record({
      direction: fc.constantFrom<Direction>(0, 1),
      bytes: fc.uint8Array({ maxLength: 300 }),
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        hear(protocol, form, pieces);
      }),
      { numRuns: 300 },
    );
  });

  test.each(forms)('%s: takes real messages, cut and damaged, without harm', (form) => {
    const messages = form === 'datagram' ? heard.datagrams.map((piece) => [piece]) : heard.streams;
    for (const pieces of messages)
      for (const [i, { direction, bytes }] of pieces.slice(0, 4).entries())
        for (let cut = 0; cut < Math.min(bytes.length, 400); cut += 1 + (cut >> 5)) {
          hear(protocol, form, [...pieces.slice(0, i), { direction, bytes: bytes.subarray(0, cut) }]);
          const damaged = bytes.slice();
          damaged[cut] ^= 0xff;
          hear(protocol, form, [...pieces.slice(0, i), { direction, bytes: damaged }]);
        }
  });

  test.each(forms)('%s: what stands around a message does not matter', (form) => {
    const messages = form === 'datagram' ? heard.datagrams.map((piece) => [piece]) : heard.streams;
    const cut = messages.map((pieces) =>
      pieces.map(({ direction, bytes }) => ({ direction, bytes: bytes.subarray(0, bytes.length - 3) })),
    );
    for (const pieces of [...messages, ...cut])
      expect(hear(protocol, form, pieces, 0x00)).toEqual(hear(protocol, form, pieces, 0xff));
  });

  test.each(forms.filter((form) => form === 'stream'))('%s: the same is said whatever the segments', () => {
    for (const pieces of heard.streams.slice(0, 6)) {
      const inSegmentsOf = (size: number): unknown[] => {
        const conversation = new Conversation({ serverPort: protocol.tcpPorts[0] ?? 9999 }).handshake();
        for (const { direction, bytes } of pieces) {
          const side: Side = direction === 0 ? 'client' : 'server';
          conversation.send(side, bytes, size).acknowledge(side === 'client' ? 'server' : 'client');
        }
        return said(sense(conversation.close().frames).events);
      };
      const whole = inSegmentsOf(1460);
      for (const size of [1, 7, 100]) expect(inSegmentsOf(size), `segments of ${size}`).toEqual(whole);
    }
  });

  test.each(forms.filter((form) => form === 'datagram'))(
    '%s: is known on any port by its bytes alone',
    () => {
      if (books.get(name)?.byPortOnly !== undefined) return;
      for (const { direction, bytes } of heard.datagrams
        .filter((piece) => piece.direction === 0)
        .slice(0, 1)) {
        expect(protocol.probe(bytes, 0, bytes.length, direction, 'udp')).toBe('yes');
        if (protocol.datagram === undefined) continue;
        const { of } = sense(datagrams({ serverPort: 40_404 }, [['client', bytes]]));
        expect(of(protocol.record ?? name).length).toBeGreaterThan(0);
      }
    },
  );
});
