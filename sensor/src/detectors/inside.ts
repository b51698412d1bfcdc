// Which addresses belong to a house, when nobody told: those that are never routed on the internet.
import { holds, type Prefix, parseAddress, parsePrefix } from '../rules/prefix.ts';

/** RFC 1918, RFC 6598 (shared), RFC 3927 and RFC 4291 (link-local), RFC 4193 (unique local), loopback. */
const PRIVATE: readonly Prefix[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '127.0.0.0/8',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
].map((text) => parsePrefix(text)!);

export function isPrivate(address: string): boolean {
  const words = parseAddress(address);
  return words !== undefined && PRIVATE.some((prefix) => holds(prefix, words));
}
