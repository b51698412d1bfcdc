// Addresses and ports as the head of a rule lists them: with brackets, ranges, variables, and everything negated.
import { hint } from '../fields.ts';
import { type Prefix, parseAddress, parsePrefix, type Words } from '../prefix.ts';
import { PrefixSet } from '../prefix-set.ts';
import { invalid } from './fault.ts';
import type { Word } from './signature.ts';
import type { Variables } from './variables.ts';

/** Whether an address is meant: four words, an IPv4 address in the last. */
export interface AddressSpace {
  has(version: number, words: Uint32Array): boolean;
  /** Something in it is excepted. */
  readonly isNegated: boolean;
  /** All of it, where nothing is excepted. */
  readonly prefixes: readonly Prefix[];
}
export interface PortSpace {
  has(port: number): boolean;
}

const MAX_DEPTH = 64;

/** A list: in any of what is named (in everything, when nothing is), and in nothing that is negated. */
interface List<Leaf> {
  readonly named: readonly Item<Leaf>[];
  readonly negated: readonly Item<Leaf>[];
}
type Item<Leaf> = { readonly leaf: Leaf } | { readonly list: List<Leaf> };

/** Items between commas that stand outside of brackets. */
function parts(text: string, { at }: Word): string[] {
  const out: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i <= text.length; i++) {
    const c = text[i];
    if (c === '[') depth++;
    else if (c === ']') depth--;
    else if (i === text.length || (c === ',' && depth === 0)) {
      const part = text.slice(from, i).trim();
      if (part === '') throw invalid('', 'an empty place in a list', at);
      out.push(part);
      from = i + 1;
    }
  }
  return out;
}

function listOf<Leaf>(
  text: string,
  word: Word,
  variables: ReadonlyMap<string, string>,
  leaf: (text: string, word: Word) => Leaf | undefined,
  depth = 0,
): List<Leaf> {
  if (depth > MAX_DEPTH) throw invalid('', 'lists or variables that hold each other', word.at);
  const named: Item<Leaf>[] = [];
  const negated: Item<Leaf>[] = [];
  for (const part of parts(text, word)) {
    let inner = part;
    let isNegated = false;
    while (inner.startsWith('!')) {
      isNegated = !isNegated;
      inner = inner.slice(1).trim();
    }
    const into = isNegated ? negated : named;
    const deeper = (again: string): void => {
      into.push({ list: listOf(again, word, variables, leaf, depth + 1) });
    };
    if (inner.startsWith('[')) {
      if (!inner.endsWith(']')) throw invalid('', `"${inner}" is no list`, word.at);
      deeper(inner.slice(1, -1));
    } else if (inner.startsWith('$')) {
      const name = inner.slice(1);
      const value = variables.get(name);
      if (value === undefined)
        throw invalid('', `the variable "$${name}" is not defined${hint(name, variables.keys())}`, word.at);
      deeper(value);
    } else if (inner === 'any') {
      if (isNegated) throw invalid('', '"!any" is nobody', word.at);
      into.push({ list: { named: [], negated: [] } });
    } else {
      const found = leaf(inner, word);
      if (found === undefined) throw invalid('', `"${inner}" is neither address, port nor list`, word.at);
      into.push({ leaf: found });
    }
  }
  return { named, negated };
}

/** Everything is in it. */
const isAll = <Leaf>({ named, negated }: List<Leaf>): boolean =>
  negated.length === 0 && (named.length === 0 || named.some((item) => 'list' in item && isAll(item.list)));

const isNothing = <Leaf>(list: List<Leaf>): boolean =>
  list.negated.some((item) => 'list' in item && isAll(item.list));

// ---- addresses

/** The prefixes that cover all from one address to another. */
function range(from: Words, to: Words): Prefix[] | undefined {
  if (from.length !== to.length) return undefined;
  const number = (words: Words): bigint => words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
  const width = from.length * 32;
  let low = number(from);
  const high = number(to);
  if (low > high) return undefined;
  const out: Prefix[] = [];
  // Ends: each turn takes the largest block that begins there and fits; at most two a bit.
  while (low <= high) {
    let bits = 0;
    while (
      bits < width &&
      (low & ((1n << BigInt(bits + 1)) - 1n)) === 0n &&
      low + (1n << BigInt(bits + 1)) - 1n <= high
    )
      bits++;
    const at = low;
    const words = from.map((_, i) => Number((at >> BigInt(32 * (from.length - 1 - i))) & 0xffffffffn));
    out.push({ words, bits: width - bits });
    low += 1n << BigInt(bits);
  }
  return out;
}

