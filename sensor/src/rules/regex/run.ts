// Runs a regular expression in time linear in the text: an automaton whose states are made when first needed.
import { type Assertion, type Flags, type Node, parseRegex, type Ranges, RegexFault } from './parse.ts';

/** Instructions: a set leads to the next one; a fork leads to two; an assertion to the next one if it holds. */
type Step =
  | { readonly kind: 'set'; readonly ranges: Ranges }
  | { readonly kind: 'fork'; readonly to: number[] }
  | { readonly kind: 'assert'; readonly what: Assertion }
  | { readonly kind: 'match' };

const MAX_STEPS = 10_000;
/** Automaton states kept, and threads in all of them together; when more are needed the memory starts anew. */
const MAX_STATES = 2_000;
const MAX_THREADS = 100_000;

/** What stands before or after a position: nothing (edge of the text), newline, a word character, another one. */
const EDGE = 0;
const NEWLINE = 1;
const WORD = 2;
const OTHER = 3;

function program(root: Node): Step[] {
  const steps: Step[] = [];
  const push = (step: Step): number => {
    if (steps.length >= MAX_STEPS) throw new RegexFault('too large once its repetitions are written out', 0);
    return steps.push(step) - 1;
  };
  const fork = (): { readonly kind: 'fork'; readonly to: number[] } => {
    const step = { kind: 'fork', to: [] as number[] } as const;
    push(step);
    return step;
  };
  const write = (node: Node): void => {
    if (node.kind === 'set' || node.kind === 'assert') push(node);
    else if (node.kind === 'sequence') node.of.forEach(write);
    else if (node.kind === 'choice') {
      const start = fork();
      const ends: { to: number[] }[] = [];
      for (const branch of node.of) {
        start.to.push(steps.length);
        write(branch);
        ends.push(fork());
      }
      for (const end of ends) end.to.push(steps.length);
    } else {
      for (let i = 0; i < node.least; i++) write(node.of);
      if (node.most === Number.POSITIVE_INFINITY) {
        const at = steps.length;
        const loop = fork();
        loop.to.push(steps.length);
        write(node.of);
        fork().to.push(at);
        loop.to.push(steps.length);
      } else {
        const leave: { to: number[] }[] = [];
        for (let i = node.least; i < node.most; i++) {
          const step = fork();
          step.to.push(steps.length);
          leave.push(step);
          write(node.of);
        }
        for (const step of leave) step.to.push(steps.length);
      }
    }
  };
  write(root);
  push({ kind: 'match' });
  return steps;
}

/** Code units that every set treats alike form one class: the automaton's alphabet. */
class Alphabet {
  readonly starts: number[];
  readonly kinds: Uint8Array;
  readonly #low = new Uint16Array(256);

  constructor(steps: readonly Step[]) {
    // Newline and word characters have borders of their own, for assertions.
    const borders = new Set([0, 10, 11, 48, 58, 65, 91, 95, 96, 97, 123]);
    for (const step of steps)
      if (step.kind === 'set')
        for (const [from, to] of step.ranges) {
          borders.add(from);
          borders.add(to + 1);
        }
    borders.delete(0x10000);
    this.starts = [...borders].sort((a, b) => a - b);
    this.kinds = Uint8Array.from(this.starts, (c) =>
      c === 10 ? NEWLINE : /\w/.test(String.fromCharCode(c)) ? WORD : OTHER,
    );
    for (let c = 0; c < 256; c++) this.#low[c] = this.#search(c);
  }

  #search(code: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= code) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  classOf(code: number): number {
    return code < 256 ? this.#low[code] : this.#search(code);
  }
}

const holdsAt = (what: Assertion, before: number, after: number): boolean => {
  if (what === 'start') return before === EDGE;
  if (what === 'end') return after === EDGE;
  if (what === 'line-start') return before === EDGE || before === NEWLINE;
  if (what === 'line-end') return after === EDGE || after === NEWLINE;
  return ((before === WORD) !== (after === WORD)) === (what === 'boundary');
};

interface State {
  readonly threads: readonly number[];
  readonly before: number;
  /** Per class: number of the next state; -1 unknown. */
  readonly next: Int32Array;
  /** At the end of the text: 1 match, 0 none, -1 unknown. */
  end: number;
}

const MATCHED = -2;

/** True when the expression is found anywhere in the text. */
export type Search = (text: string) => boolean;

/** What only asks for a length: `^.{120}`. */
const LENGTH_ALONE = /^\^\.\{(\d+),?\}$/;

/** Most texts are told by their length; of the others, those with no line end in what counts. */
const longerThan =
  (least: number, dotAll: boolean): Search =>
  (subject) =>
    subject.length >= least && (dotAll || !subject.substring(0, least).includes('\n'));

/** @throws RegexFault when the expression is outside the subset or too large */
export function compileRegex(text: string, flags: Flags): Search {
  const steps = program(parseRegex(text, flags));
  const length = LENGTH_ALONE.exec(text);
  if (length !== null && !flags.multiline) return longerThan(Number(length[1]), flags.dotAll);
  const alphabet = new Alphabet(steps);
  const states: State[] = [];
  const known = new Map<string, number>();
  let kept = 0;
  let start = -1;

  const state = (threads: readonly number[], before: number): number => {
    const key = `${before}:${threads.join()}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    kept += threads.length;
    const next = new Int32Array(alphabet.starts.length).fill(-1);
    known.set(key, states.push({ threads, before, next, end: -1 }) - 1);
    return states.length - 1;
  };

  /** Follows forks and assertions; undefined when a match is reached. */
  const closure = (from: State, after: number): number[] | undefined => {
    const seen = new Set<number>();
    const out: number[] = [];
    // The search may start anywhere: step 0 is always among the threads.
    const stack = [...from.threads, 0];
    while (stack.length > 0) {
      const at = stack.pop() as number;
      if (seen.has(at)) continue;
      seen.add(at);
      const step = steps[at];
      if (step.kind === 'match') return undefined;
      if (step.kind === 'fork') stack.push(...step.to);
      else if (step.kind === 'set') out.push(at);
      else if (holdsAt(step.what, from.before, after)) stack.push(at + 1);
    }
    return out;
  };

  const advance = (from: State, symbol: number): number => {
    const threads = closure(from, alphabet.kinds[symbol]);
    if (!threads) return (from.next[symbol] = MATCHED);
    const code = alphabet.starts[symbol];
    const next = threads
      .filter((at) => (steps[at] as { ranges: Ranges }).ranges.some(([a, b]) => a <= code && code <= b))
      .map((at) => at + 1)
      .sort((a, b) => a - b);
    if (states.length >= MAX_STATES || kept > MAX_THREADS) {
      states.length = kept = 0;
      start = -1;
      known.clear();
      return state(next, alphabet.kinds[symbol]);
    }
    return (from.next[symbol] = state(next, alphabet.kinds[symbol]));
  };

  return (subject) => {
    let at = start >= 0 ? start : (start = state([], EDGE));
    for (let i = 0; i < subject.length; i++) {
      const symbol = alphabet.classOf(subject.charCodeAt(i));
      let next = states[at].next[symbol];
      if (next === -1) next = advance(states[at], symbol);
      if (next === MATCHED) return true;
      at = next;
    }
    const last = states[at];
    if (last.end < 0) last.end = closure(last, EDGE) ? 0 : 1;
    return last.end === 1;
  };
}
