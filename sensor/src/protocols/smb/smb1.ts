// Messages of SMB 1 (MS-CIFS §2.2, MS-SMB §2.2): chains of AndX commands; requests are remembered, responses complete them.
import { u16le, u32le } from '../../bytes/read.ts';
import { filetime, guid, u64le } from '../../bytes/windows.ts';
import { readToken } from '../gssapi.ts';
import { type Block, fileKey, fileOf, sessionOf, text, treeOf } from './block.ts';
import { OpenFile, READ_ANDX, type SmbState, Transaction, WRITE_ANDX } from './state.ts';
import { BUFFER_OVERFLOW, MORE_PROCESSING_REQUIRED } from './status.ts';
import { nmPipe, trans2 } from './trans.ts';

export const HEADER_1 = 32;

const CLOSE = 0x04;
const DELETE = 0x06;
const RENAME = 0x07;
const LOCKING_ANDX = 0x24;
const TRANS = 0x25;
const OPEN_ANDX = 0x2d;
const TRANS2 = 0x32;
const TREE_DISCONNECT = 0x71;
const NEGOTIATE = 0x72;
const SESSION_SETUP = 0x73;
const LOGOFF = 0x74;
const TREE_CONNECT = 0x75;
const NT_CREATE = 0xa2;
const NO_ANDX = 0xff;
const ANDX = new Set([
  LOCKING_ANDX,
  OPEN_ANDX,
  READ_ANDX,
  WRITE_ANDX,
  SESSION_SETUP,
  LOGOFF,
  TREE_CONNECT,
  NT_CREATE,
]);
/** Replies of which more than the status is read. */
const TOLD_REPLIES = new Set([TRANS, NEGOTIATE, SESSION_SETUP, TREE_CONNECT, NT_CREATE, OPEN_ANDX]);
/** Commands of one message. */
const MAX_CHAIN = 8;

const REPLY_FLAG = 0x80;
const UNICODE = 0x8000;
const NT_STATUS = 0x4000;
const EXTENDED_SECURITY = 0x8000_0000;
const DIRECTORY_OPTION = 0x01;
const DELETE_ON_CLOSE = 0x1000;
const MAX_DIALECTS = 32;
const MAX_VERSION = 128;

/** Bytes of a message that are wanted: files' contents stand behind what is read of them. */
const WINDOW = 16_384;
const SHORT = HEADER_1 + 64;

/** How many bytes of the message at `at` are wanted. */
export function wanted1(state: SmbState, b: Uint8Array, at: number, there: number): number {
  const command = b[at + 4];
  const isReply = (b[at + 9] & REPLY_FLAG) !== 0;
  if (command === WRITE_ANDX && !isReply && there >= SHORT)
    return state.files.entries.get(fileKey(b, at, u16le(b, at + HEADER_1 + 5)))?.association === undefined
      ? SHORT
      : WINDOW;
  if (command === READ_ANDX && isReply)
    return state.reads.entries.get(keyOf(b, at, command))?.association === undefined ? SHORT : WINDOW;
  return isReply && !TOLD_REPLIES.has(command) ? SHORT : WINDOW;
}

/** One message up to `end`, which may be before the message's own end. */
export function read1(state: SmbState, b: Uint8Array, at: number, end: number): void {
  const isReply = (b[at + 9] & REPLY_FLAG) !== 0;
  const isUnicode = (u16le(b, at + 10) & UNICODE) !== 0;
  let command = b[at + 4];
  let words = at + HEADER_1;
  let first = true;
  // Ends: a chain only goes forward, and is bounded.
  for (let n = 0; n < MAX_CHAIN && words < end; n++) {
    const wordBytes = b[words] * 2;
    const data = words + 1 + wordBytes + 2;
    if (data > end) {
      // An error answers without parameters, or the message was cut: its header still counts.
      if (isReply && first) answer(state, block(b, at, end, words + 1, 0, end, isUnicode), command);
      return;
    }
    const one = block(b, at, end, words + 1, wordBytes, data, isUnicode);
    if (isReply) answer(state, one, command);
    else ask(state, one, command);
    first = false;
    if (!ANDX.has(command) || wordBytes < 4 || b[words + 1] === NO_ANDX) return;
    const next = at + u16le(b, words + 3);
    if (next <= words) return;
    command = b[words + 1];
    words = next;
  }
}

const block = (
  b: Uint8Array,
  at: number,
  end: number,
  words: number,
  wordBytes: number,
  data: number,
  isUnicode: boolean,
): Block => ({ b, at, end, words, wordBytes, data, isUnicode });

