// HTTP/1 messages as text, and what the sensor tells of a conversation in which they are said.
import { type Eve, type Setting, sense } from '../sense.ts';
import { Conversation, type Ends, type Side } from './conversation.ts';

export type Said = readonly [Side, string];

/** A start line and header fields, with the empty line that ends a head. */
export const head = (line: string, ...fields: string[]): string => [line, ...fields, '', ''].join('\r\n');

/** The TCP connection on which all this is said. */
export function connection(said: readonly Said[], ends: Ends = {}): Conversation {
  const conversation = new Conversation(ends).handshake();
  for (const [side, text] of said) conversation.send(side, text);
  return conversation.close();
}

/** The `http` records of it. */
export const httpEvents = (said: readonly Said[], setting: Setting = {}, ends: Ends = {}): Eve[] =>
  sense(connection(said, ends).frames, setting)
    .of('http')
    .map((e) => e['http']);

/** The names of its anomalies. */
export const httpAnomalies = (said: readonly Said[]): string[] =>
  sense(connection(said).frames)
    .of('anomaly')
    .map((e) => e['anomaly'].event);
