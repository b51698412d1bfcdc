// One exchange of PostgreSQL's log-in, in the shape of Suricata's `pgsql` record.
import { shown } from '../../bytes/line.ts';
import { find } from '../../bytes/text.ts';
import type { Tally } from '../tally.ts';

const MAX_VALUE = 256;
/** Parameters of one start, or statuses of one answer. */
const MAX_PARAMETERS = 32;

/** What those fields look like whose form is known. */
const FORMS: Readonly<Partial<Record<keyof Fault, RegExp>>> = {
  code: /^[0-9A-Z]{5}$/,
  line: /^\d{1,7}$/,
  severity: /^\p{L}{1,16}$/u,
  severityPlain: /^[A-Z]{1,16}$/,
};

/** A list of `{name: value}` objects, each with one member: a row, its name, its value. */
export type Parameters = (readonly [name: string, value: string])[];

/** Parameters that a server reports, and Suricata's words for them. */
const STATUS: Readonly<Record<string, string>> = {
  application_name: 'application_name',
  client_encoding: 'client_encoding',
  DateStyle: 'date_style',
  integer_datetimes: 'integer_datetimes',
  IntervalStyle: 'interval_style',
  is_superuser: 'is_superuser',
  server_encoding: 'server_encoding',
  server_version: 'server_version',
  session_authorization: 'session_authorization',
  standard_conforming_strings: 'standard_conforming_strings',
  TimeZone: 'time_zone',
};
export const STATUS_WORDS = Object.values(STATUS);

/** Parameters that a client may begin with; of others nothing is kept. */
export const OPTIONAL_WORDS = ['database', 'application_name', 'client_encoding', 'replication'] as const;

/** Fields of errors and notices that are kept (§55.8), by their code. What else they say may be private. */
const ERROR_FIELDS: Readonly<Record<number, keyof Fault>> = {
  83: 'severity',
  86: 'severityPlain',
  67: 'code',
  77: 'message',
  70: 'file',
  76: 'line',
  82: 'routine',
};
export interface Fault {
  severity?: string;
  severityPlain?: string;
  code?: string;
  message?: string;
  file?: string;
  line?: string;
  routine?: string;
}

export class Transaction {
  readonly id: number;
  /** What the client asks for, where it is no start. */
  request: string | undefined;
  protocolVersion: string | undefined;
  user: string | undefined;
  optional: Parameters = [];
  mechanism: string | undefined;
  sslAccepted: boolean | undefined;
  /** What the server wants, or grants. */
  auth: string | undefined;
  status: Parameters = [];
  processId: number | undefined;
  fault: Fault | undefined;
  /** Counts of the whole connection, in its last record. */
  commands: Tally | undefined;
  hasAnswer = false;

  constructor(id: number) {
    this.id = id;
  }

  /** StartupMessage: names and values, each ended by a zero, and one zero more. */
  start(b: Uint8Array, at: number, end: number): void {
    this.protocolVersion = `${b[at] * 256 + b[at + 1]}.${b[at + 2] * 256 + b[at + 3]}`;
    let next = at + 4;
    for (let n = 0; n < MAX_PARAMETERS && next < end && b[next] !== 0; n++) {
      const name = until(b, next, end);
      const value = until(b, name + 1, end);
      const word = shown(b, next, name, 64);
      if (word === 'user') this.user = shown(b, name + 1, value, MAX_VALUE);
      else if ((OPTIONAL_WORDS as readonly string[]).includes(word))
        this.optional.push([word, shown(b, name + 1, value, MAX_VALUE)]);
      next = value + 1;
    }
  }

  /** ParameterStatus. */
  parameter(b: Uint8Array, at: number, end: number): void {
    const name = until(b, at, end);
    const word = STATUS[shown(b, at, name, 64)];
    if (word === undefined || this.status.length >= MAX_PARAMETERS) return;
    this.status.push([word, shown(b, name + 1, until(b, name + 1, end), MAX_VALUE)]);
  }

  /** ErrorResponse and NoticeResponse: a code and a text each. */
  error(b: Uint8Array, at: number, end: number): void {
    const fault: Fault = {};
    let next = at;
    for (let n = 0; n < MAX_PARAMETERS && next < end && b[next] !== 0; n++) {
      const stop = until(b, next + 1, end);
      const field = ERROR_FIELDS[b[next]];
      const said = field === undefined ? '' : shown(b, next + 1, stop, MAX_VALUE);
      if (field !== undefined && (FORMS[field]?.test(said) ?? true)) fault[field] ??= said;
      next = stop + 1;
    }
    this.fault = fault;
  }
}

export function until(b: Uint8Array, at: number, end: number): number {
  const zero = at < end ? find(b, 0, at, end) : -1;
  return zero < 0 ? end : zero;
}
