// Private and public addresses at the edges of their ranges.
import { expect, test } from 'vitest';
import { HIGH, HIGH_UPPER, KIND, WORDS } from '../flow/row.ts';
import type { FlowTable } from '../flow/table.ts';
import { TableFlowView } from '../flow/view.ts';
import type { FlowView } from '../protocols/event.ts';
import { parseAddress } from '../rules/prefix.ts';
import { isAbroad, isInside, isPrivate } from './inside.ts';

const inside = [
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '100.127.0.1',
  '169.254.1.1',
  '127.0.0.1',
  'fc00::1',
  'fd12::1',
  'fe80::1',
  'febf::1',
  '::1',
];
const outside = [
  '11.0.0.1',
  '172.32.0.1',
  '172.15.0.1',
  '192.169.0.1',
  '100.128.0.1',
  '100.63.0.1',
  '2001:db8::1',
  'fec0::1',
  'ff02::1',
  '::2',
  'x',
];

test('private addresses', () => {
  expect(inside.filter((a) => !isPrivate(a))).toEqual([]);
  expect(outside.filter(isPrivate)).toEqual([]);
});

/** A flow to an address, as the flow table has it. */
function flowTo(address: string): FlowView {
  const words = new Int32Array(WORDS);
  const parts = parseAddress(address) as number[];
  words[KIND] = (parts.length === 4 ? 6 : 4) << 8;
  words[HIGH] = parts[parts.length - 1];
  if (parts.length === 4) for (let i = 0; i < 3; i++) words[HIGH_UPPER + i] = parts[i];
  return new TableFlowView({ words, sums: new Float64Array(16) } as FlowTable, []).at(0);
}

test('the same of flows, with texts and without', () => {
  for (const address of [...inside, ...outside.filter((a) => a !== 'x')]) {
    const view = flowTo(address);
    expect(view.dest_ip).toBe(address);
    expect([address, isInside(view, false)]).toEqual([address, inside.includes(address)]);
    expect(isInside({ dest_ip: address } as FlowView, false)).toBe(inside.includes(address));
  }
});

test('abroad is one machine: no group, no broadcast, nobody', () => {
  const abroad = ['203.0.113.1', '2001:db8::1', '1.1.1.1'];
  const nobody = [
    '224.0.0.251',
    '239.255.255.250',
    '255.255.255.255',
    '0.0.0.0',
    'ff02::1',
    '::',
    '10.0.0.1',
  ];
  for (const address of [...abroad, ...nobody]) {
    expect([address, isAbroad(flowTo(address), false)]).toEqual([address, abroad.includes(address)]);
    expect(isAbroad({ dest_ip: address } as FlowView, false)).toBe(abroad.includes(address));
  }
  expect(isAbroad({ dest_ip: '' } as FlowView, false)).toBe(false);
});
