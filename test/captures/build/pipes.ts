// Services of a Windows machine called through pipes, over connections of their own, and files on its shares.
import { at, login } from '../../laws/conversations/smb.ts';
import { le16 } from '../../support/packets/little.ts';
import {
  bind,
  bindAck,
  ntlmAuthenticate,
  ntlmChallenge,
  ntlmNegotiate,
  request,
  response,
} from '../../support/packets/rpc.ts';
import {
  close,
  closed,
  create,
  created,
  fileId,
  framed,
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
  smb2,
  transceive,
  transceived,
  treeConnect,
  treeConnected,
  write,
  written,
} from '../../support/packets/smb.ts';
import type { Scene, Talk } from './scene.ts';

type Messages = Talk['messages'];

const MORE_PROCESSING = 0xc0000016;
const OPENED = fileId(0x51);

/** A log-in by NTLM as somebody, from a machine of that name. @param proof bytes of it; nobody has none */
export const loginAs = (user: string, host: string, proof?: number): Messages => [
  ['client', framed(negotiate())],
  ['server', framed(negotiated())],
  ['client', framed(sessionSetup(1, 0, negTokenInit(ntlmNegotiate())))],
  ['server', framed(sessionAnswer(1, 9, MORE_PROCESSING, negTokenResp(ntlmChallenge('FILES', 'EXAMPLE'))))],
  ['client', framed(sessionSetup(2, 9, negTokenResp(ntlmAuthenticate('EXAMPLE', user, host, proof))))],
  ['server', framed(sessionAnswer(2, 9, 0, []))],
];
const LOGIN: Messages = [...login, ['server', framed(sessionAnswer(2, 9, 0, []))]];

const openPipe = (name: string): Messages => [
  ['client', framed(treeConnect(3, 9, '\\\\FILES\\IPC$'))],
  ['server', framed(treeConnected(3, 9, 2, 2))],
  ['client', framed(create(at(4, 2), name, 1))],
  ['server', framed(created(at(4, 2), 0x51, 0))],
];

export interface Service {
  readonly uuid: string;
  readonly version: number;
}

/** Operations of a service, through its pipe. */
export function throughPipe(
  scene: Scene,
  client: string,
  server: string,
  pipe: string,
  { uuid, version }: Service,
  operations: readonly number[],
): Scene {
  return scene.tcp(
    client,
    server,
    445,
    ...LOGIN,
    ...openPipe(pipe),
    ['client', framed(write(at(5, 2), OPENED, bind(1, uuid, version)))],
    ['server', framed(written(at(5, 2), 72))],
    ['client', framed(read(at(6, 2), OPENED, 1024))],
    ['server', framed(readAnswer(at(6, 2), bindAck(1)))],
    ...operations.flatMap(
      (operation, i): Messages => [
        ['client', framed(transceive(at(7 + i, 2), OPENED, request(2 + i, operation, new Uint8Array(200))))],
        ['server', framed(transceived(at(7 + i, 2), OPENED, response(2 + i, new Uint8Array(28))))],
      ],
    ),
    ['client', framed(close(at(90, 2), OPENED))],
    ['server', framed(closed(at(90, 2)))],
  );
}

/** A pipe of any name that is only opened. */
export const openOnly = (scene: Scene, client: string, server: string, pipe: string): Scene =>
  scene.tcp(client, server, 445, ...LOGIN, ...openPipe(pipe));

/** Operations of a service, over a connection of their own. */
export function overTcp(
  scene: Scene,
  client: string,
  server: string,
  port: number,
  { uuid, version }: Service,
  operations: readonly number[],
): Scene {
  return scene.tcp(
    client,
    server,
    port,
    ['client', bind(1, uuid, version)],
    ['server', bindAck(1)],
    ...operations.flatMap(
      (operation, i): Messages => [
        ['client', request(2 + i, operation, new Uint8Array(120))],
        ['server', response(2 + i, new Uint8Array(28))],
      ],
    ),
  );
}

/** Files of a share in one session, each opened, then read or renamed. */
export function manyFiles(
  scene: Scene,
  client: string,
  server: string,
  share: string,
  files: readonly string[],
  how: 'read' | 'rename',
): Scene {
  return scene.tcp(
    client,
    server,
    445,
    ...LOGIN,
    ['client', framed(treeConnect(3, 9, `\\\\FILES\\${share}`))],
    ['server', framed(treeConnected(3, 9, 7, 1))],
    ...files.flatMap((file, i): Messages => {
      const [open, use, shut] = [4 + i * 3, 5 + i * 3, 6 + i * 3].map((id) => at(id, 7));
      return [
        ['client', framed(create(open, file, 1))],
        ['server', framed(created(open, 0x51, 64))],
        ...(how === 'read'
          ? ([
              ['client', framed(read(use, OPENED, 64))],
              ['server', framed(readAnswer(use, new Uint8Array(64)))],
            ] as const)
          : ([
              ['client', framed(setInfo(use, OPENED, 10, renameTo(`${file}.locked`)))],
              ['server', framed(smb2({ command: 17, ...use, flags: 1 }, le16(2)))],
            ] as const)),
        ['client', framed(close(shut, OPENED))],
        ['server', framed(closed(shut))],
      ];
    }),
  );
}

/** A file on a share: read, or written. */
export function onShare(
  scene: Scene,
  client: string,
  server: string,
  share: string,
  file: string,
  how: 'read' | 'write',
): Scene {
  const use: Messages =
    how === 'read'
      ? [
          ['client', framed(read(at(5, 7), OPENED, 64))],
          ['server', framed(readAnswer(at(5, 7), new Uint8Array(64)))],
        ]
      : [
          ['client', framed(write(at(5, 7), OPENED, new Uint8Array(900).fill(0x4d)))],
          ['server', framed(written(at(5, 7), 900))],
        ];
  return scene.tcp(
    client,
    server,
    445,
    ...LOGIN,
    ['client', framed(treeConnect(3, 9, `\\\\FILES\\${share}`))],
    ['server', framed(treeConnected(3, 9, 7, 1))],
    ['client', framed(create(at(4, 7), file, how === 'read' ? 1 : 5))],
    ['server', framed(created(at(4, 7), 0x51, how === 'read' ? 64 : 0))],
    ...use,
    ['client', framed(close(at(6, 7), OPENED))],
    ['server', framed(closed(at(6, 7)))],
  );
}
