// Messages of SMB 2 and 3 (MS-SMB2 §2.2): requests are remembered, responses complete them.
import { u16le, u32le } from '../../bytes/read.ts';
import { latin1 } from '../../bytes/text.ts';
import { filetime, guid, u64le, utf16le } from '../../bytes/windows.ts';
import { readToken } from '../gssapi.ts';
import { PIPE_TRANSCEIVE } from './names.ts';
import { negotiated, offer, setUp } from './negotiate.ts';
import { OpenFile, READ, type SmbState, Transaction, type Tree, WRITE } from './state.ts';
import { BUFFER_OVERFLOW, PENDING } from './status.ts';

export const HEADER_2 = 64;

const NEGOTIATE = 0;
const SESSION_SETUP = 1;
const TREE_CONNECT = 3;
const TREE_DISCONNECT = 4;
const CREATE = 5;
const CLOSE = 6;
const IOCTL = 11;
const CANCEL = 12;
const FIND = 14;
const GET_INFO = 16;
const SET_INFO = 17;
const OPLOCK_BREAK = 18;

const RESPONSE_FLAG = 0x01;
const ASYNC_FLAG = 0x02;
const RELATED_FLAG = 0x04;
const SIGNED_FLAG = 0x08;

const DIRECTORY_OPTION = 0x01;
const DELETE_ON_CLOSE = 0x1000;
const PIPE_SHARE = 2;
const FILE_INFO = 1;
const RENAME_INFO = 10;
const DISPOSITION_INFO = 13;
const MAX_NAME = 1024;

/** Bytes of a message, from its header on, in which everything stands that is read of it. */
const WINDOW = 16_384;
const SHORT = HEADER_2 + 56;

/** Of the chain that is being read (compound requests): what its later members refer to. */
export class Chain {
  sessionId = 0;
  treeId = 0;
  file: OpenFile | undefined;
}

const idOf = (b: Uint8Array, at: number): number => u64le(b, at + 24);

/** How many bytes of the message at `at` are wanted; HEADER_2 + 32 of them are there, or all that it has. */
export function wanted2(state: SmbState, b: Uint8Array, at: number, there: number): number {
  const command = u16le(b, at + 12);
  const isResponse = (u32le(b, at + 16) & RESPONSE_FLAG) !== 0;
  switch (command) {
    case NEGOTIATE:
    case SESSION_SETUP:
    case IOCTL:
      return WINDOW;
    case TREE_CONNECT:
    case SET_INFO:
      return isResponse ? SHORT : HEADER_2 + 2 * MAX_NAME;
    case CREATE:
      return isResponse ? HEADER_2 + 88 : HEADER_2 + 2 * MAX_NAME;
    case FIND:
      return isResponse ? HEADER_2 : HEADER_2 + MAX_NAME;
    case READ:
      return isResponse && state.reads.entries.get(idOf(b, at))?.association !== undefined ? WINDOW : SHORT;
    case WRITE: {
      if (isResponse || there < HEADER_2 + 32) return SHORT;
      const file = state.files.entries.get(latin1(b, at + HEADER_2 + 16, at + HEADER_2 + 32));
      return file === undefined || file.association !== undefined ? WINDOW : SHORT;
    }
    default:
      return SHORT;
  }
}

/** One message: its header and body up to `end`, which may be before the message's own end. */
export function read2(state: SmbState, chain: Chain, b: Uint8Array, at: number, end: number): void {
  const flags = u32le(b, at + 16);
  const command = u16le(b, at + 12);
  let sessionId = u64le(b, at + 40);
  let treeId = (flags & ASYNC_FLAG) !== 0 ? 0 : u32le(b, at + 36);
  if ((flags & RELATED_FLAG) !== 0) {
    if (sessionId > Number.MAX_SAFE_INTEGER) sessionId = chain.sessionId;
    if (treeId === 0xffffffff) treeId = chain.treeId;
  }
  chain.sessionId = sessionId;
  chain.treeId = treeId;
  const body = at + HEADER_2;
  if ((flags & RESPONSE_FLAG) !== 0) response(state, chain, b, at, body, end, command);
  else if (command !== CANCEL && command !== OPLOCK_BREAK) {
    const transaction = new Transaction(2, command, sessionId, treeId);
    transaction.isSigned = (flags & SIGNED_FLAG) !== 0;
    request(state, chain, transaction, b, at, body, end);
  }
}

const name = (b: Uint8Array, at: number, end: number, offset: number, length: number): string =>
  utf16le(b, Math.min(end, at + offset), Math.min(end, at + offset + length), MAX_NAME);

