// What an `smb` record says.
import { callFields } from '../dcerpc/fields.ts';
import { knownPipe } from '../dcerpc/interfaces.ts';
import { describe } from '../describe.ts';
import { loginFields } from '../gssapi.ts';
import type { Field } from '../protocol.ts';
import {
  cipherName,
  commandName,
  dispositionName,
  functionName,
  knownShare,
  shareTypeName,
} from './names.ts';
import type { Transaction } from './state.ts';
import { dosName, statusName } from './status.ts';

const { text, number, flag } = describe<Transaction>('smb');
/** The peer writes it as it likes. */
const free = (field: Field<Transaction>): Field<Transaction> => ({ ...field, isFree: true });

const content = { class: 'content' } as const;
const SUBCOMMANDS: Readonly<Record<number, string>> = { 6: 'SET_PATH_INFO', 8: 'SET_FILE_INFO' };

/** A file's name; Zeek's word stands for the root of a share. */
const named = (name: string | undefined): string | undefined => (name === '' ? '<share_root>' : name);
const isCreated = (t: Transaction): boolean => t.disposition !== undefined;

/** Who asks for a file and where. Of a pipe only its well-known name is told without its class. */
const pipeOf = (t: Transaction): string | undefined =>
  t.file?.tree?.isPipe === true || t.file?.association !== undefined ? knownPipe(t.file.name) : undefined;

