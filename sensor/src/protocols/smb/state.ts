// What one SMB connection remembers: shares, open files and pipes, requests that wait; each bounded, the oldest let go first.
import { Association, type Call } from '../dcerpc/call.ts';
import type { Login } from '../gssapi.ts';
import type { Emit } from '../protocol.ts';

const MAX_TREES = 64;
const MAX_FILES = 256;
const MAX_WAITING = 128;

/** A map of at most `most` entries. */
class Bounded<Key, Entry> {
  readonly entries = new Map<Key, Entry>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** @returns the oldest one, when there were too many */
  set(key: Key, entry: Entry): Entry | undefined {
    this.entries.set(key, entry);
    if (this.entries.size <= this.#most) return undefined;
    for (const oldest of this.entries.keys()) return this.take(oldest);
    return undefined;
  }

  take(key: Key): Entry | undefined {
    const entry = this.entries.get(key);
    if (entry !== undefined) this.entries.delete(key);
    return entry;
  }
}

export interface Tree {
  readonly share: string;
  readonly isPipe: boolean;
}

/** A file or pipe from its opening to its closing. */
export class OpenFile {
  name: string;
  readonly tree: Tree | undefined;
  fuid = '';
  /** Its number on the wire. */
  key = '';
  read = 0;
  written = 0;
  /** Of a pipe that speaks RPC. */
  association: Association | undefined;
  /** Command by which the pipe is written. */
  via = 0;
  sessionId = 0;
  treeId = 0;

  constructor(name: string, tree: Tree | undefined) {
    this.name = name;
    this.tree = tree;
    if (tree?.isPipe === true) this.association = new Association(false);
  }
}

/** A request with its response: what an `smb` record says. */
export class Transaction {
  readonly version: 1 | 2;
  readonly command: number;
  sessionId: number;
  id = 0;
  treeId: number;
  dialect: string | undefined;
  status: number | undefined;
  dosClass: number | undefined;
  isSigned = false;
  isEncrypted = false;
  /** Negotiation. */
  clientDialects: readonly string[] | undefined;
  clientGuid: string | undefined;
  serverGuid: string | undefined;
  maxRead: number | undefined;
  maxWrite: number | undefined;
  signingRequired: boolean | undefined;
  cipher: number | undefined;
  /** Log-in. */
  login: Login | undefined;
  requestOs: string | undefined;
  requestLm: string | undefined;
  responseOs: string | undefined;
  responseLm: string | undefined;
  /** Share. */
  share: string | undefined;
  isPipe = false;
  shareType: number | undefined;
  requestService: string | undefined;
  responseService: string | undefined;
  /** File. */
  file: OpenFile | undefined;
  filename: string | undefined;
  isDirectory = false;
  disposition: number | undefined;
  deleteOnClose: boolean | undefined;
  times: readonly [number, number, number, number] | undefined;
  size: number | undefined;
  fuid: string | undefined;
  transferred: number | undefined;
  renameFrom: string | undefined;
  renameTo: string | undefined;
  infoLevel: string | undefined;
  /** Of TRANS2. */
  subcommand: number | undefined;
  pattern: string | undefined;
  /** IOCTL. */
  control: number | undefined;
  call: Call | undefined;

  constructor(version: 1 | 2, command: number, sessionId: number, treeId: number) {
    this.version = version;
    this.command = command;
    this.sessionId = sessionId;
    this.treeId = treeId;
  }
}

/** Trees are numbered within a session; twenty-one bits of the session's number keep the key exact. */
const treeKey = (sessionId: number, treeId: number): number => (sessionId % 2 ** 21) * 2 ** 32 + treeId;

/** Stands for a message of which nothing can be read but that it is encrypted. */
export const ENCRYPTED = -1;
export const READ = 8;
export const WRITE = 9;
export const READ_ANDX = 0x2e;
export const WRITE_ANDX = 0x2f;

export class SmbState {
  dialect: string | undefined;
  /** Dialects that the client offered in version 1, by which the server answers with a number. */
  offered: readonly string[] = [];
  /** Of the log-in that is going on. */
  login: Login | undefined;
  isEncrypted = false;
  /** Of the last message. */
  version: 1 | 2 = 2;
  readonly trees = new Bounded<number, Tree>(MAX_TREES);
  readonly files = new Bounded<string, OpenFile>(MAX_FILES);
  readonly waiting = new Bounded<number, Transaction>(MAX_WAITING);
  /** Reads by their message, with the file that is read. */
  readonly reads = new Bounded<number, OpenFile>(MAX_WAITING);
  /** Where records go, during a call. */
  emit: Emit | undefined;
  #count = 0;

  /** A request begins a transaction. */
  begin(key: number, transaction: Transaction): void {
    const older = this.waiting.take(key);
    if (older !== undefined) this.say(older);
    const dropped = this.waiting.set(key, transaction);
    if (dropped !== undefined) this.say(dropped);
  }

  say(transaction: Transaction): void {
    transaction.id = ++this.#count;
    transaction.dialect = this.dialect;
    this.emit?.event(transaction);
  }

  tree(sessionId: number, treeId: number): Tree | undefined {
    return this.trees.entries.get(treeKey(sessionId, treeId));
  }

  connect(sessionId: number, treeId: number, tree: Tree): void {
    this.trees.set(treeKey(sessionId, treeId), tree);
  }

  disconnect(sessionId: number, treeId: number): void {
    this.trees.take(treeKey(sessionId, treeId));
  }

  opened(file: OpenFile): void {
    const dropped = this.files.set(file.key, file);
    if (dropped !== undefined) this.closed(dropped, this.version);
  }

  /** What was read and written of a file is told once, when it is closed. */
  closed(file: OpenFile, version: 1 | 2): void {
    this.files.take(file.key);
    if (file.association !== undefined) file.association.end(this.calls(file, version, undefined));
    if (file.read > 0 && file.association === undefined)
      this.#transfer(file, version, version === 1 ? READ_ANDX : READ, file.read);
    if (file.written > 0 && file.association === undefined)
      this.#transfer(file, version, version === 1 ? WRITE_ANDX : WRITE, file.written);
    file.read = file.written = 0;
  }

  #transfer(file: OpenFile, version: 1 | 2, command: number, bytes: number): void {
    const transaction = new Transaction(version, command, file.sessionId, file.treeId);
    transaction.status = 0;
    transaction.filename = file.name;
    transaction.share = file.tree?.share;
    transaction.fuid = file.fuid;
    transaction.transferred = bytes;
    this.say(transaction);
  }

  /** Where the calls of a pipe go. */
  calls(
    file: OpenFile,
    version: 1 | 2,
    status: number | undefined,
  ): { call(call: Call): void; endpoint(): void } {
    return {
      call: (call) => {
        const transaction = new Transaction(version, file.via, file.sessionId, file.treeId);
        transaction.status = status;
        transaction.call = call;
        transaction.file = file;
        this.say(transaction);
      },
      endpoint() {},
    };
  }

  end(): void {
    for (const transaction of this.waiting.entries.values()) this.say(transaction);
    this.waiting.entries.clear();
    for (const file of this.files.entries.values()) this.closed(file, this.version);
    this.files.entries.clear();
  }
}
