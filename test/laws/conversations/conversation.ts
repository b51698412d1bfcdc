// What two sides say to each other in a protocol, written down byte by byte, and what the sensor should say of it.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Frame, NOON } from '../../support/packets/capture.ts';
import { Conversation, datagrams, type Side } from '../../support/packets/conversation.ts';
import type { Octets } from '../../support/packets/octets.ts';

export interface Spoken {
  /** One sentence: who does what. */
  readonly about: string;
  readonly transport: 'tcp' | 'udp';
  /** The server's usual port. */
  readonly port: number;
  /** Where it differs from a port above 40,000. */
  readonly clientPort?: number;
  /** What the same two said before on another connection, which announced this one. */
  readonly before?: Pick<Spoken, 'transport' | 'port' | 'messages'> | undefined;
  /** In turn; each is one datagram, or one piece of the stream. */
  readonly messages: readonly (readonly [Side, Octets])[];
  /**
   * The protocol's records in their order, as the sensor writes them under `lawful-order`, each with its fields at
   * least: `{ 'modbus.function': 3, 'modbus.queries': ['a'] }`; a field that must be absent is `undefined`.
   * Paths are written without `[]`; a column of a list is a list.
   */
  readonly says: readonly Readonly<Record<string, unknown>>[];
  /** Anomalies of the protocol, by name, in their order. */
  readonly anomalies?: readonly string[];
}

/** What a file of this folder exports under the name `spoken`; the file has the name of the protocol. */
export interface Book {
  readonly spoken: readonly Spoken[];
  /** Why this protocol cannot be told by its bytes alone, and is looked for on its ports only. */
  readonly byPortOnly?: string;
}

const ANY_PORT = 40_404;

export function framesOf(spoken: Spoken, port: number = spoken.port, segment = 1460): Frame[] {
  const ends = { serverPort: port, clientPort: spoken.clientPort ?? 51_515 };
  const before =
    spoken.before === undefined
      ? []
      : framesOf({ ...spoken, ...spoken.before, before: undefined, clientPort: 51_514 });
  const start = (before.at(-1)?.time ?? NOON) + 1000;
  if (spoken.transport === 'udp') return [...before, ...datagrams({ ...ends, start }, spoken.messages)];
  const conversation = new Conversation({ ...ends, start }).handshake();
  for (const [side, bytes] of spoken.messages)
    conversation.send(side, bytes, segment).acknowledge(side === 'client' ? 'server' : 'client');
  return [...before, ...conversation.close().frames];
}

export const framesOnAnyPort = (spoken: Spoken): Frame[] => framesOf(spoken, ANY_PORT);

/** Protocol → its book. */
export async function readBooks(): Promise<ReadonlyMap<string, Book>> {
  const books = new Map<string, Book>();
  for (const file of readdirSync(import.meta.dirname).sort())
    if (file !== 'conversation.ts')
      books.set(file.replace(/\.ts$/, ''), (await import(join(import.meta.dirname, file))) as Book);
  return books;
}