/** A message's number within its process, with the command: a chain answers each of its commands. */
const keyOf = (b: Uint8Array, at: number, command: number): number =>
  (u16le(b, at + 26) * 65_536 + u16le(b, at + 30)) * 256 + command;
const hex4 = (n: number): string => n.toString(16).padStart(4, '0');

/** Text behind a byte that says it is text (0x04). */
const buffered = (k: Block, from: number): [string, number] => text(k, k.b[from] === 4 ? from + 1 : from);

function ask(state: SmbState, k: Block, command: number): void {
  const { b, at, words, wordBytes, data } = k;
  const t = new Transaction(1, command, sessionOf(b, at), treeOf(b, at));
  switch (command) {
    case NEGOTIATE:
      t.clientDialects = state.offered = dialects(k);
      break;
    case SESSION_SETUP:
      setUp(state, t, k);
      break;
    case TREE_CONNECT: {
      if (wordBytes < 8) break;
      const [share, next] = text(k, data + u16le(b, words + 6));
      t.share = share;
      t.requestService = text(k, next, false)[0];
      break;
    }
    case TREE_DISCONNECT:
      t.share = state.tree(t.sessionId, t.treeId)?.share;
      t.isPipe = state.tree(t.sessionId, t.treeId)?.isPipe === true;
      break;
    case NT_CREATE:
      if (wordBytes >= 48) create(state, t, k);
      break;
    case OPEN_ANDX:
      t.filename = text(k, data)[0];
      t.file = newFile(state, t, t.filename);
      break;
    case DELETE:
      t.filename = buffered(k, data)[0];
      break;
    case RENAME: {
      const [from, next] = buffered(k, data);
      t.renameFrom = from;
      t.renameTo = buffered(k, next)[0];
      break;
    }
    case CLOSE:
      if (wordBytes >= 2) t.file = fileOf(state, k, u16le(b, words));
      break;
    case READ_ANDX: {
      const file = wordBytes >= 10 ? fileOf(state, k, u16le(b, words + 4)) : undefined;
      if (file !== undefined) state.reads.set(keyOf(b, at, command), file);
      return;
    }
    case WRITE_ANDX:
      if (wordBytes >= 24) write(state, k);
      return;
    case TRANS: {
      const file = nmPipe(state, k);
      if (file !== undefined) state.reads.set(keyOf(b, at, command), file);
      return;
    }
    case TRANS2:
      if (!trans2(state, k, t)) return;
      break;
    default:
  }
  state.begin(keyOf(b, at, command), t);
}

function dialects(k: Block): string[] {
  const found: string[] = [];
  // Ends: each turn goes at least one byte on.
  for (let at = k.data; at < k.end && k.b[at] === 2 && found.length < MAX_DIALECTS; ) {
    const [dialect, next] = text(k, at + 1, false);
    found.push(dialect.substring(0, MAX_VERSION));
    at = next;
  }
  return found;
}

function setUp(state: SmbState, t: Transaction, k: Block): void {
  const { b, words, wordBytes, data } = k;
  let next = data;
  if (wordBytes === 24) {
    const stop = data + u16le(b, words + 14);
    const login = (state.login ??= {});
    if (readToken(b, data, Math.min(k.end, stop), login)) t.login = login;
    next = stop;
  } else if (wordBytes === 26) {
    // Two proofs of the password stand here; they are passed over unread.
    const [user, afterUser] = text(k, data + u16le(b, words + 14) + u16le(b, words + 16));
    const [domain, afterDomain] = text(k, afterUser);
    t.login = { ntlm: { user, domain, authentication: user === '' ? 'anonymous' : 'NTLMv1' } };
    next = afterDomain;
  } else return;
  if (next >= k.end) return;
  const [os, afterOs] = text(k, next);
  t.requestOs = os.substring(0, MAX_VERSION);
  t.requestLm = afterOs < k.end ? text(k, afterOs)[0].substring(0, MAX_VERSION) : '';
}

function newFile(state: SmbState, t: Transaction, name: string): OpenFile {
  const file = new OpenFile(name, state.tree(t.sessionId, t.treeId));
  file.sessionId = t.sessionId;
  file.treeId = t.treeId;
  return file;
}

function create(state: SmbState, t: Transaction, k: Block): void {
  const options = u32le(k.b, k.words + 39);
  t.disposition = u32le(k.b, k.words + 35);
  t.isDirectory = (options & DIRECTORY_OPTION) !== 0;
  t.deleteOnClose = (options & DELETE_ON_CLOSE) !== 0;
  t.filename = text(k, k.data)[0];
  t.file = newFile(state, t, t.filename);
}

