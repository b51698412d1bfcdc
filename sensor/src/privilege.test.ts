// Root is refused unless people said that it may be.
import { expect, test } from 'vitest';
import { isRoot, refuseRoot } from './privilege.ts';

test('root alone is refused, and not when it is allowed', () => {
  expect(() => refuseRoot(0, false)).toThrow(expect.objectContaining({ code: 'running_as_root' }));
  expect(() => refuseRoot(0, true)).not.toThrow();
  expect(() => refuseRoot(1000, false)).not.toThrow();
  expect(() => refuseRoot(undefined, false)).not.toThrow();
  expect([isRoot(0), isRoot(65_534)]).toEqual([true, false]);
});
