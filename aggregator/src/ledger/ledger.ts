// The ledger: who did and who read what, each entry chained to the one before by its hash so that no change stays unseen.
import { hash } from 'node:crypto';
import { toRfc3339 } from '../time.ts';

/** What is written down. Never what was read, only what was asked and how much came back. */
export interface Act {
  /** `analyst:<name>`, `operator:<unix user>`, `sensor:<id>`. */
  readonly actor: string;
  /** `groups.read`, `group.changed`, `authority.added`. */
  readonly action: string;
  /** What it was done to. */
  readonly object: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Entry extends Act {
  /** From 1, without gaps. */
  readonly seq: number;
  /** µs. */
  readonly time: number;
  /** SHA-256, hex, over the hash before and this entry. */
  readonly hash: string;
}

/** The hash before the first entry. */
export const GENESIS = '0'.repeat(64);

/** JSON with members in the order of their names: one text for one value. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, v]) => v !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, v]) => `${JSON.stringify(name)}:${canonical(v)}`).join(',')}}`;
}

export function entryHash(previous: string, entry: Omit<Entry, 'hash'>): string {
  const { seq, time, actor, action, object, detail } = entry;
  return hash('sha256', previous + canonical({ seq, time: toRfc3339(time), actor, action, object, detail }));
}

/** The entry that follows `tail`. */
export function chain(tail: { seq: number; hash: string } | undefined, act: Act, time: number): Entry {
  const { actor, action, object, detail } = act;
  const entry = { seq: (tail?.seq ?? 0) + 1, time, actor, action, object, detail };
  return { ...entry, hash: entryHash(tail?.hash ?? GENESIS, entry) };
}

export interface Verdict {
  readonly entries: number;
  /** Hash of the last entry; kept elsewhere, it proves later that nothing before it changed. */
  readonly head: string;
  readonly broken?: { readonly seq: number; readonly reason: string };
}

/**
 * Walks the whole chain.
 * @param expected hashes noted earlier, by sequence number: shows entries that were replaced with their whole tail
 */
export async function verify(
  entries: AsyncIterable<Entry> | Iterable<Entry>,
  expected: ReadonlyMap<number, string> = new Map(),
): Promise<Verdict> {
  let count = 0;
  let head = GENESIS;
  for await (const entry of entries) {
    const broken = (reason: string): Verdict => ({
      entries: count,
      head,
      broken: { seq: entry.seq, reason },
    });
    if (entry.seq !== count + 1) return broken(`entry ${count + 1} is missing`);
    if (entryHash(head, entry) !== entry.hash)
      return broken('its content does not fit its hash and the one before');
    const noted = expected.get(entry.seq);
    if (noted !== undefined && noted !== entry.hash) return broken('its hash is not the one noted earlier');
    count++;
    head = entry.hash;
  }
  const last = Math.max(0, ...expected.keys());
  if (last > count)
    return { entries: count, head, broken: { seq: last, reason: 'noted earlier, but no longer there' } };
  return { entries: count, head };
}
