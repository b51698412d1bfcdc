// What a sensor is built from, and how it may be built.
import type { AlertSink, PacketWatch, Watch } from './detectors/detector.ts';
import type { Numbering } from './flow/table.ts';
import type { FlowTimeouts } from './flow/timeouts.ts';
import type { Shares } from './memory.ts';
import type { Gate } from './outputs/gate.ts';
import type { Output } from './outputs/output.ts';
import type { Restraint } from './outputs/restraint.ts';
import type { Protocol } from './protocols/protocol.ts';
import type { Totals } from './sight/coverage.ts';
import type { IsIndicator } from './sight/overload.ts';
import type { Scope } from './sight/scope.ts';
import type { Profile } from './wire/field.ts';

export interface SensorOptions {
  readonly protocols: readonly Protocol[];
  /** Starts the detectors; they raise alerts into the sink. */
  readonly detect: (sink: AlertSink) => Watch & PacketWatch;
  readonly outputs: readonly Output[];
  readonly profile: Profile;
  /** What the profile lets out; one without a key for hashes and without an authority, unless it is given. */
  readonly gate?: Gate;
  /** What of the findings is not told; all are, unless it is given. */
  readonly restraint?: Restraint;
  readonly shares: Shares;
  readonly timeouts?: FlowTimeouts;
  /** What may be looked at; everything unless it is given. */
  readonly scope?: Scope | undefined;
  /** Addresses that matter to the last. */
  readonly isIndicator?: IsIndicator;
  /** What alerts rest on, where others share the traffic; what it sees itself unless it is given. */
  readonly rests?: Totals;
  /** Sensors that share the work number their flows apart. */
  readonly numbering?: Numbering;
  /** µs added to every packet's time. */
  readonly shift?: number;
}