export const smbFields: readonly Field<Transaction>[] = [
  number('id', 'Number of the record in its flow.', (t) => t.id),
  free(text('dialect', 'Dialect that both sides agreed on.', (t) => t.dialect ?? 'unknown')),
  text('command', 'Command of the request.', (t) => commandName(t.version, t.command), {
    aliases: ['command'],
  }),
  text(
    'status',
    'Status of the response, by name.',
    (t) =>
      t.status === undefined
        ? undefined
        : t.dosClass === undefined
          ? statusName(t.status)
          : dosName(t.dosClass, t.status),
    { aliases: ['status'] },
  ),
  text('status_code', 'The same as a number, hex.', (t) =>
    t.status === undefined
      ? undefined
      : `0x${t.dosClass === undefined ? t.status.toString(16) : t.status.toString(16).padStart(4, '0')}`,
  ),
  number('session_id', 'Number of the session.', (t) => t.sessionId),
  number('tree_id', 'Number of the share in the session.', (t) => t.treeId),
  flag('signed', 'The request is signed.', (t) => (t.isSigned ? true : undefined)),
  flag('encrypted', 'From here on messages of this session are encrypted.', (t) =>
    t.isEncrypted ? true : undefined,
  ),
  free(text('client_dialects', 'Dialects that the client offers.', (t) => t.clientDialects)),
  text('client_guid', "The client machine's number.", (t) => t.clientGuid, { class: 'identifier' }),
  text('server_guid', "The server machine's number.", (t) => t.serverGuid, { class: 'name' }),
  number('max_read_size', 'Bytes that one read may ask for.', (t) => t.maxRead),
  number('max_write_size', 'Bytes that one write may hold.', (t) => t.maxWrite),
  flag(
    'signing_required',
    'Messages must be signed, as the side that spoke last says.',
    (t) => t.signingRequired,
  ),
  text('cipher', 'Cipher that the server chose for encrypted sessions.', (t) =>
    t.cipher === undefined ? undefined : cipherName(t.cipher),
  ),
  ...loginFields<Transaction>('smb', (t) => t.login),
  free(text('request.native_os', 'Operating system that the client says it is.', (t) => t.requestOs)),
  free(text('request.native_lm', 'LAN manager that the client says it is.', (t) => t.requestLm)),
  free(text('response.native_os', 'Operating system that the server says it is.', (t) => t.responseOs)),
  free(text('response.native_lm', 'LAN manager that the server says it is.', (t) => t.responseLm)),
  text('share', 'Share, with its server.', (t) => (t.isPipe ? undefined : t.share), {
    ...content,
    aliases: ['path', 'ShareName'],
  }),
  text('named_pipe', 'Share of pipes, with its server.', (t) => (t.isPipe ? t.share : undefined), {
    class: 'name',
  }),
  text('well_known_share', 'The share, when every Windows machine has it: ADMIN$, C$, IPC$.', (t) => {
    const share = t.share ?? t.file?.tree?.share;
    return share === undefined ? undefined : knownShare(share);
  }),
  text(
    'share_type',
    'FILE, PIPE or PRINT.',
    (t) => (t.shareType === undefined ? undefined : shareTypeName(t.shareType)),
    {
      aliases: ['share_type'],
    },
  ),
  free(text('service.request', 'Kind of share that the client wants.', (t) => t.requestService)),
  free(text('service.response', 'Kind of share that it is.', (t) => t.responseService)),
  text(
    'filename',
    'File that is opened, read, written, deleted.',
    (t) => (t.isDirectory ? undefined : named(t.filename)),
    {
      ...content,
      aliases: ['name', 'RelativeTargetName'],
    },
  ),
  text(
    'directory',
    'Directory that is opened.',
    (t) => (t.isDirectory ? named(t.filename) : undefined),
    content,
  ),
  text('pipe', 'The pipe, when it is one that Windows itself serves: svcctl, lsarpc, netlogon.', pipeOf, {
    aliases: ['PipeName', 'named_pipe'],
  }),
  text('pattern', 'Names that are looked for in a directory.', (t) => t.pattern, content),
  text('disposition', 'What is done when the file exists, or does not.', (t) =>
    t.disposition === undefined ? undefined : dispositionName(t.disposition),
  ),
  text('access', 'delete on close, or normal.', (t) =>
    t.deleteOnClose === undefined ? undefined : t.deleteOnClose ? 'delete on close' : 'normal',
  ),
  number(
    'created',
    'When the file was made, seconds since 1970.',
    (t) => (isCreated(t) ? (t.times?.[0] ?? 0) : undefined),
    {
      ...content,
      aliases: ['times.created'],
    },
  ),
  number('accessed', 'When it was last read.', (t) => (isCreated(t) ? (t.times?.[1] ?? 0) : undefined), {
    ...content,
    aliases: ['times.accessed'],
  }),
  number('modified', 'When it was last written.', (t) => (isCreated(t) ? (t.times?.[2] ?? 0) : undefined), {
    ...content,
    aliases: ['times.modified'],
  }),
  number(
    'changed',
    'When its attributes were last changed.',
    (t) => (isCreated(t) ? (t.times?.[3] ?? 0) : undefined),
    {
      ...content,
      aliases: ['times.changed'],
    },
  ),
  number('size', 'Bytes of the file when it was opened.', (t) => (isCreated(t) ? (t.size ?? 0) : undefined), {
    class: 'flow',
    aliases: ['size'],
  }),
  number('transferred', 'Bytes of the file that were read or written.', (t) => t.transferred, {
    class: 'flow',
  }),
  text('fuid', "The open file's number.", (t) => t.fuid ?? (isCreated(t) ? '' : undefined)),
  text('set_info.class', 'Kind of information that is set.', (t) =>
    t.version === 2 && t.infoLevel !== undefined ? 'FILE_INFO' : undefined,
  ),
  text('set_info.info_level', 'Which information is set.', (t) =>
    t.version === 2 ? t.infoLevel : undefined,
  ),
  text('subcmd', 'Subcommand of a transaction.', (t) =>
    t.subcommand === undefined ? undefined : SUBCOMMANDS[t.subcommand],
  ),
  text('level_of_interest', 'Which information a transaction sets.', (t) =>
    t.version === 1 ? t.infoLevel : undefined,
  ),
  text('rename.from', 'Name that the file had.', (t) => t.renameFrom, { ...content, aliases: ['prev_name'] }),
  text('rename.to', 'Name that it gets.', (t) => t.renameTo, content),
  text('function', 'Control code that is sent.', (t) =>
    t.control === undefined ? undefined : functionName(t.control),
  ),
  ...callFields<Transaction>('smb.dcerpc', 'opnum', (t) => t.call),
];
