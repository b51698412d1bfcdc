// A rule that is ready: who it is, whose traffic it is about, and its questions to an event, a flow or a packet.
import type { RuleIdentity } from '../../wire/alert.ts';
import type { Scalar } from '../../wire/field.ts';
import type { Slot } from '../row.ts';
import type { Column } from './columns.ts';
import type { Item } from './content.ts';
import type { AddressTest, PacketTest } from './header-tests.ts';
import type { Suppression } from './settings.ts';
import type { AddressSpace, PortSpace } from './spaces.ts';
import type { StateRule } from './state.ts';
import type { Threshold } from './thresholds.ts';

/** Where a rule is asked: at each record of a type, at each packet, or once a way of a flow. */
export type Scope = 'event' | 'packet' | 'flow' | 'protocol';

export interface Ends {
  readonly source: AddressSpace | undefined;
  readonly sourcePorts: PortSpace | undefined;
  readonly destination: AddressSpace | undefined;
  readonly destinationPorts: PortSpace | undefined;
}

/** One buffer of one type of event with what must hold in it. */
export interface GroupTest {
  readonly columns: readonly { readonly column: Column; readonly sides: number }[];
  readonly items: readonly Item[];
  readonly absent: 'only' | 'or_else' | undefined;
}
export interface ValueTest {
  readonly slots: readonly { readonly slot: Slot; readonly sides: number }[];
  readonly holds: (value: Scalar, time: number) => boolean;
}

/** The rule's questions to one type of event. */
export interface Probe {
  readonly type: string;
  readonly rule: CompiledSignature;
  /** Ways that are looked at, as bits: 1 to the server, 2 to the client. */
  readonly sides: number;
  readonly groups: readonly GroupTest[];
  readonly values: readonly ValueTest[];
}

export interface CompiledSignature {
  readonly file: string;
  readonly line: number;
  readonly gid: number;
  readonly sid: number;
  readonly rev: number;
  readonly action: 'pass' | 'drop' | 'reject' | 'alert';
  readonly priority: number;
  /** What its class is about; empty without one. */
  readonly category: string;
  readonly identity: RuleIdentity;
  readonly reason: { readonly en: string; readonly ja: string };
  readonly references: readonly string[];
  readonly scope: Scope;
  readonly ends: Ends;
  /** It may stand either way around (`<>`). */
  readonly isBoth: boolean;
  /** Transport protocols that it is about; undefined for all. */
  readonly transports: readonly number[] | undefined;
  /** 4 or 6; 0 for both. */
  readonly version: number;
  /** Application protocols that the flow may speak; undefined for all. */
  readonly protocols: readonly string[] | undefined;
  readonly notProtocol: string | undefined;
  readonly sides: number;
  readonly established: boolean | undefined;
  readonly packetTests: readonly PacketTest[];
  readonly addressTests: readonly AddressTest[];
  readonly states: readonly StateRule[];
  /** It asks a set that rules change. */
  readonly asksChanging: boolean;
  readonly noalert: boolean;
  readonly thresholds: readonly Threshold[];
  readonly suppressions: readonly Suppression[];
  /** Paths that a match rests on. */
  readonly paths: readonly string[];
  /** Its place among all, in the order that rules are asked in. */
  order: number;
  /** How often it matched, and how often that was told. */
  matches: number;
  alerts: number;
  readonly text: string;
}
