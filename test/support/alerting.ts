// Runs a capture through sensor, detectors and rules in this process, and notes what alerted and when.

import type { Knobs } from '../../sensor/src/detectors/index.ts';
import { startDetectors } from '../../sensor/src/detectors/index.ts';
import type { FlowView } from '../../sensor/src/protocols/event.ts';
import { protocols } from '../../sensor/src/protocols/index.ts';
import type { RuleSet } from '../../sensor/src/rules/load.ts';
import { Sensor } from '../../sensor/src/sensor.ts';
import { openCapture } from '../../sensor/src/sources/index.ts';
import type { Alert } from '../../sensor/src/wire/alert.ts';

export interface Heard {
  readonly alerts: readonly Alert[];
  readonly packets: number;
  /** Packet time, µs: of the first packet, and of the first flow that one of `addresses` had a part in. */
  readonly first: number;
  readonly begun: number;
}

/** @param addresses whose first flow is waited for; none: the first flow of all */
export async function alertsOf(
  path: string,
  rules: RuleSet,
  addresses: readonly string[] = [],
  knobs: Knobs = {},
): Promise<Heard> {
  const alerts: Alert[] = [];
  let packets = 0;
  let first = Number.NaN;
  let begun = Number.NaN;
  const keep = {
    name: 'keep',
    record: (record: { kind: string }) => void (record.kind === 'alert' && alerts.push(record as Alert)),
    close: async () => {},
  };
  const meet = (flow: FlowView): void => {
    if (Number.isNaN(begun) && (addresses.length === 0 || isOf(flow))) begun = flow.start;
  };
  const isOf = ({ src_ip, dest_ip }: FlowView): boolean =>
    addresses.includes(src_ip) || addresses.includes(dest_ip);
  const sensor = new Sensor({
    protocols,
    detect(sink) {
      const started = startDetectors(rules, knobs, sink);
      const { opened } = started;
      started.opened = (flow) => {
        meet(flow);
        opened(flow);
      };
      return started;
    },
    outputs: [keep],
    profile: 'strict',
    shares: { flows: 65_536, parsers: 4096, bufferBytes: 1 << 24 },
  });
  for await (const batch of openCapture(path).batches()) {
    if (packets === 0 && batch.count > 0) first = batch.time[0];
    packets += batch.count;
    sensor.frames(batch);
  }
  sensor.finish();
  return { alerts, packets, first, begun: Number.isNaN(begun) ? first : begun };
}
