// What an `ftp` record says of one command with its replies.
import type { Field, Value } from '../protocol.ts';

export class Transaction {
  /** Absent for the greeting. */
  command: string | undefined;
  data: string | undefined;
  /** Who logs in on this connection. */
  user: string | undefined;
  readonly codes: string[] = [];
  readonly replies: string[] = [];
  truncated = false;
  mode: 'active' | 'passive' | undefined;
  port: number | undefined;
}

type Spec = Omit<Field<Transaction>, 'read' | 'type'> & { type?: Field['type'] };
const field = (spec: Spec, read: (t: Transaction) => Value): Field<Transaction> => ({
  type: 'string',
  ...spec,
  read,
});

export const ftpFields: readonly Field<Transaction>[] = [
  field(
    {
      name: 'ftp.command',
      class: 'protocol',
      aliases: ['zeek.ftp.command'],
      about: 'Command of the client.',
    },
    (t) => t.command,
  ),
  field(
    {
      name: 'ftp.command_data',
      class: 'content',
      aliases: ['zeek.ftp.arg'],
      about: 'What stands behind the command; never that of a password.',
    },
    (t) => t.data,
  ),
  field(
    { name: 'ftp.user', class: 'identifier', aliases: ['zeek.ftp.user'], about: 'Who logs in.' },
    (t) => t.user,
  ),
  field(
    {
      name: 'ftp.completion_code',
      class: 'protocol',
      aliases: ['zeek.ftp.reply_code'],
      about: 'Codes of the replies to this command.',
    },
    (t) => (t.codes.length > 0 ? t.codes : undefined),
  ),
  field(
    {
      name: 'ftp.reply',
      class: 'content',
      aliases: ['zeek.ftp.reply_msg'],
      about: 'Texts of these replies.',
    },
    (t) => (t.replies.length > 0 ? t.replies : undefined),
  ),
  field({ name: 'ftp.reply_received', class: 'protocol', about: 'yes or no.' }, (t) =>
    t.codes.length > 0 ? 'yes' : 'no',
  ),
  field(
    {
      name: 'ftp.reply_truncated',
      type: 'boolean',
      class: 'protocol',
      about: 'Not all lines of the reply are told.',
    },
    (t) => t.truncated,
  ),
  field(
    { name: 'ftp.mode', class: 'protocol', about: 'Who opens the data connection: active or passive.' },
    (t) => t.mode,
  ),
  field(
    {
      name: 'ftp.dynamic_port',
      type: 'integer',
      class: 'flow',
      aliases: ['zeek.ftp.data_channel.resp_p'],
      about: 'Port of the data connection.',
    },
    (t) => t.port,
  ),
];
