// Text that a peer writes as it likes (User-Agent, Server, banners), without what it should not hold: people and secrets.

/** Longest such text. Honest ones are shorter; what follows is somebody's own addition. */
export const MAX_FREE_TEXT = 256;
const CONTROL = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
/** Part of a mail address that names who it is; the domain stays. */
const PERSON = /[^\s<>()[\]{},;:"'/=]+@(?=[\w[])/g;
/** What an address carries besides its host: who logs in, path, query. */
const ADDRESS = /\b([a-z][a-z0-9+.-]{1,15}:\/\/)(?:[^\s/@]*@)?([^\s/?#();,"'<>]*)[^\s();,"'<>]*/gi;
/** A word as long as this of letters and digits mixed is a key or a number of a person, and no product's name. */
const TOKEN = /(?=[\w+/=-]{24,})(?=[\w+/=-]*\d)(?=[\w+/=-]*[a-z])[\w+/=-]{24,}/gi;
const LEFT_OUT = '…';

/** Programs are few and said again and again: what was cleaned before need not be again. */
const MAX_KNOWN = 1024;
const known = new Map<string, string>();

export function cleaned(text: string): string {
  let clean = known.get(text);
  if (clean !== undefined) return clean;
  clean = withoutPeople(text);
  if (text.length > MAX_FREE_TEXT) return clean;
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(text, clean);
  return clean;
}

function withoutPeople(text: string): string {
  return text
    .substring(0, MAX_FREE_TEXT)
    .replace(CONTROL, '')
    .replace(ADDRESS, (_, scheme: string, host: string) => scheme + host)
    .replace(PERSON, `${LEFT_OUT}@`)
    .replace(TOKEN, LEFT_OUT);
}
