// Every golden case: `read` as a process says exactly what its expected.ndjson holds. `npm run golden` rewrites them.
import { expect, test } from 'vitest';
import { cases, describeCase, expectedLines, runCase } from './case.ts';

test('there are cases', () => expect(cases.length).toBeGreaterThan(11));

test.concurrent.for(cases)('%s', async (name, { expect: must }) => {
  const { status = 0, says = [] } = describeCase(name);
  const outcome = await runCase(name);
  must(outcome.status, outcome.said).toBe(status);
  for (const words of says) must(outcome.said).toContain(words);
  must(outcome.lines.map((line) => JSON.parse(line))).toEqual(
    expectedLines(name).map((line) => JSON.parse(line)),
  );
  // The order of keys is part of what is written.
  must(outcome.lines).toEqual(expectedLines(name));
  must(outcome.lines.length).toBeGreaterThan(0);
});
