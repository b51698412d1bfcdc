// The words that rules may use, made from the lists of fields that protocols declare.
import type { Field } from '../protocols/protocol.ts';
import type { FieldSpec } from '../wire/field.ts';

/** Fields by EVE path without list marks (`dns.answers.rdata`). */
export type Fields = ReadonlyMap<string, Field>;

export interface Vocabulary {
  /** Per event type: its own fields and those that every event has. */
  readonly types: ReadonlyMap<string, Fields>;
  /** All of them. */
  readonly words: ReadonlyMap<string, FieldSpec>;
}

/** The path as rules and evidence write it: `dns.queries[].rrname` → `dns.queries.rrname`. */
export const pathOf = (field: FieldSpec): string => field.name.replaceAll('[]', '');

/**
 * @param envelope fields of every event (`src_ip`, `community_id` …)
 * @param records event type → its fields
 */
export function vocabulary(
  envelope: readonly Field[],
  records: Readonly<Record<string, readonly Field[]>>,
): Vocabulary {
  const types = new Map<string, Fields>();
  const words = new Map<string, FieldSpec>();
  for (const [type, fields] of Object.entries(records)) {
    const own = new Map<string, Field>();
    for (const field of [...envelope, ...fields]) own.set(pathOf(field), field);
    for (const [path, field] of own) words.set(path, field);
    types.set(type, own);
  }
  return { types, words };
}

/** Edits (insert, delete, replace, swap neighbours) from one word to another; at most `limit` + 1. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length];
}

/** The valid word that the writer most likely meant, if one is near enough. */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  const wanted = word.slice(0, 64).toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of words) {
    const folded = candidate.toLowerCase();
    const tail = folded.slice(folded.lastIndexOf('.') + 1);
    const d = tail === wanted ? 0.5 : distance(wanted, folded, least);
    if (d < least) [best, least] = [candidate, d];
  }
  return best;
}

/** ` (did you mean "x"?)`, or nothing. */
export function hint(word: string, words: Iterable<string>): string {
  const near = nearest(word, words);
  return near === undefined ? '' : ` (did you mean "${near}"?)`;
}
