// All Sigma of a rule set: rules, correlations of them, filters and placeholders, wherever among the files each stands.
import { documents, type Written } from '../documents.ts';
import { isPlaceholderFile, readPlaceholders } from '../placeholders.ts';
import { type Correlation, compileCorrelation } from './correlation.ts';
import { applyFilters, type Filter, readFilter } from './filter.ts';
import { compileRule, type Setting, type SigmaRule } from './rule.ts';

/** Runs something that may be wrong with a file: what it throws becomes a problem. */
export type Guarded = (work: () => void) => void;

export class SigmaCollection {
  readonly #setting: Setting;
  readonly #guarded: Guarded;
  readonly #placeholders = new Map<string, readonly string[]>();
  readonly #written: Written[] = [];
  readonly #waiting: Written[] = [];
  readonly #filters: Filter[] = [];
  /** Name or id → the file that has it. */
  readonly #taken = new Map<string, string>();
  rules: SigmaRule[] = [];
  readonly correlations: Correlation[] = [];

  constructor(setting: Omit<Setting, 'placeholders'>, guarded: Guarded) {
    this.#setting = { ...setting, placeholders: this.#placeholders };
    this.#guarded = guarded;
  }

  /** Takes a file; its rules are compiled once all files are there. */
  read(file: string, text: string): void {
    this.#guarded(() => {
      for (const written of documents(file, text))
        this.#guarded(() => {
          if (isPlaceholderFile(file)) readPlaceholders(written, this.#placeholders);
          else if (written.map.has('correlation')) this.#waiting.push(written);
          else if (written.map.has('filter')) this.#filters.push(readFilter(written));
          else this.#written.push(written);
        });
    });
  }

  /** Compiles everything; may be interrupted after each rule. */
  *compile(): Generator<void, void> {
    const compiled: SigmaRule[] = [];
    for (const written of this.#written) {
      this.#guarded(() => {
        const rule = compileRule(written, this.#setting);
        this.#take(rule.names, written);
        compiled.push(rule);
      });
      yield;
    }
    this.rules = applyFilters(compiled, this.#filters, this.#setting, this.#guarded);
    yield;
    this.#correlate();
  }

  /** A name stands for one rule. */
  #take(names: readonly string[], { map, place }: Written): void {
    for (const name of names) {
      const other = this.#taken.get(name);
      if (other) throw place.fault(map, `"${name}" is already the name or id of a rule in ${other}`);
    }
    for (const name of names) this.#taken.set(name, place.file);
  }

  /** A correlation may count others, which may stand behind it. */
  #correlate(): void {
    const rules = new Map<string, SigmaRule | Correlation>(
      this.rules.flatMap((rule) => rule.names.map((name) => [name, rule] as const)),
    );
    const waiting = new Map<string, Written>();
    for (const written of this.#waiting)
      for (const key of ['id', 'name'])
        this.#guarded(() => {
          const name = written.place.text(written.map, key, 256);
          if (name !== undefined && !waiting.has(name)) waiting.set(name, written);
        });
    const done = new Set<Written>();
    const atWork = new Set<Written>();
    const compile = (written: Written): void => {
      if (done.has(written)) return;
      if (atWork.has(written)) throw written.place.fault(written.map, 'the correlation counts itself');
      atWork.add(written);
      try {
        const correlation = compileCorrelation(written, {
          find: (name) => {
            const behind = waiting.get(name);
            if (!rules.has(name) && behind) this.#guarded(() => compile(behind));
            return rules.get(name);
          },
          known: () => [...rules.keys(), ...waiting.keys()],
        });
        this.#take(correlation.names, written);
        for (const name of correlation.names) rules.set(name, correlation);
        this.correlations.push(correlation);
      } finally {
        atWork.delete(written);
        done.add(written);
      }
    };
    for (const written of this.#waiting) this.#guarded(() => compile(written));
  }
}
