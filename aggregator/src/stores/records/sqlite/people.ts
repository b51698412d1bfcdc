// One-time tokens, log-in links, sessions and the ledger in SQLite.
import type { LoginLink, Session, Token } from '../../../authority/secrets.ts';
import { chain, type Entry } from '../../../ledger/ledger.ts';
import type { SqliteFile } from '../../sqlite.ts';
import type { Records, RecordsWriter } from '../records.ts';

type Reads = Pick<Records, 'session' | 'ledger' | 'ledgerWalk' | 'ledgerSize'>;
type Writes = Pick<
  RecordsWriter,
  | 'addToken'
  | 'token'
  | 'useToken'
  | 'addLoginLink'
  | 'loginLink'
  | 'useLoginLink'
  | 'addSession'
  | 'endSession'
  | 'append'
>;

type StoredEntry = Omit<Entry, 'detail'> & { detail: string };
/** Detail that is no JSON any more was tampered with: it is handed on as text, and then fails to verify. */
function parse(row: unknown): Entry {
  const entry = row as StoredEntry;
  try {
    return { ...entry, detail: JSON.parse(entry.detail) };
  } catch {
    return { ...entry, detail: { unreadable: entry.detail } };
  }
}

export function people({ writer, reader }: SqliteFile): { reads: Reads; writes: Writes } {
  const session = reader.prepare('SELECT * FROM sessions WHERE hash = ?');
  const page = reader.prepare('SELECT * FROM ledger WHERE seq < ? ORDER BY seq DESC LIMIT ?');
  const size = reader.prepare('SELECT max(seq) AS n FROM ledger');

  const addToken = writer.prepare(
    'INSERT INTO tokens (hash, body, sensor, until, used) VALUES (?, ?, ?, ?, ?)',
  );
  const token = writer.prepare('SELECT * FROM tokens WHERE hash = ?');
  const useToken = writer.prepare('UPDATE tokens SET used = ? WHERE hash = ?');
  const addLink = writer.prepare('INSERT INTO login_links (hash, name, until, used) VALUES (?, ?, ?, ?)');
  const link = writer.prepare('SELECT * FROM login_links WHERE hash = ?');
  const useLink = writer.prepare('UPDATE login_links SET used = ? WHERE hash = ?');
  const addSession = writer.prepare('INSERT INTO sessions (hash, name, role, until) VALUES (?, ?, ?, ?)');
  const endSession = writer.prepare('DELETE FROM sessions WHERE hash = ?');
  const tail = writer.prepare('SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1');
  const append = writer.prepare(
    'INSERT INTO ledger (seq, time, actor, action, object, detail, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );

  return {
    reads: {
      session: async (hash) => session.get(hash) as Session | undefined,
      async ledger({ limit, after }) {
        const rows = page.all((after?.[0] as number | undefined) ?? Number.MAX_SAFE_INTEGER, limit + 1);
        const items = rows.slice(0, limit).map(parse);
        return rows.length > limit ? { items, next: [items[limit - 1].seq] } : { items };
      },
      async *ledgerWalk() {
        for (const row of reader.prepare('SELECT * FROM ledger ORDER BY seq').iterate()) yield parse(row);
      },
      ledgerSize: async () => (size.get()?.['n'] as number | null) ?? 0,
    },
    writes: {
      async addToken({ hash, body, sensor, until, used }) {
        addToken.run(hash, body, sensor, until, used);
      },
      token: async (hash) => token.get(hash) as Token | undefined,
      async useToken(hash, at) {
        useToken.run(at, hash);
      },
      async addLoginLink({ hash, name, until, used }) {
        addLink.run(hash, name, until, used);
      },
      loginLink: async (hash) => link.get(hash) as LoginLink | undefined,
      async useLoginLink(hash, at) {
        useLink.run(at, hash);
      },
      async addSession({ hash, name, role, until }) {
        addSession.run(hash, name, role, until);
      },
      async endSession(hash) {
        endSession.run(hash);
      },
      async append(act, at) {
        const entry = chain(tail.get() as { seq: number; hash: string } | undefined, act, at);
        const { seq, time, actor, action, object, detail, hash } = entry;
        append.run(seq, time, actor, action, object, JSON.stringify(detail), hash);
        return entry;
      },
    },
  };
}
