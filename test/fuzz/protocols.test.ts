// A short run over every protocol of the registry: never throws, never looks beyond its end, always ends.
import { describe, test } from 'vitest';
import { protocols as all } from '../../sensor/src/protocols/index.ts';
import type { Protocol } from '../../sensor/src/protocols/protocol.ts';
import { Random, ROUNDS, SEED } from './random.ts';
import { fuzz } from './target.ts';
import { protocols, transportsOf, tryOn } from './targets/protocols.ts';

/** Of each protocol and transport. */
const INPUTS = 400;
const ENDINGS = [[], [3], [3, 1, 0, 4, 1], [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]];

const targets = await protocols.targets();

describe.each(all as readonly Protocol[])('$name', (protocol) => {
  const transports = transportsOf(protocol);

  test.each(transports)(
    'over %s',
    (transport) => {
      const target = targets.find(({ name }) => name === `${protocol.name}/${transport}`);
      if (target === undefined) throw new Error('no target');
      fuzz(target, new Random(SEED), INPUTS * ROUNDS);
    },
    60_000 * ROUNDS,
  );

  test('every short input', () => {
    for (let first = 0; first < 256; first++)
      for (const rest of ENDINGS)
        for (const transport of transports)
          tryOn(protocol, transport, Uint8Array.from([first, ...rest]), transport === 'udp' ? 0 : 1, [1]);
  });
});
