// Whether an address lies in the networks that an authority names: the law's reach, asked for every alert.
import { BlockList, isIP } from 'node:net';

/** Addresses whose answer is remembered; the memory is emptied when full. */
const REMEMBERED = 10_000;

/** `192.0.2.0/24`, `2001:db8::/32`, or one address. Undefined when it is none of these. */
export function parsePrefix(
  text: string,
): { address: string; length: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [address, length, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return undefined;
  const widest = version === 4 ? 32 : 128;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const bits = length === undefined ? widest : Number(length);
  return bits > widest ? undefined : { address, length: bits, family: version === 4 ? 'ipv4' : 'ipv6' };
}

/** Networks to look addresses up in. An address that is no address lies nowhere. */
export class Scope {
  readonly #networks = new BlockList();
  readonly #answers = new Map<string, boolean>();

  constructor(prefixes: readonly string[]) {
    for (const text of prefixes) {
      const prefix = parsePrefix(text);
      if (prefix !== undefined) this.#networks.addSubnet(prefix.address, prefix.length, prefix.family);
    }
  }

  has(address: string): boolean {
    const known = this.#answers.get(address);
    if (known !== undefined) return known;
    const version = isIP(address);
    const inside = version !== 0 && this.#networks.check(address, version === 4 ? 'ipv4' : 'ipv6');
    if (this.#answers.size >= REMEMBERED) this.#answers.clear();
    this.#answers.set(address, inside);
    return inside;
  }
}
