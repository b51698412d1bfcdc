// What an `smtp` record says of one mail's way: envelope, the header fields that are logged by custom, the last reply.
import type { Field, Value } from '../protocol.ts';

/** Header fields that are read; their names as records spell them. */
export const HEADERS = [
  'date',
  'from',
  'to',
  'cc',
  'reply-to',
  'message-id',
  'in-reply-to',
  'subject',
  'user-agent',
  'x-mailer',
  'x-originating-ip',
] as const;
export type HeaderName = (typeof HEADERS)[number];

export class Transaction {
  helo: string | undefined;
  mailFrom: string | undefined;
  readonly rcptTo: string[] = [];
  /** Recipients beyond those that are kept. */
  more = 0;
  headers: Partial<Record<HeaderName, string>> | undefined;
  /** Bytes of the mail, headers included. */
  size = 0;
  lastCode: number | undefined;
  lastReply: string | undefined;
  /** Mechanism of the log-in, and the code of its end. */
  auth: string | undefined;
  authCode: number | undefined;
  tls = false;
  /** Number of the mail within the connection, from 1. */
  depth = 1;
}

type Spec = Omit<Field<Transaction>, 'read' | 'type'> & { type?: Field['type'] };
const field = (spec: Spec, read: (t: Transaction) => Value): Field<Transaction> => ({
  type: 'string',
  ...spec,
  read,
});
const header = (
  name: string,
  aliases: readonly string[],
  fieldClass: Field['class'],
  about: string,
  ...from: HeaderName[]
): Field<Transaction> =>
  field({ name: `smtp.${name}`, aliases, class: fieldClass, about }, (t) => {
    for (const one of from) if (t.headers?.[one] !== undefined) return t.headers[one];
    return undefined;
  });

const some = <T extends string>(list: readonly T[]): readonly T[] | undefined =>
  list.length > 0 ? list : undefined;

/** Behind the last @ of an address, in lower case. */
const domainOf = (address: string): string | undefined =>
  /@([^@<>\s]+)>?[^@]*$/.exec(address)?.[1].toLowerCase();

export const smtpFields: readonly Field<Transaction>[] = [
  field(
    {
      name: 'smtp.helo',
      class: 'identifier',
      aliases: ['helo'],
      about: 'Name that the client gives itself.',
    },
    (t) => t.helo,
  ),
  field(
    {
      name: 'smtp.mail_from',
      class: 'identifier',
      aliases: ['mailfrom'],
      about: 'Sender in the envelope, in its brackets.',
    },
    (t) => t.mailFrom,
  ),
  field(
    {
      name: 'smtp.rcpt_to',
      class: 'identifier',
      aliases: ['rcptto'],
      about: 'Recipients in the envelope, in their brackets.',
    },
    (t) => some(t.rcptTo),
  ),
  field(
    { name: 'smtp.mail_from_domain', class: 'name', about: 'Domain of the sender in the envelope.' },
    (t) => (t.mailFrom === undefined ? undefined : domainOf(t.mailFrom)),
  ),
  field({ name: 'smtp.rcpt_to_domain', class: 'name', about: 'Domains of the recipients, each once.' }, (t) =>
    some([...new Set(t.rcptTo.map(domainOf).filter((domain) => domain !== undefined))]),
  ),
  field(
    { name: 'smtp.rcpt_count', type: 'integer', class: 'protocol', about: 'Recipients that were named.' },
    (t) => t.rcptTo.length + t.more,
  ),
  field(
    {
      name: 'smtp.trans_depth',
      type: 'integer',
      class: 'protocol',
      aliases: ['zeek.smtp.trans_depth'],
      about: 'Number of the mail within the connection.',
    },
    (t) => t.depth,
  ),
  field(
    { name: 'smtp.size', type: 'integer', class: 'flow', about: 'Bytes of the mail, with its header.' },
    (t) => t.size,
  ),
  field(
    {
      name: 'smtp.last_code',
      type: 'integer',
      class: 'protocol',
      about: 'Code of the last reply to this mail.',
    },
    (t) => t.lastCode,
  ),
  field(
    {
      name: 'smtp.last_reply',
      class: 'content',
      aliases: ['last_reply'],
      about: 'Text of the last reply to this mail.',
    },
    (t) => t.lastReply,
  ),
  field(
    { name: 'smtp.tls', type: 'boolean', class: 'protocol', about: 'The connection went over to TLS.' },
    (t) => t.tls,
  ),
  field(
    { name: 'smtp.auth_mechanism', class: 'protocol', about: 'How the client logs in (SASL mechanism).' },
    (t) => t.auth,
  ),
  field(
    {
      name: 'smtp.auth_code',
      type: 'integer',
      class: 'protocol',
      about: 'Code of the reply that ended the log-in: 235 when it succeeded.',
    },
    (t) => t.authCode,
  ),
  header('date', ['email.date'], 'content', 'Date field of the mail.', 'date'),
  header('from', ['email.from'], 'identifier', 'From field of the mail.', 'from'),
  header('to', ['email.to'], 'identifier', 'To field of the mail.', 'to'),
  header('cc', ['email.cc'], 'identifier', 'Cc field of the mail.', 'cc'),
  header('reply_to', ['email.reply_to'], 'identifier', 'Reply-To field of the mail.', 'reply-to'),
  header('msg_id', ['email.message_id'], 'content', 'Message-ID field of the mail.', 'message-id'),
  header('in_reply_to', ['email.in_reply_to'], 'content', 'In-Reply-To field of the mail.', 'in-reply-to'),
  header('subject', ['email.subject'], 'content', 'Subject field of the mail.', 'subject'),
  header(
    'user_agent',
    ['email.x_mailer'],
    'protocol',
    'Program that wrote the mail.',
    'user-agent',
    'x-mailer',
  ),
  header(
    'x_originating_ip',
    ['email.x_originating_ip'],
    'identifier',
    'Address that the mail says it was written at.',
    'x-originating-ip',
  ),
];
