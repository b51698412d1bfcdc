// A short run over damaged frames: every header, the decoder into tunnels and fragments, and the whole sensor.
import { expect, test } from 'vitest';
import { Random, ROUNDS, SEED } from './random.ts';
import { fuzz } from './target.ts';
import { fatesSeen, layers, printedHeaders } from './targets/layers.ts';
import { sensor } from './targets/sensor.ts';

const INPUTS: Readonly<Record<string, number>> = {
  decoder: 6_000,
  tunnels: 6_000,
  fragments: 1_500,
  sensor: 300,
};
/** Of each header. */
const PRINTED = 2_500;

const own = await layers.targets();
const whole = await sensor.targets();

test.each([...own, ...whole].map((target) => [target.name, target] as const))(
  '%s',
  (name, target) => {
    fuzz(target, new Random(SEED), (INPUTS[name] ?? PRINTED) * ROUNDS);
  },
  60_000 * ROUNDS,
);

test('the damage is worth its name: all ways to fail were seen, and every header was printed', () => {
  expect([...fatesSeen].sort()).toEqual(
    expect.arrayContaining([
      'decoded',
      'ipv4_bad',
      'ipv6_bad',
      'tcp_bad',
      'udp_bad',
      'not_ip',
      'frame_short',
      'fragment',
      'link_unknown',
    ]),
  );
  const headers = own.map(({ name }) => name).filter((name) => INPUTS[name] === undefined);
  expect(headers.filter((name) => !printedHeaders.has(name))).toEqual([]);
});
