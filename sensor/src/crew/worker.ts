// The thread of one worker of a crew: begins, does what its kind does, and tells what it came to.
import { enableCompileCache } from 'node:module';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { Member } from './work.ts';

enableCompileCache();
const member = workerData as Member;
const { Workplace } = await import('./work.ts');
const port = parentPort as MessagePort;
if ('captures' in member.from) {
  const { readCaptures } = await import('./read-captures.ts');
  port.postMessage(await readCaptures(new Workplace(member, false), member.from.captures));
} else {
  const { watchInterfaces } = await import('./watch-interfaces.ts');
  const work = await watchInterfaces(new Workplace(member, true), member.from.interfaces, port);
  port.postMessage(work);
  port.close();
}
