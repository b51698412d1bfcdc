// File sharing in three ways: a modern log-in with files and pipes, an old one in a NetBIOS session, an encrypted one.
import { guidOctets, le16, le32, le64, wide } from '../../support/packets/little.ts';
import { octets } from '../../support/packets/octets.ts';
import {
  bind,
  bindAck,
  ntlmAuthenticate,
  ntlmChallenge,
  ntlmNegotiate,
  request,
  response,
  SVCCTL,
} from '../../support/packets/rpc.ts';
import {
  close,
  closed,
  create,
  created,
  fileId,
  framed,
  NO_ANDX,
  negotiate,
  negotiated,
  negTokenInit,
  negTokenResp,
  read,
  readAnswer,
  renameTo,
  sessionAnswer,
  sessionSetup,
  setInfo,
  smb1,
  smb2,
  transceive,
  transceived,
  treeConnect,
  treeConnected,
  write,
  written,
} from '../../support/packets/smb.ts';
import type { Spoken } from './conversation.ts';

const MORE_PROCESSING = 0xc0000016;
export const at = (id: number, tree: number): { id: number; session: number; tree: number } => ({
  id,
  session: 9,
  tree,
});
const OPENED = fileId(0x51);
const RELATED = new Uint8Array(16).fill(0xff);
const ALL_SESSIONS = { session: 0, flags: 4 };

export const login: Spoken['messages'] = [
  ['client', framed(negotiate())],
  ['server', framed(negotiated())],
  ['client', framed(sessionSetup(1, 0, negTokenInit(ntlmNegotiate())))],
  ['server', framed(sessionAnswer(1, 9, MORE_PROCESSING, negTokenResp(ntlmChallenge('FILES', 'EXAMPLE'))))],
  ['client', framed(sessionSetup(2, 9, negTokenResp(ntlmAuthenticate('EXAMPLE', 'taro', 'PC11'))))],
];
const loginSays = [
  {
    'smb.command': 'SMB2_COMMAND_NEGOTIATE_PROTOCOL',
    'smb.dialect': '3.11',
    'smb.client_dialects': ['3.02', '3.11'],
    'smb.client_guid': '11223344-5566-7788-99aa-bbccddeeff00',
    'smb.max_read_size': 8_388_608,
    'smb.cipher': 'AES-128-GCM',
    'smb.signing_required': true,
    'smb.status_code': '0x0',
  },
  {
    'smb.command': 'SMB2_COMMAND_SESSION_SETUP',
    'smb.status': 'STATUS_MORE_PROCESSING_REQUIRED',
    'smb.ntlmssp.server_nb_computer_name': 'FILES',
    'smb.ntlmssp.user': undefined,
  },
];

const old = (command: number, id: number, more = {}): Parameters<typeof smb1>[0] => ({
  command,
  id,
  user: 5,
  tree: 3,
  ...more,
});
const reply = (command: number, id: number, more = {}): Parameters<typeof smb1>[0] =>
  old(command, id, { isReply: true, ...more });

/** A TRANS that asks or answers a pipe; offsets count from the message's header. */
const pipeRequest = (id: number, data: Uint8Array): Uint8Array => {
  const name = octets([0], wide('\\PIPE\\'), [0, 0]);
  const from = 32 + 1 + 32 + 2 + name.length;
  return framed(
    smb1(
      old(0x25, id),
      octets(
        ...[le16(0), le16(data.length), le16(0), le16(1024), [0, 0], le16(0), le32(0), le16(0)],
        ...[le16(0), le16(from), le16(data.length), le16(from), [2, 0], le16(0x26), le16(0x4001)],
      ),
      octets(name, data),
    ),
  );
};
const pipeAnswer = (id: number, data: Uint8Array): Uint8Array => {
  const from = 32 + 1 + 20 + 2;
  return framed(
    smb1(
      reply(0x25, id),
      octets(
        ...[le16(0), le16(data.length), le16(0), le16(0), le16(from), le16(0)],
        ...[le16(data.length), le16(from), le16(0), le16(0)],
      ),
      data,
    ),
  );
};
const ntCreate = (id: number, name: string): Uint8Array =>
  framed(
    smb1(
      old(0xa2, id),
      octets(
        ...[NO_ANDX, [0], le16(name.length * 2), le32(0), le32(0), le32(0x2019f), le64(0), le32(0)],
        ...[le32(7), le32(1), le32(0x40), le32(2), [0]],
      ),
      octets([0], wide(`${name}\0`)),
    ),
  );
