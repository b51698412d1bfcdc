// Which pair of hosts a frame belongs to, as one number: the same for both directions, for fragments, and for every flow
// between the two. What has to be spread over several tables is spread by it.
import { decodeAny } from './decode.ts';
import type { Packet } from './packet.ts';

const ETHERNET = 14;
const TAG = 4;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const TAGGED = 0x8100;

/**
 * @param p its `bytes`, `at`, `end`, `wire` and `link` name the frame
 * @returns 32 bits, well mixed; 0 for frames without IP
 */
export function hostPair(p: Packet): number {
  const { view, at, end } = p;
  if (p.link === 1 && end - at >= ETHERNET + TAG + 40) {
    let ip = at + ETHERNET;
    let type = view.getUint16(at + 12);
    if (type === TAGGED) {
      type = view.getUint16(at + 16);
      ip += TAG;
    }
    if (type === IPV4) return mixed(view.getInt32(ip + 12) ^ view.getInt32(ip + 16));
    if (type === IPV6) {
      let either = 0;
      for (let word = ip + 8; word < ip + 24; word += 4)
        either = joined(either, view.getInt32(word) ^ view.getInt32(word + 16));
      return mixed(either);
    }
  }
  decodeAny(p);
  if (p.version === 0) return 0;
  const { source, destination } = p;
  if (p.version === 4) return mixed(source[3] ^ destination[3]);
  let either = 0;
  for (let word = 0; word < 4; word++) either = joined(either, source[word] ^ destination[word]);
  return mixed(either);
}

const joined = (hash: number, word: number): number => (Math.imul(hash, 0x2c1b3c6d) + mixed(word)) | 0;

function mixed(n: number): number {
  let h = Math.imul(n ^ (n >>> 16), 0x45d9f3b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}
