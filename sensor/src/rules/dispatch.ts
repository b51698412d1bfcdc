// Which rules an event must be shown to: those of its type, and of them only those that could hold.
import type { Row, Slot } from './row.ts';
import type { SigmaRule } from './sigma/rule.ts';

/** Rules of one event type. A rule that demands certain values of a field is found through them. */
export class Dispatch {
  readonly #row: Row;
  readonly #free: SigmaRule[] = [];
  readonly #guarded = new Map<Slot, Map<string, SigmaRule[]>>();
  readonly #tried = new Map<SigmaRule, number>();

  constructor(row: Row, rules: readonly SigmaRule[]) {
    this.#row = row;
    for (const rule of rules) {
      const { guard } = rule.test;
      if (!guard) {
        this.#free.push(rule);
        continue;
      }
      let byValue = this.#guarded.get(guard.slot);
      if (!byValue) this.#guarded.set(guard.slot, (byValue = new Map()));
      for (const value of guard.values) {
        const at = byValue.get(value);
        if (at) at.push(rule);
        else byValue.set(value, [rule]);
      }
    }
    this.#free.sort((a, b) => a.test.cost - b.test.cost);
  }

  /** Calls `hit` for each rule that holds for the row's current event. */
  match(hit: (rule: SigmaRule) => void): void {
    for (const rule of this.#free) if (rule.test.holds()) hit(rule);
    for (const [slot, byValue] of this.#guarded) {
      const count = slot.count();
      for (let i = 0; i < count; i++) {
        const rules = byValue.get(slot.lower(i));
        if (!rules) continue;
        for (const rule of rules) {
          // A list may hold two of the rule's values.
          if (count > 1) {
            if (this.#tried.get(rule) === this.#row.turn) continue;
            this.#tried.set(rule, this.#row.turn);
          }
          if (rule.test.holds()) hit(rule);
        }
      }
    }
  }
}
