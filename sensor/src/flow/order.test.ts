// Flows that end at one moment are told in an order of their own, whatever rows they stood in.
import { expect, test } from 'vitest';
import { compareFlows, type Rows } from './order.ts';
import { LOW, PORTS, SERIAL, START, SUMS, WORDS } from './row.ts';

/** start, address, ports, number */
type Flow = readonly [number, number, number, number];

function rows(flows: readonly Flow[]): Rows {
  const words = new Int32Array(flows.length * WORDS);
  const sums = new Float64Array(flows.length * SUMS);
  for (const [slot, [start, low, ports, serial]] of flows.entries()) {
    sums[slot * SUMS + START] = start;
    words[slot * WORDS + LOW] = low;
    words[slot * WORDS + PORTS] = ports;
    words[slot * WORDS + SERIAL] = serial;
  }
  return { words, sums };
}

test('by beginning, then by who they are, last by number; the same from either table', () => {
  const sorted: Flow[] = [
    [1, 9, 9, 9],
    [2, -5, 9, 8],
    [2, 3, 1, 7],
    [2, 3, 2, 5],
    [2, 3, 2, 6],
  ];
  const table = rows(sorted);
  for (let a = 0; a < sorted.length; a++)
    for (let b = 0; b < sorted.length; b++) {
      const alone = [rows([sorted[a]]), rows([sorted[b]])];
      expect(Math.sign(compareFlows(table, a, table, b))).toBe(Math.sign(a - b));
      expect(Math.sign(compareFlows(alone[0], 0, alone[1], 0))).toBe(Math.sign(a - b));
    }
});
