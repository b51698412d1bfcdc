// What is said of a flow that was not followed: nothing that nobody saw.
import { expect, test } from 'vitest';
import { ExportedFlowView } from './exported.ts';

test('neither how it ended nor in which order: Zeek calls that OTH', () => {
  const { conn_state, history, missing_toclient, retransmitted_toserver } = new ExportedFlowView();
  expect({ conn_state, history, missing_toclient, retransmitted_toserver }).toEqual({
    conn_state: 'OTH',
    history: '',
    missing_toclient: 0,
    retransmitted_toserver: 0,
  });
});