function write(state: SmbState, k: Block): void {
  const { b, at, words } = k;
  const file = fileOf(state, k, u16le(b, words + 4));
  if (file === undefined) return;
  const length = u16le(b, words + 18) * 65_536 + u16le(b, words + 20);
  file.written += length;
  file.via = WRITE_ANDX;
  const from = at + u16le(b, words + 22);
  const to = Math.min(k.end, from + length);
  if (from < to) file.association?.take(b, from, to, 0, state.calls(file, 1, undefined));
}

function answer(state: SmbState, k: Block, command: number): void {
  const { b, at, words, wordBytes } = k;
  const flags = u16le(b, at + 10);
  const isNt = (flags & NT_STATUS) !== 0;
  const status = isNt ? u32le(b, at + 5) : 0;
  if (command === READ_ANDX || command === TRANS) {
    const file = state.reads.take(keyOf(b, at, command));
    if (file === undefined || (status !== 0 && status !== BUFFER_OVERFLOW)) return;
    const isRead = command === READ_ANDX;
    if (wordBytes < (isRead ? 24 : 20)) return;
    const length = isRead ? u16le(b, words + 14) * 65_536 + u16le(b, words + 10) : u16le(b, words + 12);
    const from = at + u16le(b, words + (isRead ? 12 : 14));
    if (isRead) file.read += length;
    const to = Math.min(k.end, from + length);
    if (from < to) file.association?.take(b, from, to, 1, state.calls(file, 1, status));
    return;
  }
  const t = state.waiting.take(keyOf(b, at, command));
  if (t === undefined) return;
  if (isNt) t.status = status;
  else if (b[at + 5] === 0) t.status = 0;
  else {
    t.dosClass = b[at + 5];
    t.status = u16le(b, at + 7);
  }
  if (sessionOf(b, at) !== 0) t.sessionId = sessionOf(b, at);
  t.treeId = treeOf(b, at);
  if (command === NEGOTIATE) negotiated(state, t, k);
  else if (command === SESSION_SETUP) setUpAnswer(state, t, k);
  else if (t.status === 0) succeeded(state, t, k, command);
  if (command === CLOSE && t.file !== undefined) state.closed(t.file, 1);
  state.say(t);
}

function negotiated(state: SmbState, t: Transaction, k: Block): void {
  const { b, words, wordBytes, data } = k;
  if (wordBytes < 2) return;
  state.dialect = state.offered[u16le(b, words)] ?? 'unknown';
  if (wordBytes < 34) return;
  t.signingRequired = (b[words + 2] & 0x08) !== 0;
  if ((u32le(b, words + 19) & EXTENDED_SECURITY) !== 0 && data + 16 <= k.end) t.serverGuid = guid(b, data);
}

function setUpAnswer(state: SmbState, t: Transaction, k: Block): void {
  const { b, words, wordBytes, data } = k;
  let next = data;
  if (wordBytes >= 8) {
    next += u16le(b, words + 6);
    const login = t.login ?? state.login;
    if (login !== undefined && readToken(b, data, Math.min(k.end, next), login)) t.login = login;
  }
  if (t.status !== MORE_PROCESSING_REQUIRED) state.login = undefined;
  if (wordBytes < 6 || next >= k.end) return;
  const [os, afterOs] = text(k, next);
  t.responseOs = os.substring(0, MAX_VERSION);
  t.responseLm = afterOs < k.end ? text(k, afterOs)[0].substring(0, MAX_VERSION) : '';
}

function succeeded(state: SmbState, t: Transaction, k: Block, command: number): void {
  const { b, words, wordBytes, data } = k;
  if (command === TREE_CONNECT && t.share !== undefined) {
    t.responseService = text(k, data, false)[0];
    t.isPipe = t.responseService === 'IPC' || t.requestService === 'IPC';
    state.connect(t.sessionId, t.treeId, { share: t.share, isPipe: t.isPipe });
  } else if (command === TREE_DISCONNECT) state.disconnect(t.sessionId, t.treeId);
  else if (command === NT_CREATE && wordBytes >= 63 && t.file !== undefined) {
    t.times = [
      filetime(b, words + 11),
      filetime(b, words + 19),
      filetime(b, words + 27),
      filetime(b, words + 35),
    ];
    t.size = u64le(b, words + 55);
    opened(state, t, k, u16le(b, words + 5));
  } else if (command === OPEN_ANDX && wordBytes >= 6 && t.file !== undefined)
    opened(state, t, k, u16le(b, words + 4));
}

function opened(state: SmbState, t: Transaction, k: Block, fid: number): void {
  const file = t.file as OpenFile;
  t.fuid = file.fuid = hex4(fid);
  file.key = fileKey(k.b, k.at, fid);
  state.opened(file);
}
