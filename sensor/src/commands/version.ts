// What the sensor says of itself to the aggregator.
import { createRequire } from 'node:module';
import { undecodable } from '../counters.ts';
import type { Figures } from '../crew/figures.ts';
import type { Sight } from '../outputs/aggregator.ts';
import type { RuleSet } from '../rules/index.ts';

export const VERSION: string = createRequire(import.meta.url)('../../package.json').version;

export const sight = ({ counters, flows }: Figures, rules: RuleSet, dropped = 0): Sight => ({
  version: VERSION,
  packets: counters.packets,
  bytes: counters.bytes,
  dropped_kernel: dropped,
  dropped_decoder: undecodable(counters),
  flows_active: flows.active,
  rules: rules.rules.length + rules.correlations.length + rules.signatures.rules.length,
});
