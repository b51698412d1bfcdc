// Whether a value is what its setting wants, whoever wrote it: one answer for the file and for the command line.
import { shareOut } from '../memory.ts';
import { hint } from '../rules/fields.ts';
import { parseEntry } from '../sight/scope.ts';
import { MAX_SOCKET_PATH, SOCKET_PREFIX } from '../sources/eve/socket.ts';
import { addressOf, listenOf, prefixOf } from './address.ts';
import type { Setting } from './settings.ts';

/** @returns what is wrong with it, in words that follow its name; undefined when it is right */
export function wrongWith(word: string, setting: Setting, value: unknown): string | undefined {
  const { kind, unit, oneOf, least = 0, most = Number.MAX_SAFE_INTEGER } = setting;
  switch (kind) {
    case 'flag':
      return typeof value === 'boolean' ? undefined : 'must be true or false';
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) return `must be a number (${unit})`;
      if (least === most && value !== least) return `can only be ${least} for now (${unit})`;
      return value < least || value > most ? `must lie between ${least} and ${most} (${unit})` : undefined;
    case 'list':
      if (!Array.isArray(value) || !value.every((item) => typeof item === 'string' && item !== ''))
        return `must be a list of ${unit}`;
      return lists[word]?.(value as string[]);
    default:
      if (typeof value !== 'string' || value === '') return `must be a text (${unit})`;
      if (oneOf !== undefined && !oneOf.includes(value))
        return `is not "${value}"${hint(value, oneOf)}; there are ${oneOf.join(', ')}`;
      return special[word]?.(value);
  }
}

const wrongPrefix = (prefixes: readonly string[]): string | undefined => {
  const wrong = prefixes.find((prefix) => prefixOf(prefix) === undefined);
  return wrong === undefined ? undefined : `holds "${wrong}": write it as 10.0.0.0/8`;
};

const wrongEntry = (entries: readonly string[]): string | undefined => {
  const wrong = entries.find((entry) => parseEntry(entry) === undefined);
  return wrong === undefined
    ? undefined
    : `holds "${wrong}": write it as 10.0.0.0/8, from 10.0.0.0/8 or to 10.0.0.0/8`;
};

/** Lists of something with a form of its own. */
const lists: Readonly<Record<string, (items: readonly string[]) => string | undefined>> = {
  from: wrongPrefix,
  scope_look: wrongEntry,
  scope_never: wrongEntry,
};

/** Texts with a form of their own. */
const special: Readonly<Record<string, (text: string) => string | undefined>> = {
  metrics: (text) => (listenOf(text) === undefined ? 'must be written as 127.0.0.1:8603' : undefined),
  memory(text) {
    try {
      shareOut(text);
      return undefined;
    } catch (error) {
      return (error as Error).message.replace(/^--memory /, 'is ');
    }
  },
  name: (text) =>
    /^[a-z0-9][a-z0-9-]{0,31}$/.test(text)
      ? undefined
      : 'must be a word of small letters, digits and dashes, 32 at most',
};

/** The same for the place of a source. */
export function wrongPlace(place: string, value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return `must name its ${place}`;
  if (place === 'interface' && !/^[^\s/]{1,15}$/.test(value))
    return 'must name an interface: 15 characters at most, without spaces';
  if (place === 'path or unix:path' && !isEvePlace(value))
    return 'must name a file, or a socket as unix:/run/yagura/eve.sock (107 bytes at most)';
  if (place === 'address:port' && addressOf(value) === undefined)
    return 'must be written as 0.0.0.0:4789 or [::]:4789; a port alone is that of loopback';
  return undefined;
}

/** A socket's address holds no longer path. */
const isEvePlace = (text: string): boolean => {
  if (!text.startsWith(SOCKET_PREFIX)) return true;
  const length = Buffer.byteLength(text) - SOCKET_PREFIX.length;
  return length > 0 && length <= MAX_SOCKET_PATH;
};
