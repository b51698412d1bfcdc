// Rules about addresses alone, by the addresses that they name: a flow is shown to those few, not to thousands.
import { type Prefix, wordMask } from '../prefix.ts';
import type { CompiledSignature } from './compiled.ts';
import type { AddressSpace } from './spaces.ts';

/** A prefix that is wider would bring nearly every flow to the rule: its other end may name fewer. */
const WIDEST = 8;

/** The prefixes that a flow must have an end in; undefined when no end of the rule says so. */
function keysOf({ ends: { source, destination } }: CompiledSignature): readonly Prefix[] | undefined {
  const narrowness = (space: AddressSpace | undefined): number =>
    space === undefined || space.isNegated || space.prefixes.length === 0
      ? 0
      : Math.min(...space.prefixes.map(({ bits, words }) => (words.length === 1 ? bits : bits / 4)));
  const [a, b] = [narrowness(source), narrowness(destination)];
  if (Math.max(a, b) <= WIDEST) return undefined;
  return (a >= b ? source : destination)?.prefixes;
}

/** Of one length of prefix: the words that count as a text, and who names them. */
interface Level {
  readonly version: number;
  readonly bits: number;
  readonly rules: Map<number | string, CompiledSignature[]>;
}

export class AddressIndex {
  readonly #levels: Level[] = [];
  /** Rules that every flow is shown to. */
  readonly #free: CompiledSignature[] = [];
  readonly #found: CompiledSignature[] = [];

  constructor(rules: readonly CompiledSignature[]) {
    for (const rule of rules) {
      const keys = keysOf(rule);
      if (keys === undefined) this.#free.push(rule);
      else for (const prefix of keys) this.#add(prefix, rule);
    }
  }

  #add({ words, bits }: Prefix, rule: CompiledSignature): void {
    const version = words.length === 1 ? 4 : 6;
    let level = this.#levels.find((one) => one.version === version && one.bits === bits);
    if (level === undefined) this.#levels.push((level = { version, bits, rules: new Map() }));
    const key = version === 4 ? words[0] : words.join();
    const list = level.rules.get(key);
    if (list === undefined) level.rules.set(key, [rule]);
    else if (!list.includes(rule)) list.push(rule);
  }

  /** The rules that may be about a flow with these ends, in their order; the list is used again. */
  of(
    ...ends: readonly { readonly version: number; readonly words: Uint32Array }[]
  ): readonly CompiledSignature[] {
    const found = this.#found;
    found.length = 0;
    for (const { version, words } of ends)
      for (const level of this.#levels) {
        if (level.version !== version) continue;
        const { bits } = level;
        const key =
          version === 4
            ? (words[3] & wordMask(bits, 0)) >>> 0
            : [0, 1, 2, 3].map((i) => (words[i] & wordMask(bits, i)) >>> 0).join();
        for (const rule of level.rules.get(key) ?? []) if (!found.includes(rule)) found.push(rule);
      }
    found.push(...this.#free);
    if (found.length > 1) found.sort((a, b) => a.order - b.order);
    return found;
  }
}
