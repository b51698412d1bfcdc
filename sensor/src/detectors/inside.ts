// Which addresses belong to a house, when nobody told: those that are never routed on the internet.
import { parseAddress } from '../rules/prefix.ts';

/** RFC 1918, RFC 6598 (shared), RFC 3927 and RFC 4291 (link-local), RFC 4193 (unique local), loopback. */
export function isPrivate(address: string): boolean {
  const words = parseAddress(address);
  if (words === undefined) return false;
  const [first] = words;
  const top = first >>> 24;
  if (words.length === 1)
    return (
      top === 10 ||
      top === 127 ||
      first >>> 20 === 0xac1 ||
      first >>> 16 === 0xc0a8 ||
      first >>> 22 === 0x191 ||
      first >>> 16 === 0xa9fe
    );
  if (top >>> 1 === 0x7e || first >>> 22 === 0x3fa) return true;
  return first === 0 && words[1] === 0 && words[2] === 0 && words[3] === 1;
}
