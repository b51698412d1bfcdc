// Paging by cursor: opaque to the caller, a position for the store; a list shape around any item.
import { type TSchema, Type } from 'typebox';
import { Problem } from '../errors.ts';
import type { Page, Paged, Position } from '../stores/records/index.ts';

export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
  cursor: Type.Optional(Type.String({ maxLength: 256, pattern: '^[A-Za-z0-9_-]+$' })),
};

export const listOf = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), next: Type.Union([Type.String(), Type.Null()]) });

const encode = (position: Position): string => Buffer.from(JSON.stringify(position)).toString('base64url');

/** `kinds` tells the position apart from that of another list or order. @throws Problem cursor_invalid */
export function pageOf(
  query: { limit?: number; cursor?: string },
  kinds: readonly ('number' | 'string')[],
): Page {
  const limit = query.limit ?? 100;
  if (query.cursor === undefined) return { limit };
  let position: unknown;
  try {
    position = JSON.parse(Buffer.from(query.cursor, 'base64url').toString('utf8'));
  } catch {
    throw new Problem('cursor_invalid');
  }
  const fits =
    Array.isArray(position) &&
    position.length === kinds.length &&
    kinds.every((kind, i) => typeof position[i] === kind);
  if (!fits) throw new Problem('cursor_invalid');
  return { limit, after: position as Position };
}

export const listing = <T, U>(
  { items, next }: Paged<T>,
  show: (item: T) => U,
): { items: U[]; next: string | null } => ({
  items: items.map(show),
  next: next === undefined ? null : encode(next),
});