/** Prefixes of an address, a prefix, one with a netmask, or a range. */
function prefixes(text: string): readonly Prefix[] | undefined {
  const dash = text.indexOf('-');
  if (dash > 0) {
    const from = parseAddress(text.slice(0, dash).trim());
    const to = parseAddress(text.slice(dash + 1).trim());
    return from && to && range(from, to);
  }
  const slash = text.indexOf('/');
  const mask = slash > 0 && text.includes('.', slash) ? parseAddress(text.slice(slash + 1)) : undefined;
  if (mask !== undefined) {
    const zeros = Math.log2((~mask[0] >>> 0) + 1);
    if (!Number.isInteger(zeros)) return undefined;
    const prefix = parsePrefix(`${text.slice(0, slash)}/${32 - zeros}`);
    return prefix && [prefix];
  }
  const prefix = parsePrefix(text);
  return prefix && [prefix];
}

class PrefixSpace implements AddressSpace {
  readonly #named: PrefixSet | undefined;
  readonly #others: readonly PrefixSpace[];
  readonly isNegated: boolean;
  readonly prefixes: readonly Prefix[];
  readonly #isOpen: boolean;
  readonly #negated: AddressSpace | undefined;

  constructor({ named, negated }: List<readonly Prefix[]>) {
    const own = named.flatMap((item) => ('leaf' in item ? item.leaf : []));
    this.#named = own.length > 0 ? new PrefixSet(own) : undefined;
    this.#others = named.flatMap((item) => ('list' in item ? new PrefixSpace(item.list) : []));
    this.#isOpen = named.length === 0;
    this.isNegated = negated.length > 0 || this.#others.some((other) => other.isNegated);
    this.prefixes = [...own, ...this.#others.flatMap((other) => other.prefixes)];
    this.#negated = negated.length > 0 ? new PrefixSpace({ named: negated, negated: [] }) : undefined;
  }

  has(version: number, words: Uint32Array): boolean {
    const isIn =
      this.#isOpen ||
      this.#named?.has(version, words) === true ||
      this.#others.some((other) => other.has(version, words));
    return isIn && this.#negated?.has(version, words) !== true;
  }
}

// ---- ports

function portRange(text: string): readonly [number, number] | undefined {
  const found = /^(\d{1,5})?(:)?(\d{1,5})?$/.exec(text);
  if (!found || text === ':' || text === '') return undefined;
  const [, first, colon, second] = found;
  const from = first === undefined ? 0 : Number(first);
  const to = colon === undefined ? from : second === undefined ? 65_535 : Number(second);
  return from <= to && to <= 65_535 ? [from, to] : undefined;
}

function paint({ named, negated }: List<readonly [number, number]>): Uint8Array {
  const out = new Uint8Array(65_536);
  if (named.length === 0) out.fill(1);
  for (const item of named)
    if ('leaf' in item) out.fill(1, item.leaf[0], item.leaf[1] + 1);
    else {
      const inner = paint(item.list);
      for (let port = 0; port < out.length; port++) out[port] |= inner[port];
    }
  if (negated.length > 0) {
    const without = paint({ named: negated, negated: [] });
    for (let port = 0; port < out.length; port++) if (without[port] === 1) out[port] = 0;
  }
  return out;
}

/** Reads the heads of rules; what was read before is not read again: thousands of rules say the same. */
export class Spaces {
  readonly #variables: Variables;
  readonly #addresses = new Map<string, AddressSpace | undefined>();
  readonly #ports = new Map<string, PortSpace | undefined>();

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  /** @returns undefined where everything is meant @throws RuleFault */
  addresses(word: Word): AddressSpace | undefined {
    const known = this.#addresses.get(word.text);
    if (known !== undefined || this.#addresses.has(word.text)) return known;
    const list = listOf(word.text, word, this.#variables.addresses, prefixes);
    if (isNothing(list)) throw invalid('', `"${word.text}" holds no address at all`, word.at);
    const space = isAll(list) ? undefined : new PrefixSpace(list);
    this.#addresses.set(word.text, space);
    return space;
  }

  /** @returns undefined where everything is meant @throws RuleFault */
  ports(word: Word): PortSpace | undefined {
    const known = this.#ports.get(word.text);
    if (known !== undefined || this.#ports.has(word.text)) return known;
    const list = listOf(word.text, word, this.#variables.ports, portRange);
    if (isNothing(list)) throw invalid('', `"${word.text}" holds no port at all`, word.at);
    const painted = isAll(list) ? undefined : paint(list);
    const space = painted && { has: (port: number) => painted[port] === 1 };
    if (painted?.includes(1) === false) throw invalid('', `"${word.text}" holds no port at all`, word.at);
    this.#ports.set(word.text, space);
    return space;
  }
}
