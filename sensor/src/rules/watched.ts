// Rules of one kind of events, each filed under a test that it cannot hold without.
/*
 * A rule that is an "and" cannot hold while one of its parts does not. So it is asked only when the part that it is filed
 * under holds; when another part fails it then, it moves there. Rules gather under parts that hardly ever hold, and of
 * hundreds that ask the same of an event, one test is run. It is how solvers watch the clauses of a formula.
 */
import type { SigmaRule } from './sigma/rule.ts';
import { type Guard, looseness, type Test } from './sigma/test.ts';

/** A test that costs more is part of the rule's own account, and not run for it before it is asked. */
const CHEAP = 12;
/** A test that no text guards is run on every event: it must be worth it. */
const WORTH = 4;

/** The rules that wait for one test. */
export class File {
  readonly test: Test;
  readonly rules: Filed[] = [];
  /** When present, the test cannot hold unless one of these does. */
  readonly guards: readonly Guard[] | undefined;
  /** The event that it was found for last. */
  turn = -1;
  /** Rules that could wait here. */
  wanted = 0;

  constructor(test: Test) {
    this.test = test;
    this.guards = test.guards;
  }

  /** Asks every rule that waits here, when the test holds. */
  ask(hit: (place: number) => void, holds: (rule: SigmaRule) => boolean): void {
    const { test, rules } = this;
    if (test.cost <= CHEAP && !test.holds()) return;
    for (let i = 0; i < rules.length; ) {
      const filed = rules[i];
      if (holds(filed.rule)) hit(filed.place);
      else if (moved(filed)) {
        const end = rules.pop() as Filed;
        if (end !== filed) rules[i] = end;
        continue;
      }
      i++;
    }
  }
}

interface Filed {
  readonly rule: SigmaRule;
  /** Among all rules. */
  readonly place: number;
  /** Where it may wait. */
  files: readonly File[];
}

/** Files the rules. @returns every file that a rule may come to, and the places of rules that wait for nothing */
export function filed(rules: readonly SigmaRule[]): { files: File[]; always: number[] } {
  const files = new Map<Test, File>();
  const fileOf = (test: Test): File => {
    let file = files.get(test);
    if (file === undefined) files.set(test, (file = new File(test)));
    file.wanted++;
    return file;
  };
  const always: number[] = [];
  const all: Filed[] = [];
  for (const [place, rule] of rules.entries()) {
    const parts = rule.test.parts ?? [rule.test];
    const [best] = parts
      .filter(({ guards }) => guards)
      .toSorted((a, b) => looseness(a.guards ?? []) - looseness(b.guards ?? []));
    const others = parts.filter((part) => part !== best && part.cost <= CHEAP && !isSought(part));
    const tests = best === undefined ? others : [best, ...others];
    if (tests.length === 0) always.push(place);
    else all.push({ rule, place, files: tests.map(fileOf) });
  }
  for (const one of all) {
    // The first stays: a rule that a text guards waits elsewhere only with many, or for another text.
    one.files = one.files.filter(({ guards, wanted }, i) => i === 0 || guards || wanted >= WORTH);
    one.files[0].rules.push(one);
  }
  const kept = new Set(all.flatMap((one) => one.files));
  return { files: [...kept], always };
}

/** Found by a part of a value: each costs every text a little, so that one for each rule is enough. */
const isSought = ({ guards }: Test): boolean =>
  guards?.some(({ needs }) => needs.some(({ where }) => where !== 'whole')) ?? false;

/** Files a rule under a part that fails it now. @returns false when there is none */
function moved(one: Filed): boolean {
  for (const file of one.files)
    if (file.test.cost <= CHEAP && !file.test.holds()) {
      file.rules.push(one);
      return true;
    }
  return false;
}
