// Compiled tests of the row that an event is, and how they are joined: cheap ones first, with what must stand for them.
import type { Slot } from '../row.ts';

/** A text that must stand in a value: anywhere in it, at its end, or as all of it. In lower case. */
export interface Need {
  readonly text: string;
  readonly where?: 'whole' | 'end';
}

/** One of the needs must stand in one of the column's values. */
export interface Guard {
  readonly slot: Slot;
  readonly needs: readonly Need[];
}

/** A compiled test of the current row. */
export interface Test {
  readonly holds: () => boolean;
  /** Cheap ones are tried first. */
  readonly cost: number;
  /** Columns it reads. */
  readonly slots: readonly Slot[];
  /** When present: the test can only hold if one of these does. */
  readonly guards?: readonly Guard[] | undefined;
  /** Paths of the fields that hold now, where the columns alone do not say it. */
  readonly where?: (() => string[]) | undefined;
  /** Tests that must all hold for this one to; other rules may have the same ones. */
  readonly parts?: readonly Test[] | undefined;
}

/** A test that is run at most once an event, whoever asks: rules of one kind ask the same of most fields. */
export function once(test: Test, slot: Slot): Test {
  const { holds } = test;
  let turn = -1;
  let held = false;
  return {
    ...test,
    holds: () => {
      const now = slot.turn;
      if (turn !== now) {
        turn = now;
        held = holds();
      }
      return held;
    },
  };
}

/** Tests made of others, by the first of these: what is joined alike is one test, for however many rules. */
const made = new WeakMap<Test, Map<string, Test>>();
const numbers = new WeakMap<Test, number>();
let last = 0;
/** More are hardly ever joined alike. */
const MAX_ALIKE = 16;

function numberOf(test: Test): number {
  let number = numbers.get(test);
  if (number === undefined) numbers.set(test, (number = ++last));
  return number;
}

/** What `join` makes of the tests; made once, and run once an event. */
function joined(how: string, tests: readonly Test[], join: () => Test): Test {
  if (tests.length > MAX_ALIKE) return join();
  const ordered = tests.toSorted((a, b) => numberOf(a) - numberOf(b));
  const [first] = ordered;
  const of = made.get(first) ?? new Map<string, Test>();
  made.set(first, of);
  const key = `${how} ${ordered.map(numberOf).join()}`;
  let test = of.get(key);
  if (test === undefined) {
    const slot = tests.flatMap(({ slots, guards }) => [...slots, ...(guards ?? []).map((g) => g.slot)])[0];
    test = slot === undefined ? join() : once(join(), slot);
    of.set(key, test);
  }
  return test;
}

/** Columns with so few values that asking for one of them rules hardly any event out. */
const FEW_VALUES = new Set([
  'src_ip#initiated',
  'src_ip#ipv6',
  'dest_ip#ipv6',
  'src_ip#rpcfw',
  'src_ip#rpcfw-event',
  'dns.type',
  'proto',
  'app_proto',
  'event_type',
  'http.http_method',
  'http.protocol',
]);
/** Fields of which a few values stand in most events. */
const COMMON_VALUES = new Set(['dest_port', 'http.status', 'dns.queries.rrtype', 'dns.rcode', 'tls.version']);
const MAX_NEEDS = 10_000;

/** How many events get past, as a rank: the least is the best guard. */
export function looseness(guards: readonly Guard[]): number {
  let worst = 0;
  for (const { slot, needs } of guards) {
    const shortest = needs.reduce((least, { text }) => Math.min(least, text.length), 64);
    const field = FEW_VALUES.has(slot.key) ? 1000 : COMMON_VALUES.has(slot.key) ? 100 : 0;
    const text = needs.every(({ where }) => where === 'whole') ? 0 : Math.max(0, 40 - 8 * shortest);
    worst = Math.max(worst, field + text + Math.log2(needs.length));
  }
  return worst + guards.length;
}

export const conjunction = (tests: readonly Test[]): Test =>
  tests.length === 1 ? tests[0] : joined('and', tests, () => allOf(tests));

function allOf(tests: readonly Test[]): Test {
  const sorted = tests.toSorted((a, b) => a.cost - b.cost);
  const [guards] = tests
    .flatMap(({ guards: own }) => (own ? [own] : []))
    .toSorted((a, b) => looseness(a) - looseness(b));
  return {
    holds: () => {
      for (const test of sorted) if (!test.holds()) return false;
      return true;
    },
    cost: sorted.reduce((sum, test) => sum + test.cost, 0),
    slots: tests.flatMap((test) => test.slots),
    guards,
    where: whereOf(tests),
    parts: tests.flatMap((test) => test.parts ?? [test]),
  };
}

export const disjunction = (tests: readonly Test[]): Test =>
  tests.length === 1 ? tests[0] : joined('or', tests, () => anyOf(tests));

function anyOf(tests: readonly Test[]): Test {
  const sorted = tests.toSorted((a, b) => a.cost - b.cost);
  return {
    holds: () => {
      for (const test of sorted) if (test.holds()) return true;
      return false;
    },
    cost: sorted.reduce((sum, test) => sum + test.cost, 0),
    slots: tests.flatMap((test) => test.slots),
    guards: either(tests),
    where: whereOf(tests),
  };
}

/** Holds when at least `count` of the tests do. */
export const atLeast = (count: number, tests: readonly Test[]): Test => {
  if (count === 1) return disjunction(tests);
  if (count > tests.length) return { holds: () => false, cost: 0, slots: [] };
  if (count === tests.length) return conjunction(tests);
  return {
    ...anyOf(tests),
    holds: () => {
      let found = 0;
      for (const test of tests) if (test.holds() && ++found === count) return true;
      return false;
    },
  };
};

export const negation = (test: Test): Test =>
  joined('not', [test], () => ({ holds: () => !test.holds(), cost: test.cost, slots: test.slots }));

/** Guards of every branch together, when every branch has some. */
function either(tests: readonly Test[]): readonly Guard[] | undefined {
  const bySlot = new Map<Slot, Need[]>();
  let count = 0;
  for (const { guards } of tests) {
    if (!guards) return undefined;
    for (const { slot, needs } of guards) {
      count += needs.length;
      bySlot.set(slot, [...(bySlot.get(slot) ?? []), ...needs]);
    }
    if (count > MAX_NEEDS) return undefined;
  }
  return [...bySlot].map(([slot, needs]) => ({ slot, needs }));
}

function whereOf(tests: readonly Test[]): Test['where'] {
  if (!tests.some(({ where }) => where)) return undefined;
  return () => tests.flatMap((test) => pathsOf(test));
}

/** Fields that a test rests on that holds now. */
export const pathsOf = (test: Test): string[] =>
  test.where ? test.where() : test.slots.filter((slot) => slot.count() > 0).map((slot) => slot.path);
