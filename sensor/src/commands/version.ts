// What the sensor says of itself to the aggregator.
import { createRequire } from 'node:module';
import { undecodable } from '../counters.ts';
import type { Sight } from '../outputs/aggregator.ts';
import type { RuleSet } from '../rules/index.ts';
import type { Sensor } from '../sensor.ts';

export const VERSION: string = createRequire(import.meta.url)('../../package.json').version;

export const sight = (sensor: Sensor, rules: RuleSet, dropped = 0): Sight => ({
  version: VERSION,
  packets: sensor.counters.packets,
  bytes: sensor.counters.bytes,
  dropped_kernel: dropped,
  dropped_decoder: undecodable(sensor.counters),
  flows_active: sensor.flows.active,
  rules: rules.rules.length + rules.correlations.length,
});