/** The file that a request speaks of; all ones stand for the one that the chain has opened. */
function fileOf(state: SmbState, chain: Chain, b: Uint8Array, at: number, end: number): OpenFile | undefined {
  if (at + 16 > end) return undefined;
  if (u32le(b, at) === 0xffffffff && u32le(b, at + 8) === 0xffffffff) return chain.file;
  return state.files.entries.get(latin1(b, at, at + 16));
}

function request(
  state: SmbState,
  chain: Chain,
  t: Transaction,
  b: Uint8Array,
  at: number,
  body: number,
  end: number,
): void {
  const id = idOf(b, at);
  const size = end - body;
  switch (t.command) {
    case READ: {
      const file = fileOf(state, chain, b, body + 16, end);
      if (file !== undefined) state.reads.set(id, file);
      return;
    }
    case WRITE:
      if (size >= 32) write(state, chain, t, b, at, body, end);
      return;
    case GET_INFO:
      return;
    case SET_INFO:
      if (size < 32 || !setInfo(state, chain, t, b, at, body, end)) return;
      break;
    case NEGOTIATE:
      if (size >= 36) offer(t, b, body, end);
      break;
    case SESSION_SETUP: {
      if (size < 24) break;
      const from = at + u16le(b, body + 12);
      const login = (state.login ??= {});
      if (readToken(b, from, Math.min(end, from + u16le(b, body + 14)), login)) t.login = login;
      break;
    }
    case TREE_CONNECT:
      if (size >= 8) t.share = name(b, at, end, u16le(b, body + 4), u16le(b, body + 6));
      break;
    case TREE_DISCONNECT:
      t.share = state.tree(t.sessionId, t.treeId)?.share;
      t.isPipe = state.tree(t.sessionId, t.treeId)?.isPipe === true;
      break;
    case CREATE:
      if (size >= 48) create(state, chain, t, b, at, body, end);
      break;
    case CLOSE:
      t.file = fileOf(state, chain, b, body + 8, end);
      break;
    case IOCTL:
      if (size >= 56) control(state, chain, t, b, at, body, end);
      // What a pipe is asked is told as a call.
      if (t.control === PIPE_TRANSCEIVE && t.file?.association !== undefined) return;
      break;
    case FIND:
      t.file = fileOf(state, chain, b, body + 8, end);
      if (size >= 32) t.pattern = name(b, at, end, u16le(b, body + 24), u16le(b, body + 26));
      break;
    default:
  }
  state.begin(id, t);
}

function create(
  state: SmbState,
  chain: Chain,
  t: Transaction,
  b: Uint8Array,
  at: number,
  body: number,
  end: number,
): void {
  const options = u32le(b, body + 40);
  t.disposition = u32le(b, body + 36);
  t.isDirectory = (options & DIRECTORY_OPTION) !== 0;
  t.deleteOnClose = (options & DELETE_ON_CLOSE) !== 0;
  t.filename = name(b, at, end, u16le(b, body + 44), u16le(b, body + 46));
  t.file = chain.file = new OpenFile(t.filename, state.tree(t.sessionId, t.treeId));
  t.file.sessionId = t.sessionId;
  t.file.treeId = t.treeId;
}

function write(
  state: SmbState,
  chain: Chain,
  t: Transaction,
  b: Uint8Array,
  at: number,
  body: number,
  end: number,
): void {
  const file = fileOf(state, chain, b, body + 16, end);
  if (file === undefined) return;
  const length = u32le(b, body + 4);
  file.written += length;
  if (file.association === undefined) return;
  file.via = WRITE;
  const from = at + u16le(b, body + 2);
  feed(state, file, b, from, Math.min(end, from + length), 0, undefined);
  t.file = file;
}

function control(
  state: SmbState,
  chain: Chain,
  t: Transaction,
  b: Uint8Array,
  at: number,
  body: number,
  end: number,
): void {
  t.control = u32le(b, body + 4);
  t.file = fileOf(state, chain, b, body + 8, end);
  if (t.control !== PIPE_TRANSCEIVE || t.file?.association === undefined) return;
  t.file.via = IOCTL;
  state.reads.set(idOf(b, at), t.file);
  const from = at + u32le(b, body + 24);
  feed(state, t.file, b, from, Math.min(end, from + u32le(b, body + 28)), 0, undefined);
}

/** Bytes of a pipe: what is not whole is passed over, as a pipe's messages begin where its writes do. */
function feed(
  state: SmbState,
  file: OpenFile,
  b: Uint8Array,
  from: number,
  to: number,
  direction: 0 | 1,
  status: number | undefined,
): void {
  if (from < to) file.association?.take(b, from, to, direction, state.calls(file, 2, status));
}

