// Which rules a record must be shown to: those whose rarest text stands in it, and those that have none.
import { Prefilter } from '../prefilter.ts';
import type { Row, Slot } from '../row.ts';
import type { Column, Columns } from './columns.ts';
import type { CompiledSignature, GroupTest, Probe, ValueTest } from './compiled.ts';
import type { Content } from './content.ts';
import { isHeadPath } from './http-head.ts';
import { holdsIn } from './inspect.ts';

/** What must stand in a buffer for the rule to hold. */
interface Required {
  readonly columns: readonly Column[];
  readonly text: string;
  readonly where: 'whole' | 'end' | undefined;
}

function requiredOf(probe: Probe): Required | undefined {
  let best: { readonly group: GroupTest; readonly item: Content } | undefined;
  let most = 0;
  for (const group of probe.groups) {
    if (group.absent !== undefined) continue;
    // The head of a message is long, and made for nobody else: a text of another buffer is looked for sooner.
    const worth = group.columns.some(({ column }) => isHeadPath(column.slot.path)) ? 0.1 : 1;
    for (const item of group.items)
      if (item.kind === 'content' && !item.negated && item.bytes.length * worth > most) {
        best = { group, item };
        most = item.bytes.length * worth;
      }
  }
  if (best === undefined) return undefined;
  const { group, item } = best;
  const columns = group.columns
    .filter(({ sides }) => (sides & probe.sides) !== 0)
    .map(({ column }) => column);
  const where = item.endswith ? (item.startswith ? 'whole' : 'end') : undefined;
  return { columns, text: item.lower, where };
}

/** Told of a rule that holds, and on which way: 0 to the server, 1 to the client. */
export type Hit = (probe: Probe, side: 0 | 1) => void;
/** Calls what asks a rule, and takes the time of it. */
export type Measured = (rule: CompiledSignature, holds: () => boolean) => boolean;
/** Whether a rule may be about this flow, this way, before anything is looked for. */
export type Admits = (probe: Probe, side: 0 | 1) => boolean;

/** The rules of one type of event, in the order that they are asked in. */
export class SignatureDispatch {
  readonly type: string;
  readonly row: Row;
  readonly probes: readonly Probe[];
  readonly #free: readonly number[];
  readonly #filters: readonly { readonly column: Column; readonly prefilter: Prefilter }[];
  /** By probe: the turn of the row that it was found in. */
  readonly #found: Int32Array;
  readonly #candidates: number[] = [];
  /** Which side a record speaks for. */
  readonly #side: Slot | undefined;
  #turn = 0;
  readonly #mark = (probe: number): void => {
    if (this.#found[probe] === this.#turn) return;
    this.#found[probe] = this.#turn;
    this.#candidates.push(probe);
  };

  constructor(columns: Columns, probes: readonly Probe[]) {
    this.type = columns.type;
    this.row = columns.row;
    this.probes = probes.toSorted((a, b) => a.rule.order - b.rule.order);
    this.#found = new Int32Array(probes.length);
    const free: number[] = [];
    const literals = new Map<Column, { text: string; id: number; where?: 'whole' | 'end' }[]>();
    for (const [id, probe] of this.probes.entries()) {
      const required = requiredOf(probe);
      if (required === undefined) {
        free.push(id);
        continue;
      }
      const { text, where } = required;
      for (const column of required.columns) {
        const list = literals.get(column);
        const literal = where === undefined ? { text, id } : { text, id, where };
        if (list === undefined) literals.set(column, [literal]);
        else list.push(literal);
      }
    }
    this.#free = free;
    this.#filters = [...literals].map(([column, own]) => ({ column, prefilter: new Prefilter(own) }));
    const path = SIDE_OF[this.type]?.path;
    this.#side = path === undefined ? undefined : columns.slot(path);
  }

  /** Ways that the row's record speaks for, as bits. */
  get #sides(): number {
    const slot = this.#side;
    if (slot === undefined || slot.count() === 0) return slot === undefined ? 3 : 1;
    return SIDE_OF[this.type].isServer(slot.value(0)) ? 2 : 1;
  }

  /**
   * @param time of the event, µs
   * @param measured asks a rule and takes the time of it, where that is wanted
   */
  match(time: number, admits: Admits, hit: Hit, measured?: Measured): void {
    this.#turn++;
    const candidates = this.#candidates;
    candidates.length = 0;
    for (let k = 0; k < this.#filters.length; k++) {
      const { column, prefilter } = this.#filters[k];
      const count = column.count();
      for (let i = 0; i < count; i++) prefilter.scan(column.lower(i), this.#mark);
    }
    if (candidates.length > 1) candidates.sort((a, b) => a - b);
    const free = this.#free;
    if (candidates.length === 0 && free.length === 0) return;
    const sides = this.#sides;
    for (let i = 0, k = 0; i < candidates.length || k < free.length; ) {
      const next =
        k >= free.length || (i < candidates.length && candidates[i] < free[k]) ? candidates[i++] : free[k++];
      const probe = this.probes[next];
      const both = probe.sides & sides;
      if ((both & 1) !== 0 && admits(probe, 0) && asked(probe, 1, time, measured)) hit(probe, 0);
      if ((both & 2) !== 0 && admits(probe, 1) && asked(probe, 2, time, measured)) hit(probe, 1);
    }
  }
}

const SIDE_OF: Readonly<
  Record<string, { readonly path: string; readonly isServer: (value: unknown) => boolean }>
> = {
  dns: { path: 'dns.type', isServer: (value) => value === 'response' },
  mdns: { path: 'mdns.type', isServer: (value) => value === 'response' },
  llmnr: { path: 'llmnr.type', isServer: (value) => value === 'response' },
  mqtt: { path: 'mqtt.from_client', isServer: (value) => value === false },
  snmp: { path: 'snmp.pdu_type', isServer: (value) => value === 'response' || value === 'report' },
  // A response has a code.
  sip: { path: 'sip.code', isServer: () => true },
};

const asked = (probe: Probe, side: number, time: number, measured: Measured | undefined): boolean =>
  measured === undefined ? holds(probe, side, time) : measured(probe.rule, () => holds(probe, side, time));

/** What is asked of the row's event this way (1 or 2). */
export function holds({ groups, values }: Probe, side: number, time: number): boolean {
  for (const value of values) if (!valueHolds(value, side, time)) return false;
  for (const group of groups) if (!groupHolds(group, side)) return false;
  return true;
}

function valueHolds({ slots, holds: is }: ValueTest, side: number, time: number): boolean {
  for (const { slot, sides } of slots) {
    if ((sides & side) === 0) continue;
    const count = slot.count();
    for (let i = 0; i < count; i++) if (is(slot.value(i), time)) return true;
  }
  return false;
}

function groupHolds({ columns, items, absent }: GroupTest, side: number): boolean {
  let isThere = false;
  for (const { column, sides } of columns) {
    if ((sides & side) === 0) continue;
    const count = column.count();
    if (count > 0) isThere = true;
    if (absent === 'only') continue;
    for (let i = 0; i < count; i++) if (holdsIn(items, column.text(i), column.lower(i))) return true;
  }
  return absent !== undefined && !isThere;
}
