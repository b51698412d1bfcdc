// What a `pgsql` record says, in Suricata's words.

import type { PrivacyClass } from '../../wire/field.ts';
import { describe } from '../describe.ts';
import type { Field, Value } from '../protocol.ts';
import { OPTIONAL_WORDS, type Parameters, STATUS_WORDS, type Transaction } from './transaction.ts';

const { text, number, flag } = describe<Transaction>('pgsql');

/** Whatever the server wrote. */
const free = (field: Field<Transaction>): Field<Transaction> => ({ ...field, isFree: true });

/** A list of objects with one member each: one column a word, with holes. */
const columns = (
  path: string,
  words: readonly string[],
  about: string,
  of: (t: Transaction) => Parameters,
  classes: Readonly<Record<string, PrivacyClass>>,
): Field<Transaction>[] =>
  words.map((word) =>
    text(
      `${path}[].${word}`,
      `${about}: ${word}.`,
      (t): Value => {
        const rows = of(t);
        return rows.length === 0
          ? undefined
          : rows.map(([name, value]) => (name === word ? value : undefined));
      },
      { class: classes[word] ?? 'protocol' },
    ),
  );

export const pgsqlFields: readonly Field<Transaction>[] = [
  number('tx_id', 'Number of the exchange in its connection.', (t) => t.id),
  text('request.message', 'What the client asks for, where it is no start.', (t) => t.request),
  text('request.protocol_version', 'Version of the protocol.', (t) => t.protocolVersion),
  text('request.startup_parameters.user', 'Who logs in.', (t) => t.user, { class: 'identifier' }),
  ...columns(
    'request.startup_parameters.optional_parameters',
    OPTIONAL_WORDS,
    'Parameter that the client begins with',
    (t) => t.optional,
    { database: 'content' },
  ),
  text(
    'request.sasl_authentication_mechanism',
    'Method by which the client proves who it is.',
    (t) => t.mechanism,
  ),
  flag('response.ssl_accepted', 'The server goes over to TLS.', (t) => t.sslAccepted),
  text('response.auth', 'What the server wants of the client, or grants it.', (t) => t.auth),
  text('response.message', 'The same, or the text of an error.', (t) => t.fault?.message ?? t.auth, {
    class: 'content',
  }),
  ...columns(
    'response.parameter_status',
    STATUS_WORDS,
    'What the server reports of the session',
    (t) => t.status,
    { session_authorization: 'identifier' },
  ),
  number(
    'response.backend_key_data.process_id',
    'Number of the process that serves the client; the key beside it is passed over.',
    (t) => (t.request === 'cancel_request' ? undefined : t.processId),
  ),
  number('request.process_id', 'Process whose query is to be cancelled.', (t) =>
    t.request === 'cancel_request' ? t.processId : undefined,
  ),
  text(
    'response.severity_localizable',
    'How bad an error is, in the language of the server.',
    (t) => t.fault?.severity,
  ),
  text('response.severity_non_localizable', 'How bad an error is.', (t) => t.fault?.severityPlain),
  text('response.code', 'SQLSTATE of an error.', (t) => t.fault?.code, { aliases: ['error_code'] }),
  free(text('response.file', "Place in the server's source that reports it.", (t) => t.fault?.file)),
  text('response.line', 'Line in it.', (t) => t.fault?.line),
  free(text('response.routine', 'Routine in it.', (t) => t.fault?.routine)),
  text('commands[].name', 'Kind of message that the client sent, when it leaves.', (t) => t.commands?.names),
  number('commands[].count', 'How many there were.', (t) => t.commands?.counts, { class: 'flow' }),
];