function setInfo(
  state: SmbState,
  chain: Chain,
  t: Transaction,
  b: Uint8Array,
  at: number,
  body: number,
  end: number,
): boolean {
  const level = b[body + 3];
  if (b[body + 2] !== FILE_INFO || (level !== RENAME_INFO && level !== DISPOSITION_INFO)) return false;
  const file = fileOf(state, chain, b, body + 16, end);
  const from = at + u16le(b, body + 8);
  t.fuid = file?.fuid ?? guid(b, body + 16);
  if (level === DISPOSITION_INFO) {
    if (from >= end) return false;
    t.infoLevel = 'SMB2_FILE_DISPOSITION_INFO';
    t.filename = file?.name ?? '<unknown>';
    t.deleteOnClose = b[from] !== 0;
    return true;
  }
  if (from + 20 > end) return false;
  t.infoLevel = 'SMB2_FILE_RENAME_INFO';
  t.renameFrom = file?.name ?? '<unknown>';
  t.renameTo = utf16le(b, from + 20, Math.min(end, from + 20 + u32le(b, from + 16)), MAX_NAME);
  if (file !== undefined) file.name = t.renameTo;
  return true;
}

function response(
  state: SmbState,
  chain: Chain,
  b: Uint8Array,
  at: number,
  body: number,
  end: number,
  command: number,
): void {
  const status = u32le(b, at + 8);
  const id = idOf(b, at);
  if (status === PENDING) return;
  if (command === READ || command === IOCTL) {
    const file = state.reads.take(id);
    if (file !== undefined && (status === 0 || status === BUFFER_OVERFLOW)) {
      if (command === READ) readResponse(state, file, b, at, body, end, status);
      else if (end - body >= 40) {
        const from = at + u32le(b, body + 32);
        feed(state, file, b, from, Math.min(end, from + u32le(b, body + 36)), 1, status);
      }
    }
    if (command === READ) return;
  }
  const t = state.waiting.take(id);
  if (t === undefined) {
    // The first answer to a client of version 1 has no request in this version.
    if (command !== NEGOTIATE || status !== 0 || end - body < 64) return;
    const answer = new Transaction(2, command, chain.sessionId, 0);
    answer.status = status;
    negotiated(state, answer, b, at, body, end);
    answer.clientDialects = state.offered.length > 0 ? state.offered : undefined;
    state.say(answer);
    return;
  }
  t.status = status;
  if (chain.sessionId !== 0) t.sessionId = chain.sessionId;
  t.treeId = chain.treeId === 0 ? t.treeId : chain.treeId;
  if (status === 0) succeeded(state, t, chain, b, at, body, end);
  else if (command === SESSION_SETUP) setUp(state, t, b, at, body, end);
  if (command === CLOSE && t.file !== undefined) state.closed(t.file, 2);
  state.say(t);
}

function readResponse(
  state: SmbState,
  file: OpenFile,
  b: Uint8Array,
  at: number,
  body: number,
  end: number,
  status: number,
): void {
  if (end - body < 8) return;
  const length = u32le(b, body + 4);
  file.read += length;
  const from = at + b[body + 2];
  feed(state, file, b, from, Math.min(end, from + length), 1, status);
}

function succeeded(
  state: SmbState,
  t: Transaction,
  chain: Chain,
  b: Uint8Array,
  at: number,
  body: number,
  end: number,
): void {
  const size = end - body;
  if (t.command === NEGOTIATE && size >= 64) negotiated(state, t, b, at, body, end);
  else if (t.command === SESSION_SETUP) setUp(state, t, b, at, body, end);
  else if (t.command === TREE_CONNECT && size >= 4 && t.share !== undefined) {
    t.shareType = b[body + 2];
    t.isPipe = t.shareType === PIPE_SHARE;
    const tree: Tree = { share: t.share, isPipe: t.isPipe };
    state.connect(t.sessionId, chain.treeId, tree);
  } else if (t.command === TREE_DISCONNECT) state.disconnect(t.sessionId, t.treeId);
  else if (t.command === CREATE && size >= 80 && t.file !== undefined) {
    t.times = [filetime(b, body + 8), filetime(b, body + 16), filetime(b, body + 24), filetime(b, body + 32)];
    t.size = u64le(b, body + 48);
    t.fuid = t.file.fuid = guid(b, body + 64);
    t.file.key = latin1(b, body + 64, body + 80);
    state.opened(t.file);
  }
}
