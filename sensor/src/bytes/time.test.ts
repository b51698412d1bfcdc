// Packet time as text.
import { expect, test } from 'vitest';
import { formatTime } from './time.ts';

test.each([
  [0, '1970-01-01T00:00:00.000000Z'],
  [1_767_614_400_123_456, '2026-01-05T12:00:00.123456Z'],
  [1_767_614_400_123_456 + 0.75, '2026-01-05T12:00:00.123456Z'],
  // The same second again, from the kept prefix; then the next.
  [1_767_614_400_999_999, '2026-01-05T12:00:00.999999Z'],
  [1_767_614_401_000_000, '2026-01-05T12:00:01.000000Z'],
  [0xffff_ffff * 1e6 + 999_999, '2106-02-07T06:28:15.999999Z'],
  [-1, '1970-01-01T00:00:00.000000Z'],
  [Number.NaN, '1970-01-01T00:00:00.000000Z'],
  [Number.POSITIVE_INFINITY, '1970-01-01T00:00:00.000000Z'],
  // Numbers this large are exact to 32 µs only.
  [253_402_300_799e6 + 999_936, '9999-12-31T23:59:59.999936Z'],
  [253_402_300_800e6, '1970-01-01T00:00:00.000000Z'],
])('%f µs', (us, text) => expect(formatTime(us)).toBe(text));
