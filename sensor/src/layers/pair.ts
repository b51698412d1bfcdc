// Which pair of hosts a frame belongs to, as one number: the same for both directions, for fragments, and for every flow
// between the two. What has to be spread over several tables is spread by it.
import { decodeAny } from './decode.ts';
import type { Packet } from './packet.ts';

const ETHERNET = 14;
const IPV4_ADDRESSES = ETHERNET + 12;
const IPV6_ADDRESSES = ETHERNET + 8;

/**
 * @param p its `bytes`, `at`, `end`, `wire` and `link` name the frame
 * @returns 32 bits, well mixed; 0 for frames without IP
 */
export function hostPair(p: Packet): number {
  const { bytes: b, at, end } = p;
  if (p.link === 1 && end - at >= ETHERNET + 40) {
    if (b[at + 12] === 0x08 && b[at + 13] === 0x00) {
      const from = at + IPV4_ADDRESSES;
      const either =
        ((b[from] ^ b[from + 4]) << 24) |
        ((b[from + 1] ^ b[from + 5]) << 16) |
        ((b[from + 2] ^ b[from + 6]) << 8) |
        (b[from + 3] ^ b[from + 7]);
      return mixed(either);
    }
    if (b[at + 12] === 0x86 && b[at + 13] === 0xdd) {
      let either = 0;
      for (let i = at + IPV6_ADDRESSES; i < at + IPV6_ADDRESSES + 16; i++)
        either = Math.imul(either, 31) + (b[i] ^ b[i + 16]);
      return mixed(either);
    }
  }
  decodeAny(p);
  if (p.version === 0) return 0;
  const { source, destination } = p;
  if (p.version === 4) return mixed(source[3] ^ destination[3]);
  let either = 0;
  for (let word = 0; word < 4; word++)
    for (let shift = 24; shift >= 0; shift -= 8)
      either = Math.imul(either, 31) + (((source[word] ^ destination[word]) >>> shift) & 255);
  return mixed(either);
}

function mixed(n: number): number {
  let h = Math.imul(n ^ (n >>> 16), 0x45d9f3b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}
