// The head of an HTTP/1 message as rules look at it: read in place while the transaction is at hand, and kept by nobody.
/*
 * These buffers are no fields of ours: they have no name in the closed schema, so nothing of them can leave. A transaction
 * that another sensor told of, and one of HTTP/2, has none.
 */
import { latin1 } from '../../bytes/text.ts';
import type { Event, Value } from '../../protocols/event.ts';
import type { Transaction } from '../../protocols/http/transaction.ts';
import { WireHead } from '../../protocols/http/wire-head.ts';

/** Bytes of a head that are looked at. */
const MAX_HEAD = 16_384;

type Side = 'request' | 'response';

/** A header field: its name as it was written, and its value without blanks around it. */
interface HeaderField {
  readonly name: string;
  readonly lower: string;
  readonly value: string;
}

function headOf(event: Event, side: Side): WireHead | undefined {
  if (event.isTold === true) return undefined;
  const head = (event.message as Transaction)[side];
  return head instanceof WireHead && head.isBegun ? head : undefined;
}

const startLine = (head: WireHead): string => latin1(head.bytes, head.start, head.fieldsAt);

function fieldsOf(head: WireHead): HeaderField[] {
  const text = latin1(head.bytes, head.fieldsAt, Math.min(head.end, head.start + MAX_HEAD));
  const out: HeaderField[] = [];
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon);
    out.push({ name, lower: name.toLowerCase(), value: line.slice(colon + 1).trim() });
  }
  return out;
}

const isCookie = ({ lower }: HeaderField): boolean => lower === 'cookie' || lower === 'set-cookie';

/** Value of a header field; those of one that stands there more than once with a comma between, as RFC 9110 §5.2 has it. */
const valueNamed =
  (name: string) =>
  (head: WireHead): string | undefined => {
    const found = fieldsOf(head).filter(({ lower }) => lower === name);
    return found.length === 0 ? undefined : found.map(({ value }) => value).join(', ');
  };

const names = (head: WireHead): string =>
  `\r\n${fieldsOf(head)
    .map(({ name }) => `${name}\r\n`)
    .join('')}\r\n`;

const READERS: Readonly<Record<string, (head: WireHead) => Value>> = {
  line: startLine,
  header: (head) =>
    fieldsOf(head)
      .filter((field) => !isCookie(field))
      .map(({ name, value }) => `${name}: ${value}\r\n`)
      .join(''),
  raw: (head) =>
    latin1(head.bytes, head.fieldsAt, Math.min(head.end, head.start + MAX_HEAD)).replace(/^\r?\n/, ''),
  names,
  start: (head) => `${startLine(head)}${names(head)}`,
  fields: (head) => fieldsOf(head).map(({ name, value }) => `${name}: ${value}`),
  cookie: valueNamed('cookie'),
  'set-cookie': valueNamed('set-cookie'),
  accept: valueNamed('accept'),
  'accept-encoding': valueNamed('accept-encoding'),
  'accept-language': valueNamed('accept-language'),
  connection: valueNamed('connection'),
  'content-length': valueNamed('content-length'),
  'content-type': valueNamed('content-type'),
  // Digits of the code, a blank, and the rest of the line.
  message: (head) => /^\S+ +\d{3} +(.*)$/s.exec(startLine(head))?.[1],
};

/** What stands before the path of a buffer that is no field: `@request.names`. */
export const isHeadPath = (path: string): boolean => path.startsWith('@');

/** @throws Error for a path that nobody reads: the table of buffers is wrong */
export function headReader(path: string): (event: Event) => Value {
  const [side, name] = path.slice(1).split(/\.(.*)/s);
  const read = READERS[name];
  if (read === undefined || (side !== 'request' && side !== 'response'))
    throw new Error(`no head has ${path}`);
  return (event) => {
    const head = headOf(event, side);
    return head && read(head);
  };
}