const ntCreated = (id: number, fid: number, size: number): Uint8Array =>
  framed(
    smb1(
      reply(0xa2, id),
      octets(
        ...[NO_ANDX, [0], le16(fid), le32(1), le64(0), le64(0), le64(0), le64(0)],
        ...[le32(0x80), le64(size), le64(size), le16(0), le16(0), [0]],
      ),
      [],
    ),
  );

export const spoken: readonly Spoken[] = [
  {
    about: 'A user puts a file on an administrative share, renames it, and reads another one in a compound.',
    transport: 'tcp',
    port: 445,
    messages: [
      ...login,
      ['server', framed(sessionAnswer(2, 9, 0, []))],
      ['client', framed(treeConnect(3, 9, '\\\\FILES\\ADMIN$'))],
      ['server', framed(treeConnected(3, 9, 7, 1))],
      ['client', framed(create(at(4, 7), 'update.exe', 5))],
      [
        'server',
        framed(smb2({ command: 5, ...at(4, 7), status: 0x103, flags: 3 }, le16(9), le16(0), le32(0), [0])),
      ],
      ['server', framed(created(at(4, 7), 0x51, 0))],
      ['client', framed(write(at(5, 7), OPENED, new Uint8Array(3000).fill(0x4d)))],
      ['server', framed(written(at(5, 7), 3000))],
      ['client', framed(setInfo(at(6, 7), OPENED, 10, renameTo('svc.exe')))],
      ['server', framed(smb2({ command: 17, ...at(6, 7), flags: 1 }, le16(2)))],
      ['client', framed(close(at(7, 7), OPENED))],
      ['server', framed(closed(at(7, 7)))],
      [
        'client',
        framed(
          create(at(8, 7), 'plan.txt', 1),
          read({ ...at(9, 7), ...ALL_SESSIONS }, RELATED, 64),
          close({ ...at(10, 7), ...ALL_SESSIONS }, RELATED),
        ),
      ],
      [
        'server',
        framed(created(at(8, 7), 0x60, 64), readAnswer(at(9, 7), new Uint8Array(64)), closed(at(10, 7))),
      ],
      ['client', framed(create(at(11, 7), 'secret', 1, 1))],
      [
        'server',
        framed(
          smb2({ command: 5, ...at(11, 7), status: 0xc0000022, flags: 1 }, le16(9), le16(0), le32(0), [0]),
        ),
      ],
    ],
    says: [
      ...loginSays,
      {
        'smb.status': 'STATUS_SUCCESS',
        'smb.session_id': 9,
        'smb.ntlmssp.user': 'taro',
        'smb.ntlmssp.domain': 'EXAMPLE',
        'smb.ntlmssp.host': 'PC11',
      },
      {
        'smb.command': 'SMB2_COMMAND_TREE_CONNECT',
        'smb.share': '\\\\FILES\\ADMIN$',
        'smb.well_known_share': 'ADMIN$',
        'smb.share_type': 'FILE',
        'smb.tree_id': 7,
        'smb.signed': true,
      },
      {
        'smb.command': 'SMB2_COMMAND_CREATE',
        'smb.filename': 'update.exe',
        'smb.disposition': 'FILE_OVERWRITE_IF',
        'smb.access': 'normal',
        'smb.created': 1_775_000_001,
        'smb.modified': 1_775_000_003,
      },
      {
        'smb.command': 'SMB2_COMMAND_SET_INFO',
        'smb.rename.from': 'update.exe',
        'smb.rename.to': 'svc.exe',
        'smb.set_info.info_level': 'SMB2_FILE_RENAME_INFO',
      },
      {
        'smb.command': 'SMB2_COMMAND_WRITE',
        'smb.filename': 'svc.exe',
        'smb.share': '\\\\FILES\\ADMIN$',
        'smb.transferred': 3000,
      },
      { 'smb.command': 'SMB2_COMMAND_CLOSE' },
      { 'smb.command': 'SMB2_COMMAND_CREATE', 'smb.filename': 'plan.txt', 'smb.size': 64 },
      { 'smb.command': 'SMB2_COMMAND_READ', 'smb.filename': 'plan.txt', 'smb.transferred': 64 },
      { 'smb.command': 'SMB2_COMMAND_CLOSE' },
      {
        'smb.command': 'SMB2_COMMAND_CREATE',
        'smb.directory': 'secret',
        'smb.status': 'STATUS_ACCESS_DENIED',
        'smb.status_code': '0xc0000022',
      },
    ],
  },
  {
    about: 'A service is made through a pipe; then the session goes on encrypted.',
    transport: 'tcp',
    port: 445,
    messages: [
      ['client', framed(treeConnect(3, 9, '\\\\FILES\\IPC$'))],
      ['server', framed(treeConnected(3, 9, 2, 2))],
      ['client', framed(create(at(4, 2), 'svcctl', 1))],
      ['server', framed(created(at(4, 2), 0x51, 0))],
      ['client', framed(write(at(5, 2), OPENED, bind(1, SVCCTL, 2)))],
      ['server', framed(written(at(5, 2), 72))],
      ['client', framed(read(at(6, 2), OPENED, 1024))],
      ['server', framed(readAnswer(at(6, 2), bindAck(1)))],
      ['client', framed(transceive(at(7, 2), OPENED, request(2, 12, new Uint8Array(200))))],
      ['server', framed(transceived(at(7, 2), OPENED, response(2, new Uint8Array(28))))],
      ['client', framed(close(at(8, 2), OPENED))],
      ['server', framed(closed(at(8, 2)))],
      [
        'client',
        framed(
          octets('\xfdSMB', new Uint8Array(32), le32(120), le16(0), le16(1), le64(9), new Uint8Array(120)),
        ),
      ],
    ],
    says: [
      { 'smb.named_pipe': '\\\\FILES\\IPC$', 'smb.well_known_share': 'IPC$', 'smb.share_type': 'PIPE' },
      { 'smb.command': 'SMB2_COMMAND_CREATE', 'smb.pipe': 'svcctl', 'smb.filename': 'svcctl' },
      {
        'smb.command': 'SMB2_COMMAND_WRITE',
        'smb.pipe': 'svcctl',
        'smb.dcerpc.request': 'BIND',
        'smb.dcerpc.response': 'BINDACK',
        'smb.dcerpc.interfaces.service': ['svcctl'],
      },
      {
        'smb.command': 'SMB2_COMMAND_IOCTL',
        'smb.dcerpc.request': 'REQUEST',
        'smb.dcerpc.opnum': 12,
        'smb.dcerpc.interfaces.procedure': ['CreateServiceW'],
        'smb.dcerpc.req.stub_data_size': 200,
        'smb.dcerpc.res.stub_data_size': 28,
      },
      { 'smb.command': 'SMB2_COMMAND_CLOSE' },
      { 'smb.command': 'SMB3_ENCRYPTED', 'smb.encrypted': true, 'smb.session_id': 9 },
    ],
  },
  {
    about: 'An old machine in a NetBIOS session: files by AndX chains, a pipe by TRANS.',
    transport: 'tcp',
    port: 139,
    messages: [
      [
        'client',
        octets(
          [0x81, 0, 0, 68],
          [0x20],
          'CACACACACACACACACACACACACACACACA',
          [0],
          [0x20],
          'CACACACACACACACACACACACACACACACA',
          [0],
        ),
      ],
      ['server', [0x82, 0, 0, 0]],
      ['client', framed(smb1(old(0x72, 1), [], '\x02LANMAN1.0\0\x02NT LM 0.12\0'))],
      [
        'server',
        framed(
          smb1(
            reply(0x72, 1),
            octets(
              le16(1),
              [7],
              le16(50),
              le16(1),
              le32(16_644),
              le32(65_536),
              le32(0),
              le32(0x8000f3fd),
              le64(0),
              le16(0),
              [0],
            ),
            guidOctets('656c6966-0073-0000-0000-000000000000'),
          ),
        ),
      ],
      [
        'client',
        framed(
          smb1(
            old(0x73, 2),
            octets(NO_ANDX, le16(61_440), le16(50), le16(0), le32(0), le16(3), le16(3), le32(0), le32(0xd4)),
            octets([1, 1, 1, 2, 2, 2], [0], wide('hanako\0EXAMPLE\0Windows 5.1\0Windows 2000\0')),
          ),
        ),
      ],
      ['server', framed(smb1(reply(0x73, 2), octets(NO_ANDX, le16(0)), octets([0], wide('Unix\0Samba\0'))))],
      [
        'client',
        framed(
          smb1(
            old(0x75, 3),
            octets(NO_ANDX, le16(8), le16(1)),
            octets([0], wide('\\\\FILES\\IPC$\0'), '?????\0'),
          ),
        ),
      ],
      ['server', framed(smb1(reply(0x75, 3), octets(NO_ANDX, le16(1)), 'IPC\0\0\0'))],
      ['client', ntCreate(4, '\\svcctl')],
      ['server', ntCreated(4, 0x4001, 0)],
      ['client', pipeRequest(5, bind(1, SVCCTL, 2))],
      ['server', pipeAnswer(5, bindAck(1))],
      ['client', framed(smb1(old(0x04, 6), octets(le16(0x4001), le32(0)), []))],
      ['server', framed(smb1(reply(0x04, 6), [], []))],
      [
        'client',
        framed(smb1(old(0x07, 7), le16(0), octets([4], wide('\\old.txt\0'), [4, 0], wide('\\new.txt\0')))),
      ],
      ['server', framed(smb1(reply(0x07, 7, { status: 0xc0000034 }), [], []))],
    ],
    says: [
      {
        'smb.command': 'SMB1_COMMAND_NEGOTIATE_PROTOCOL',
        'smb.dialect': 'NT LM 0.12',
        'smb.client_dialects': ['LANMAN1.0', 'NT LM 0.12'],
        'smb.server_guid': '656c6966-0073-0000-0000-000000000000',
      },
      {
        'smb.command': 'SMB1_COMMAND_SESSION_SETUP_ANDX',
        'smb.session_id': 5,
        'smb.ntlmssp.user': 'hanako',
        'smb.ntlmssp.domain': 'EXAMPLE',
        'smb.request.native_os': 'Windows 5.1',
        'smb.response.native_lm': 'Samba',
      },
      {
        'smb.command': 'SMB1_COMMAND_TREE_CONNECT_ANDX',
        'smb.named_pipe': '\\\\FILES\\IPC$',
        'smb.service.request': '?????',
        'smb.service.response': 'IPC',
      },
      { 'smb.command': 'SMB1_COMMAND_NT_CREATE_ANDX', 'smb.pipe': 'svcctl', 'smb.fuid': '4001' },
      {
        'smb.command': 'SMB1_COMMAND_TRANS',
        'smb.dcerpc.request': 'BIND',
        'smb.dcerpc.response': 'BINDACK',
        'smb.pipe': 'svcctl',
      },
      { 'smb.command': 'SMB1_COMMAND_CLOSE' },
      {
        'smb.command': 'SMB1_COMMAND_RENAME',
        'smb.rename.from': '\\old.txt',
        'smb.rename.to': '\\new.txt',
        'smb.status': 'STATUS_OBJECT_NAME_NOT_FOUND',
      },
    ],
  },
];
