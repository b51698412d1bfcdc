// The law of probes: the first message of each side, as any book has it, is claimed by the book's own protocol and by no other.
import { describe, expect, test } from 'vitest';
import type { Direction } from '../../sensor/src/flow/parser.ts';
import { protocols } from '../../sensor/src/protocols/index.ts';
import type { Protocol } from '../../sensor/src/protocols/protocol.ts';
import type { Side } from '../support/packets/conversation.ts';
import { octets } from '../support/packets/octets.ts';
import { readBooks, type Spoken } from './conversations/conversation.ts';

const all: readonly Protocol[] = protocols;
const books = await readBooks();

/** Protocol that speaks → protocol that says yes to it as well, and why that does no harm. */
const SHARED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  llmnr: { dns: 'RFC 4795 §2.1.1: messages of DNS on a port of their own, and DNS names no such port.' },
  mdns: { dns: 'RFC 6762 §18: messages of DNS on a port of their own, and DNS names no such port.' },
  pop3: { ftp: 'USER begins both; both servers speak first, and are told apart by their greeting.' },
  websocket: { http: 'RFC 6455 §4: it begins as a request of HTTP, and its frames come after the upgrade.' },
};

/** Who says yes to these bytes. */
function claims(
  bytes: Uint8Array,
  direction: Direction,
  transport: Spoken['transport'],
): readonly Protocol['name'][] {
  return all
    .filter((p) =>
      transport === 'tcp' ? p.open !== undefined : p.datagram !== undefined || p.openDatagrams !== undefined,
    )
    .filter((p) => p.probe(bytes, 0, bytes.length, direction, transport) === 'yes')
    .map(({ name }) => name);
}

function first({ messages }: Spoken, side: Side): Uint8Array | undefined {
  const message = messages.find(([speaker]) => speaker === side);
  return message === undefined ? undefined : octets(message[1]);
}

const SIDES = [
  ['client', 0],
  ['server', 1],
] as const;

describe.each([...books])('%s', (name, { spoken }) => {
  test.each(SIDES)("the %s's first message is nobody else's", (side, direction) => {
    for (const one of spoken) {
      const bytes = first(one, side);
      if (bytes === undefined) continue;
      const others = claims(bytes, direction, one.transport).filter(
        (other) => other !== name && SHARED[name]?.[other] === undefined,
      );
      expect(others, one.about).toEqual([]);
    }
  });
});

test('every exception is needed', () => {
  const unneeded = Object.entries(SHARED).flatMap(([name, others]) =>
    Object.keys(others).filter(
      (other) =>
        !(books.get(name)?.spoken ?? []).some((one) =>
          SIDES.some(([side, direction]) => {
            const bytes = first(one, side);
            return bytes !== undefined && claims(bytes, direction, one.transport).includes(other);
          }),
        ),
    ),
  );
  expect(unneeded).toEqual([]);
});

test('BER with lengths of four bytes is no Modbus: its zeros stand where Modbus has its protocol', () => {
  // A response of LDAP: SEQUENCE, message id 1, bind response with its own long length.
  for (const operation of [0x61, 0x64, 0x65, 0x78]) {
    const body = [2, 1, 1, operation, 0x84, 0, 0, 0, 7, 10, 1, 0, 4, 0, 4, 0];
    expect(claims(octets([0x30, 0x84, 0, 0, 0, body.length], body), 1, 'tcp')).toEqual(['ldap']);
  }
});
