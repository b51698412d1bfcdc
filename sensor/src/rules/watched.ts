// Rules of which no text says when they could hold, each filed under a test that failed it last.
/*
 * A rule that is an "and" cannot hold while one of its parts does not. So it is asked only when the part that it is filed
 * under holds; when another part fails it then, it moves there. Rules gather under parts that hardly ever hold, and of
 * hundreds that ask the same of an event, one test is run. It is how solvers watch the clauses of a formula.
 */
import type { SigmaRule } from './sigma/rule.ts';
import type { Test } from './sigma/test.ts';

/** A test that costs more is part of the rule's own account, and not run for it before it is asked. */
export const CHEAP = 12;

interface File {
  readonly test: Test;
  readonly rules: Filed[];
}
interface Filed {
  readonly rule: SigmaRule;
  /** Where it may stand. */
  readonly files: readonly File[];
}

export class WatchedRules {
  readonly #files: readonly File[];
  /** Rules without a part that could be watched. */
  readonly #always: readonly SigmaRule[];
  readonly size: number;

  constructor(rules: readonly SigmaRule[]) {
    this.size = rules.length;
    const files = new Map<Test, File>();
    const fileOf = (test: Test): File => {
      let file = files.get(test);
      if (file === undefined) files.set(test, (file = { test, rules: [] }));
      return file;
    };
    const always: SigmaRule[] = [];
    for (const rule of rules) {
      const cheap = partsOf(rule).filter(({ cost }) => cost <= CHEAP);
      const own = cheap.map(fileOf);
      if (own.length === 0) always.push(rule);
      else own[0].rules.push({ rule, files: own });
    }
    this.#files = [...files.values()];
    this.#always = always;
  }

  match(hit: (rule: SigmaRule) => void, holds: (rule: SigmaRule) => boolean): void {
    for (const rule of this.#always) if (holds(rule)) hit(rule);
    for (const { test, rules } of this.#files) {
      if (rules.length === 0 || !test.holds()) continue;
      for (let i = 0; i < rules.length; ) {
        const filed = rules[i];
        if (holds(filed.rule)) hit(filed.rule);
        else if (moved(filed)) {
          const end = rules.pop() as Filed;
          if (end !== filed) rules[i] = end;
          continue;
        }
        i++;
      }
    }
  }
}

/** The parts of a rule that must all hold, cheap ones first. */
export const partsOf = ({ test }: SigmaRule): readonly Test[] =>
  (test.parts ?? [test]).toSorted((a, b) => a.cost - b.cost);

/** Files a rule under a part that fails it now. @returns false when there is none */
function moved(filed: Filed): boolean {
  for (const file of filed.files)
    if (!file.test.holds()) {
      file.rules.push(filed);
      return true;
    }
  return false;
}
