// What a connection to MongoDB tells of itself: which driver, who logs in how, which commands were sent.
import { shown } from '../../bytes/line.ts';
import { u32le } from '../../bytes/read.ts';
import { find, latin1 } from '../../bytes/text.ts';
import { Tally } from '../tally.ts';
import { BINARY, DOCUMENT, type Element, INT32, isTrue, TEXT, walk } from './bson.ts';

const MAX_USER = 128;
const COMMA = 0x2c;

/** Commands that are known by name; what else stands in their place may be anything. */
const COMMANDS = new Set(
  (
    'hello isMaster ismaster ping saslStart saslContinue authenticate logout find getMore killCursors insert update delete ' +
    'findAndModify aggregate count distinct mapReduce create drop dropDatabase createIndexes dropIndexes listCollections ' +
    'listDatabases listIndexes collMod collStats dbStats buildInfo serverStatus hostInfo getCmdLineOpts getParameter ' +
    'setParameter getLog currentOp killOp killAllSessions endSessions startSession commitTransaction abortTransaction ' +
    'createUser updateUser dropUser usersInfo grantRolesToUser createRole rolesInfo connectionStatus whatsmyuri ' +
    'replSetGetStatus replSetHeartbeat replSetInitiate replSetReconfig shutdown fsync eval renameCollection explain bulkWrite'
  ).split(' '),
);
const MECHANISMS = new Set([
  'SCRAM-SHA-1',
  'SCRAM-SHA-256',
  'PLAIN',
  'GSSAPI',
  'MONGODB-X509',
  'MONGODB-AWS',
  'MONGODB-OIDC',
]);

export class Session {
  application: string | undefined;
  driver: string | undefined;
  driverVersion: string | undefined;
  system: string | undefined;
  mechanism: string | undefined;
  user: string | undefined;
  database: string | undefined;
  success: boolean | undefined;
  error: number | undefined;
  readonly commands = new Tally();
  isClosing = false;
  /** A log-in whose outcome the server has not told yet. */
  isLoggingIn = false;

  /** A client's document: its first element names the command. */
  command(b: Uint8Array, at: number, end: number, isCounted = true): void {
    let name = '';
    walk(b, at, end, (e) => {
      if (name === '') {
        const word = latin1(b, e.name, Math.min(e.nameEnd, e.name + 32));
        name = COMMANDS.has(word) ? word : 'other';
        if (isCounted) this.commands.add(name);
        if (name === 'saslStart' || name === 'authenticate' || name === 'saslContinue')
          this.isLoggingIn = true;
        return this.isLoggingIn || name === 'hello' || name.toLowerCase() === 'ismaster';
      }
      const field = latin1(b, e.name, Math.min(e.nameEnd, e.name + 32));
      if (field === 'client' && e.type === DOCUMENT) this.#client(b, e.at, e.end);
      else if (field === '$db' && e.type === TEXT && this.isLoggingIn) this.database = text(b, e);
      else if (name === 'saslStart' && field === 'mechanism') {
        const mechanism = text(b, e);
        this.mechanism = MECHANISMS.has(mechanism) ? mechanism : 'other';
      } else if (name === 'saslStart' && field === 'payload' && e.type === BINARY)
        this.#payload(b, e.at + 5, e.end);
      return true;
    });
  }

  /** Of the first message of SCRAM (RFC 5802 §7) only the name; of any other method nothing. */
  #payload(b: Uint8Array, at: number, end: number): void {
    if (end - at < 5 || b[at] !== 0x6e || b[at + 1] !== COMMA || b[at + 2] !== COMMA || b[at + 3] !== 0x6e)
      return;
    const comma = find(b, COMMA, at + 5, end);
    if (comma > 0) this.user = shown(b, at + 5, comma, MAX_USER);
  }

  #client(b: Uint8Array, at: number, end: number): void {
    walk(b, at, end, (outer) => {
      const part = latin1(b, outer.name, Math.min(outer.nameEnd, outer.name + 16));
      if (outer.type !== DOCUMENT) return true;
      const [from, to] = [outer.at, outer.end];
      walk(b, from, to, (e) => {
        const field = `${part}.${latin1(b, e.name, Math.min(e.nameEnd, e.name + 16))}`;
        if (e.type !== TEXT) return true;
        if (field === 'application.name') this.application = text(b, e);
        else if (field === 'driver.name') this.driver = text(b, e);
        else if (field === 'driver.version') this.driverVersion = text(b, e);
        else if (field === 'os.type' || field === 'os.name') this.system ??= text(b, e);
        return true;
      });
      return true;
    });
  }

  /** A server's answer while somebody logs in. @returns true when it ended */
  answer(b: Uint8Array, at: number, end: number): boolean {
    let isOk = false;
    let isDone = false;
    walk(b, at, end, (e) => {
      const field = latin1(b, e.name, Math.min(e.nameEnd, e.name + 8));
      if (field === 'ok') isOk = isTrue(b, e);
      else if (field === 'done') isDone = isTrue(b, e);
      else if (field === 'code' && e.type === INT32) this.error = u32le(b, e.at);
      return true;
    });
    if (isOk && !isDone) return false;
    this.success = isOk;
    if (isOk) this.error = undefined;
    this.isLoggingIn = false;
    return true;
  }
}

/** A text of BSON: length, bytes, a zero. */
const text = (b: Uint8Array, { type, at, end }: Element): string =>
  type === TEXT && end - at > 4 ? shown(b, at + 4, end - 1) : '';
