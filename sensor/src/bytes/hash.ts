// Digests of short texts, as fingerprints need them.
import { hash } from 'node:crypto';

export const md5Hex = (text: string | Uint8Array): string => hash('md5', text, 'hex');
export const sha1Hex = (bytes: Uint8Array): string => hash('sha1', bytes, 'hex');
export const sha1Base64 = (bytes: Uint8Array): string => hash('sha1', bytes, 'base64');
export const sha256Hex = (text: string): string => hash('sha256', text, 'hex');

/** Distinct texts whose digests are remembered: the programs of a network say hello in a few hundred ways. */
const REMEMBERED = 4096;

/** The same function, remembering its last results. */
export function remembering(digest: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    let result = known.get(text);
    if (result === undefined) {
      if (known.size === REMEMBERED) known.clear();
      result = digest(text);
      known.set(text, result);
    }
    return result;
  };
}
