// Addresses and CIDR prefixes as 32-bit words, read from text.

/** Words of an address: 1 (IPv4) or 4 (IPv6), each unsigned. */
export type Words = readonly number[];

export interface Prefix {
  readonly words: Words;
  /** Bits that count, 0 … 32 or 128. */
  readonly bits: number;
}

function ipv4(text: string): number | undefined {
  let word = 0;
  let octet = -1;
  let octets = 0;
  for (let i = 0; i <= text.length; i++) {
    const c = i < text.length ? text.charCodeAt(i) : 46;
    if (c === 46) {
      if (octet < 0 || ++octets > 4) return undefined;
      word = word * 256 + octet;
      octet = -1;
    } else if (c >= 48 && c <= 57 && octet !== 0) {
      octet = Math.max(octet, 0) * 10 + c - 48;
      if (octet > 255) return undefined;
    } else return undefined;
  }
  return octets === 4 ? word : undefined;
}

/** Groups of one side of `::`; undefined when malformed. Only the last side may end as IPv4. */
function groups(text: string, isLast: boolean): number[] | undefined {
  if (text === '') return [];
  const out: number[] = [];
  const parts = text.split(':', 9);
  for (let i = 0; i < parts.length; i++) {
    if (isLast && i === parts.length - 1 && parts[i].includes('.')) {
      const tail = ipv4(parts[i]);
      if (tail === undefined) return undefined;
      out.push(tail >>> 16, tail & 0xffff);
    } else if (/^[0-9a-f]{1,4}$/i.test(parts[i])) out.push(Number.parseInt(parts[i], 16));
    else return undefined;
  }
  return out;
}

/** IPv6 addresses lately read: the same ones come again and again, and are long to read. */
const MAX_KNOWN = 4096;
const known = new Map<string, Words | undefined>();

/** @returns the address's words, or undefined when the text is no IPv4 or IPv6 address (a zone index is none) */
export function parseAddress(text: string): Words | undefined {
  if (text.length > 45) return undefined;
  if (!text.includes(':')) {
    const word = ipv4(text);
    return word === undefined ? undefined : [word];
  }
  let words = known.get(text);
  if (words === undefined && !known.has(text)) {
    words = ipv6(text);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(text, words);
  }
  return words;
}

function ipv6(text: string): Words | undefined {
  const halves = text.split('::', 3);
  if (halves.length > 2) return undefined;
  const head = groups(halves[0], halves.length === 1);
  const tail = halves.length === 2 ? groups(halves[1], true) : [];
  if (!head || !tail) return undefined;
  const gap = 8 - head.length - tail.length;
  if (halves.length === 2 ? gap < 1 : gap !== 0) return undefined;
  const all = [...head, ...new Array<number>(gap).fill(0), ...tail];
  return [0, 2, 4, 6].map((i) => all[i] * 0x10000 + all[i + 1]);
}

/** The bits of word `index` that a prefix of `bits` bits keeps. */
export function wordMask(bits: number, index: number): number {
  const kept = Math.min(32, Math.max(0, bits - 32 * index));
  return kept === 0 ? 0 : (0xffffffff << (32 - kept)) >>> 0;
}

/** `10.0.0.0/8`, `2001:db8::/32`, or a plain address (all bits count). Bits below the mask are cleared. */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf('/');
  const words = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (!words) return undefined;
  const most = words.length * 32;
  const length = slash < 0 ? String(most) : text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(length) || Number(length) > most) return undefined;
  const bits = Number(length);
  return { bits, words: words.map((word, i) => (word & wordMask(bits, i)) >>> 0) };
}

/** True when the prefix holds the address. Families never mix. */
export function holds(prefix: Prefix, address: Words): boolean {
  if (prefix.words.length !== address.length) return false;
  for (let i = 0; i < address.length; i++)
    if ((address[i] & wordMask(prefix.bits, i)) >>> 0 !== prefix.words[i]) return false;
  return true;
}
