// Whether a buffer holds what a rule says of it: the items in their order, with every place where they could stand tried.
import { type Content, type Item, isRelative } from './content.ts';

/** Tries of one buffer, so that a rule of many repeated contents cannot hold everything up; as many as Suricata makes. */
const MAX_TRIES = 3_000;

let tries = 0;

/**
 * @param text one byte a character
 * @param lower the same in lower case
 */
export function holdsIn(items: readonly Item[], text: string, lower: string): boolean {
  tries = MAX_TRIES;
  return from(items, 0, text, lower, 0);
}

/** @param end where what was found last ends */
function from(items: readonly Item[], i: number, text: string, lower: string, end: number): boolean {
  if (i === items.length) return true;
  if (--tries < 0) return false;
  const item = items[i];
  switch (item.kind) {
    case 'content':
      return item.negated
        ? place(item, text, lower, end, 0) < 0 && from(items, i + 1, text, lower, end)
        : anywhere(items, i, item, text, lower, end);
    case 'pcre': {
      const subject = item.relative && end > 0 ? text.slice(end) : text;
      return item.search(subject) !== item.negated && from(items, i + 1, text, lower, end);
    }
    case 'isdataat': {
      const has = (item.relative ? end : 0) + item.count < text.length + (item.relative ? 1 : 0);
      return has !== item.negated && from(items, i + 1, text, lower, end);
    }
    case 'bsize':
      return item.bounds(text.length) && from(items, i + 1, text, lower, end);
    case 'member':
      return item.ask(text) && from(items, i + 1, text, lower, end);
  }
}

function anywhere(
  items: readonly Item[],
  i: number,
  item: Content,
  text: string,
  lower: string,
  end: number,
): boolean {
  // Only what counts from here could come out otherwise at another place.
  const isTriedAgain = i + 1 < items.length && items.slice(i + 1).some(isRelative);
  let at = place(item, text, lower, end, 0);
  // Ends: each turn goes on by a character, and tries are bounded.
  while (at >= 0) {
    if (from(items, i + 1, text, lower, at + item.bytes.length)) return true;
    if (!isTriedAgain || tries < 0) return false;
    at = place(item, text, lower, end, at + 1);
  }
  return false;
}

/** Where the content stands, not before `least`; -1 when it does not. */
function place(item: Content, text: string, lower: string, end: number, least: number): number {
  const bytes = item.nocase ? item.lower : item.bytes;
  const { length } = text;
  let first = 0;
  let last = length;
  if (item.distance !== undefined || item.within !== undefined) {
    first = Math.max(0, end + (item.distance ?? 0));
    if (item.within !== undefined) last = Math.min(last, end + (item.distance ?? 0) + item.within);
  } else {
    if (item.offset !== undefined) first = item.offset;
    if (item.depth !== undefined) last = Math.min(last, first + item.depth);
  }
  if (item.startswith) {
    first = 0;
    last = Math.min(last, bytes.length);
  }
  first = Math.max(first, least);
  const subject = item.nocase ? lower : text;
  if (item.endswith) {
    const at = length - bytes.length;
    return at >= first && at + bytes.length <= last && subject.startsWith(bytes, at) ? at : -1;
  }
  if (first + bytes.length > last) return -1;
  const at = subject.indexOf(bytes, first);
  return at >= 0 && at + bytes.length <= last ? at : -1;
}
