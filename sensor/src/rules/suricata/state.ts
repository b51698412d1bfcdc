// What rules remember for each other: bits and numbers of a flow, of a host, of a pair of hosts. All of it is bounded.
import { parseWhole } from './bounds.ts';
import { invalid } from './fault.ts';
import type { Option } from './signature.ts';
import type { Ends } from './thresholds.ts';

/** Flows of which something is remembered; the one touched longest ago is forgotten above it. */
export const MAX_FLOWS = 100_000;
/** Bits of hosts and pairs. */
export const MAX_BITS = 100_000;
/** Names that one flow may have. */
const MAX_NAMES = 256;

/** What rules remember of one flow. */
class FlowNotes {
  readonly bits = new Set<string>();
  readonly numbers = new Map<string, number>();
  /** A rule passed the flow: nothing more is said of it. */
  isPassed = false;
}

export class Memory {
  readonly #flows = new Map<number, FlowNotes>();
  /** Name and host → since and until when, µs. */
  readonly #bits = new Map<string, { readonly since: number; readonly until: number }>();
  forgotten = 0;

  /** @returns undefined when nothing is remembered of it */
  known(flow: number): FlowNotes | undefined {
    return this.#flows.get(flow);
  }

  notes(flow: number): FlowNotes {
    let notes = this.#flows.get(flow);
    if (notes !== undefined) {
      this.#flows.delete(flow);
      this.#flows.set(flow, notes);
      return notes;
    }
    if (this.#flows.size >= MAX_FLOWS) this.#forget(this.#flows);
    this.#flows.set(flow, (notes = new FlowNotes()));
    return notes;
  }

  set(flow: number, bit: string): void {
    const { bits } = this.notes(flow);
    if (bits.size < MAX_NAMES) bits.add(bit);
  }

  write(flow: number, name: string, value: number): void {
    const { numbers } = this.notes(flow);
    if (numbers.size < MAX_NAMES || numbers.has(name)) numbers.set(name, value);
  }

  /** The flow is over. */
  end(flow: number): void {
    if (this.#flows.size > 0) this.#flows.delete(flow);
  }

  hasBit(key: string, now: number): boolean {
    const bit = this.#bits.get(key);
    if (bit === undefined) return false;
    // Before it was set is another recording.
    if (bit.since <= now && now <= bit.until) return true;
    this.#bits.delete(key);
    return false;
  }

  /** µs */
  setBit(key: string, since: number, until: number): void {
    this.#bits.delete(key);
    if (this.#bits.size >= MAX_BITS) this.#forget(this.#bits);
    this.#bits.set(key, { since, until });
  }

  clearBit(key: string): void {
    this.#bits.delete(key);
  }

  #forget(map: Map<unknown, unknown>): void {
    for (const oldest of map.keys()) {
      map.delete(oldest);
      this.forgotten++;
      return;
    }
  }

  /** Memory is short: the older half goes. */
  age(): void {
    for (const map of [this.#flows, this.#bits]) {
      let left = map.size >> 1;
      while (left-- > 0) this.#forget(map);
    }
  }
}

/** A question that a match depends on. */
export type StateTest = (memory: Memory, ends: Ends, now: number) => boolean;
/** What a match leaves behind. */
export type StateChange = (memory: Memory, ends: Ends, now: number) => void;
export interface StateRule {
  readonly test?: StateTest;
  readonly change?: StateChange;
  readonly noalert?: true;
  /** Names that it reads and writes: rules that write come before those that read. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

const NONE = { reads: [], writes: [] } as const;
const each = (names: readonly string[], act: (name: string) => unknown): void => {
  for (const name of names) act(name);
};
const NAME = /^[^\s,;]{1,128}$/;

/** @throws RuleFault */
export function parseFlowbits(option: Option): StateRule {
  const [verb, ...rest] = (option.value ?? '').split(',').map((word) => word.trim());
  if (verb === 'noalert') {
    if (rest.length > 0) throw invalid(option.name, '"noalert" has no name behind it', option.valueAt);
    return { ...NONE, noalert: true };
  }
  const names = rest
    .join(',')
    .split('|')
    .map((name) => name.trim());
  if (names.some((name) => !NAME.test(name)))
    throw invalid(option.name, 'the name of a bit is missing', option.valueAt);
  switch (verb) {
    case 'isset':
      return {
        ...NONE,
        reads: names,
        test: (m, { id }) => names.some((n) => m.known(id)?.bits.has(n) === true),
      };
    case 'isnotset':
      return {
        ...NONE,
        reads: names,
        test: (m, { id }) => names.every((n) => m.known(id)?.bits.has(n) !== true),
      };
    case 'set':
      return { ...NONE, writes: names, change: (m, { id }) => each(names, (n) => m.set(id, n)) };
    case 'unset':
      return {
        ...NONE,
        writes: names,
        change: (m, { id }) => each(names, (n) => m.known(id)?.bits.delete(n)),
      };
    case 'toggle':
      return {
        ...NONE,
        writes: names,
        change: (m, { id }) =>
          each(names, (n) => {
            if (m.known(id)?.bits.delete(n) !== true) m.set(id, n);
          }),
      };
    default:
      throw invalid(
        option.name,
        `"${verb}" is none of set, unset, toggle, isset, isnotset, noalert`,
        option.valueAt,
      );
  }
}

/** @throws RuleFault */
export function parseFlowint(option: Option): StateRule {
  const words = (option.value ?? '').split(',').map((word) => word.trim());
  const [name, verb, value] = words;
  if (!NAME.test(name ?? '') || verb === undefined || words.length > 3)
    throw invalid(option.name, 'a name, a comparison or an operation, and a number', option.valueAt);
  const at = (m: Memory, id: number, key: string): number | undefined => m.known(id)?.numbers.get(key);
  if (verb === 'isset' || verb === 'notset' || verb === 'isnotset') {
    const wanted = verb === 'isset';
    return { ...NONE, reads: [name], test: (m, { id }) => (at(m, id, name) !== undefined) === wanted };
  }
  if (value === undefined || value === '')
    throw invalid(option.name, 'the number is missing', option.valueAt);
  const isNumber = /^\d+$/.test(value);
  const other = isNumber ? parseWhole(option, 0, 4_294_967_295, value) : 0;
  const than = (m: Memory, id: number): number | undefined => (isNumber ? other : at(m, id, value));
  const change = (act: (own: number, by: number) => number): StateRule => ({
    ...NONE,
    writes: [name],
    change(m, { id }) {
      const by = than(m, id);
      if (by !== undefined) m.write(id, name, act(at(m, id, name) ?? 0, by));
    },
  });
  if (verb === '=') return change((_, by) => by);
  if (verb === '+') return change((own, by) => own + by);
  if (verb === '-') return change((own, by) => Math.max(0, own - by));
  const compare = COMPARE[verb];
  if (compare === undefined)
    throw invalid(option.name, `"${verb}" is neither comparison nor operation`, option.valueAt);
  return {
    ...NONE,
    reads: [name],
    test(m, { id }) {
      const own = at(m, id, name);
      const by = than(m, id);
      return own !== undefined && by !== undefined && compare(own, by);
    },
  };
}

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

const TRACKS = ['ip_src', 'ip_dst', 'ip_pair', 'tx'] as const;
/** Seconds that a bit lives whose rule says no more. */
const USUAL_EXPIRE = { xbits: 30, hostbits: 300 } as const;

/** `xbits:set,name,track ip_src[,expire 60]`, and `hostbits:set,name[,src|dst|both]`. @throws RuleFault */
export function parseBits(option: Option): StateRule {
  const words = (option.value ?? '').split(',').map((word) => word.trim());
  const [verb, name] = words;
  if (verb === 'noalert' && words.length === 1) return { ...NONE, noalert: true };
  if (!NAME.test(name ?? '')) throw invalid(option.name, 'the name of a bit is missing', option.valueAt);
  let track: string = 'ip_src';
  let expire: number = option.name === 'xbits' ? USUAL_EXPIRE.xbits : USUAL_EXPIRE.hostbits;
  let isSaid = option.name === 'hostbits';
  for (const word of words.slice(2)) {
    const found = /^(track|expire)\s+(\S+)$/.exec(word);
    if (option.name === 'hostbits' && (word === 'src' || word === 'dst' || word === 'both'))
      track = word === 'both' ? 'ip_pair' : `ip_${word}`;
    else if (found?.[1] === 'track' && (TRACKS as readonly string[]).includes(found[2])) {
      track = found[2];
      isSaid = true;
    } else if (found?.[1] === 'expire') expire = parseWhole(option, 1, 4_294_967_295, found[2]);
    else throw invalid(option.name, `"${word}" means nothing here`, option.valueAt);
  }
  if (!isSaid) throw invalid(option.name, `"track" is one of ${TRACKS.join(', ')}`, option.valueAt);
  const bit = `${option.name} ${name}`;
  const key = ({ src_ip, dest_ip, id }: Ends): string => {
    if (track === 'ip_src') return `${bit} ${src_ip}`;
    if (track === 'ip_dst') return `${bit} ${dest_ip}`;
    if (track === 'tx') return `${bit} #${id}`;
    return src_ip < dest_ip ? `${bit} ${src_ip} ${dest_ip}` : `${bit} ${dest_ip} ${src_ip}`;
  };
  const until = (now: number): number => now + expire * 1e6;
  switch (verb) {
    case 'isset':
      return { ...NONE, reads: [bit], test: (m, ends, now) => m.hasBit(key(ends), now) };
    case 'isnotset':
      return { ...NONE, reads: [bit], test: (m, ends, now) => !m.hasBit(key(ends), now) };
    case 'set':
      return { ...NONE, writes: [bit], change: (m, ends, now) => m.setBit(key(ends), now, until(now)) };
    case 'unset':
      return { ...NONE, writes: [bit], change: (m, ends) => m.clearBit(key(ends)) };
    case 'toggle':
      return {
        ...NONE,
        writes: [bit],
        change: (m, ends, now) =>
          m.hasBit(key(ends), now) ? m.clearBit(key(ends)) : m.setBit(key(ends), now, until(now)),
      };
    default:
      throw invalid(option.name, `"${verb}" is none of set, unset, toggle, isset, isnotset`, option.valueAt);
  }
}
