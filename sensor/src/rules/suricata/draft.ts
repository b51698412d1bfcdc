// A rule while its options are read one after the other: what was said so far, and what the next one may refer to.
import type { Scalar } from '../../wire/field.ts';
import type { Place } from './buffers.ts';
import type { Content, Item } from './content.ts';
import type { Datasets } from './datasets.ts';
import { invalid, type RuleFault } from './fault.ts';
import type { AddressTest, PacketTest } from './header-tests.ts';
import type { Classification, Settings } from './settings.ts';
import type { Option, Signature } from './signature.ts';
import type { StateRule } from './state.ts';
import type { Threshold } from './thresholds.ts';
import type { Transform } from './transforms.ts';

/** What a rule looks for in one buffer. */
export interface Group {
  readonly name: string;
  /** Where it is in our events; undefined for the payload, and for what we do not have. */
  readonly places: readonly Place[] | undefined;
  readonly isLower: boolean;
  readonly at: number;
  transforms: Transform[];
  readonly items: Item[];
  /** The buffer must not be there (`or` may be, with the other items not holding). */
  absent?: 'only' | 'or_else';
}

/** A value of the transaction that must be there, and right. */
export interface FieldTest {
  readonly name: string;
  readonly places: readonly Place[];
  /** @param time of the event, µs */
  readonly holds: (value: Scalar, time: number) => boolean;
}

export interface FlowOptions {
  sides: number;
  established: boolean | undefined;
  isStateless: boolean;
}

export class Draft {
  readonly signature: Signature;
  readonly settings: Settings;
  sid = 0;
  gid = 1;
  rev = 0;
  msg = '';
  classification: Classification | undefined;
  priority: number | undefined;
  readonly metadata: [string, string][] = [];
  readonly references: string[] = [];
  target: 'src_ip' | 'dest_ip' | undefined;
  noalert = false;
  asksChanging = false;
  readonly flow: FlowOptions = { sides: 3, established: undefined, isStateless: false };
  flowSaid = false;
  readonly payload: Group;
  /** The buffer that contents belong to now. */
  group: Group;
  readonly groups: Group[] = [];
  /** What depth, within and the like speak of; and the group it stands in. */
  last: { readonly item: Content; readonly group: Group } | undefined;
  readonly fieldTests: FieldTest[] = [];
  readonly packetTests: PacketTest[] = [];
  readonly states: StateRule[] = [];
  readonly addressTests: AddressTest[] = [];
  /** Names that our `anomaly` events have for what happened. */
  readonly anomalies: string[] = [];
  appProtocol: { readonly name: string; readonly negated: boolean } | undefined;
  threshold: Threshold | undefined;
  /** What byte_* keywords called their numbers. */
  readonly variables = new Set<string>();
  dsize: { readonly least: number; readonly most: number } | undefined;
  /** The first thing that cannot be answered from metadata; the rest is read all the same, for faults. */
  refused: RuleFault | undefined;
  readonly datasets: Datasets;
  readonly #once = new Set<string>();

  constructor(signature: Signature, settings: Settings, datasets: Datasets) {
    this.signature = signature;
    this.datasets = datasets;
    this.settings = settings;
    this.payload = { name: 'payload', places: undefined, isLower: false, at: 0, transforms: [], items: [] };
    this.group = this.payload;
  }

  refuse(fault: RuleFault): void {
    this.refused ??= fault;
    // What was refused was said of the buffer: it is not one of which nothing is said.
    const { group } = this;
    if (group !== this.payload && group.items.length === 0)
      group.items.push({ kind: 'bsize', bounds: () => true });
  }

  /** @throws RuleFault when the option stood there before */
  once({ name, at }: Option): void {
    if (this.#once.has(name)) throw invalid(name, `"${name}" stands there twice`, at);
    this.#once.add(name);
  }

  /** From here on contents are about this buffer. */
  open(name: string, places: readonly Place[] | undefined, isLower: boolean, at: number): Group {
    this.close();
    const group: Group = { name, places, isLower, at, transforms: [], items: [] };
    this.groups.push(group);
    this.group = group;
    return group;
  }

  /** A buffer of which nothing is said means nothing. */
  close(): void {
    const { group } = this;
    if (group !== this.payload && group.items.length === 0 && group.absent === undefined)
      throw invalid(group.name, `nothing is looked for in "${group.name}"`, group.at);
  }

  /** The buffer of old rules, which name it behind each content: the same for all that name it. */
  shared(name: string, places: readonly Place[] | undefined, isLower: boolean, at: number): Group {
    const known = this.groups.find((group) => group.name === name && group !== this.group);
    if (known !== undefined) return known;
    const group: Group = { name, places, isLower, at, transforms: [], items: [] };
    this.groups.push(group);
    return group;
  }
}

export type Keyword = (draft: Draft, option: Option) => void;
