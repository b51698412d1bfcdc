// What a port says of a flow that was not read to its end: nothing.
import { expect, test } from 'vitest';
import { flow } from '../../../test/support/stage.ts';
import { wrongness } from './wrong-port.ts';

test('a flow that was only counted is nobody’s unknown protocol', () => {
  const whole = { history: 'ShADadFf', payload_toserver: 900, payload_toclient: 900 };
  expect(wrongness(flow(whole), true, 200)?.id).toBe('behaviour.wrong-port.unknown');
  expect(wrongness(flow({ ...whole, shed: true }), true, 200)).toBeUndefined();
});
