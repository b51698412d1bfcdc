// All rules of Suricata's kind that are loaded: compiled, refused, wrong; and where each is asked.

import { SensorError } from '../../errors.ts';
import type { Vocabulary } from '../fields.ts';
import type { Row } from '../row.ts';
import { Columns } from './columns.ts';
import { compileSignature } from './compile.ts';
import type { CompiledSignature, Probe, Scope } from './compiled.ts';
import type { Datasets } from './datasets.ts';
import { SignatureDispatch } from './dispatch.ts';
import { RuleFault } from './fault.ts';
import { rulesOf } from './lines.ts';
import type { Settings } from './settings.ts';

/** A rule that is right, and cannot be answered from metadata. */
export interface RefusedSignature {
  readonly file: string;
  readonly line: number;
  /** The option that is to blame. */
  readonly keyword: string;
  readonly why: string;
}

export interface SignatureSet {
  /** In the order that they are asked in. */
  readonly rules: readonly CompiledSignature[];
  readonly refused: readonly RefusedSignature[];
  /** Event type → its rules. */
  readonly dispatch: ReadonlyMap<string, SignatureDispatch>;
  readonly ofScope: Readonly<Record<Scope, readonly CompiledSignature[]>>;
  /** Rules that were read in all, the wrong ones too. */
  readonly count: number;
}

/** Rules that pass come first, then those that are graver by what they do; as Suricata orders them. */
const ACTIONS = ['pass', 'drop', 'reject', 'alert'] as const;
const MAX_RULES = 200_000;
/** Rules read before others have their turn: some milliseconds. */
const STEP = 100;

/** Writers of a bit come before its readers. */
const stateRank = ({ states }: CompiledSignature): number => {
  const writes = states.some((state) => state.writes.length > 0);
  const reads = states.some((state) => state.reads.length > 0);
  return writes ? (reads ? 1 : 0) : reads ? 2 : 3;
};

export class SignatureLoader {
  readonly #settings: Settings;
  readonly #columns = new Map<string, Columns>();
  readonly #columnsOf: (type: string) => Columns;
  readonly #datasets: Datasets = new Map();
  readonly #found = new Map<
    string,
    { readonly rule: CompiledSignature; readonly probes: readonly Probe[] }
  >();
  readonly #refused: RefusedSignature[] = [];
  #count = 0;

  constructor(settings: Settings, vocabulary: Vocabulary, row: (type: string) => Row) {
    this.#settings = settings;
    this.#columnsOf = (type) => {
      let columns = this.#columns.get(type);
      if (columns === undefined)
        this.#columns.set(type, (columns = new Columns(type, row(type), vocabulary)));
      return columns;
    };
  }

  /** Reads a file of rules; what is wrong goes to `report`, one error a rule. */
  *read(file: string, text: string, report: (error: SensorError) => void): Generator<void, void> {
    for (const line of rulesOf(text)) {
      if (this.#count % STEP === 0) yield;
      if (++this.#count > MAX_RULES)
        return report(new SensorError('rule_invalid', `${file}: more than ${MAX_RULES} rules`));
      const start = line.position(0);
      try {
        const found = compileSignature(
          line.text,
          { file, line: start.line },
          this.#settings,
          this.#datasets,
          this.#columnsOf,
        );
        this.#keep(found);
      } catch (fault) {
        if (!(fault instanceof RuleFault)) throw fault;
        const { line: at, column } = line.position(fault.at);
        if (fault.kind === 'unsupported')
          this.#refused.push({ file, line: at, keyword: fault.keyword, why: fault.message });
        else report(new SensorError('rule_invalid', `${file}:${at}:${column}: ${fault.message}`));
      }
    }
  }

  /** Of two rules with one number the higher revision counts. @throws RuleFault */
  #keep(found: { readonly rule: CompiledSignature; readonly probes: readonly Probe[] }): void {
    const { gid, sid, rev } = found.rule;
    const key = `${gid}:${sid}`;
    const other = this.#found.get(key)?.rule;
    if (other !== undefined && other.rev >= rev)
      throw new RuleFault(
        'invalid',
        'sid',
        `${key} is already the number of a rule in ${other.file}:${other.line}`,
        0,
      );
    this.#found.set(key, found);
  }

  *finish(): Generator<void, SignatureSet> {
    const all = [...this.#found.values()];
    const rules = all
      .map(({ rule }) => rule)
      .sort(
        (a, b) =>
          ACTIONS.indexOf(a.action) - ACTIONS.indexOf(b.action) ||
          stateRank(a) - stateRank(b) ||
          a.priority - b.priority,
      );
    for (const [order, rule] of rules.entries()) rule.order = order;
    const byType = new Map<string, Probe[]>();
    for (const { probes } of all)
      for (const probe of probes) {
        const list = byType.get(probe.type);
        if (list === undefined) byType.set(probe.type, [probe]);
        else list.push(probe);
      }
    const dispatch = new Map<string, SignatureDispatch>();
    for (const [type, probes] of byType) {
      yield;
      dispatch.set(type, new SignatureDispatch(this.#columnsOf(type), probes));
    }
    const scoped = (scope: Scope): CompiledSignature[] => rules.filter((rule) => rule.scope === scope);
    return {
      rules,
      refused: this.#refused,
      dispatch,
      ofScope: {
        event: scoped('event'),
        packet: scoped('packet'),
        flow: scoped('flow'),
        protocol: scoped('protocol'),
      },
      count: this.#count,
    };
  }
}
