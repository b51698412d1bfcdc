// The thread of one worker of a crew: begins, does what its kind does, and tells what it came to.
import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { Member } from './work.ts';

enableCompileCache();
const member = workerData as Member;
const { Workplace } = await import('./work.ts');
if ('captures' in member.from) {
  const { readCaptures } = await import('./read-captures.ts');
  parentPort?.postMessage(await readCaptures(new Workplace(member, false), member.from.captures));
}
