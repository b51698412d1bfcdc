// One process for one spool: a file that names its owner, taken over when that owner is gone.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SensorError } from '../../errors.ts';

/** Locks of this process: in a container every run has the same process id, so the file alone cannot tell. */
const held = new Set<string>();

/**
 * @returns a function that gives the lock back
 * @throws SensorError spool_locked while another living process, or this one, holds it
 */
export function lock(path: string): () => void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  for (let attempt = 0; attempt < 3; attempt++) {
    if (held.has(path)) break;
    if (take(path)) {
      held.add(path);
      return () => {
        held.delete(path);
        rmSync(path, { force: true });
      };
    }
    if (isAlive(ownerOf(path))) break;
    clear(path);
  }
  throw new SensorError(
    'spool_locked',
    `the spool ${dirname(path)} is in use by process ${ownerOf(path).pid}`,
  );
}

/** Written aside and linked into place, so that nobody ever sees a lock without its owner. */
function take(path: string): boolean {
  const fresh = `${path}.${process.pid}`;
  try {
    writeFileSync(fresh, `${process.pid} ${startOf(process.pid)}\n`, { mode: 0o600 });
    linkSync(fresh, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new SensorError('output_unwritable', `${path} cannot be made: ${(error as Error).message}`);
  } finally {
    rmSync(fresh, { force: true });
  }
}

interface Owner {
  readonly pid: number;
  /** When the process began, in clock ticks since boot; empty where the system does not say. */
  readonly start: string;
}

function ownerOf(path: string): Owner {
  try {
    const [pid = '', start = ''] = readFileSync(path, 'latin1').trim().split(' ');
    return { pid: Number(pid) || 0, start };
  } catch {
    return { pid: 0, start: '' };
  }
}

function isAlive(owner: Owner): boolean {
  if (owner.pid === 0 || owner.pid === process.pid) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return owner.start === '' || owner.start === startOf(owner.pid);
}

/** Field 22 of /proc/<pid>/stat (proc(5)): tells a process from a later one that was given the same number. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** Two processes may find the same dead lock; the slower one gives the quicker one's new lock back. */
function clear(path: string): void {
  const aside = `${path}.${process.pid}.old`;
  try {
    renameSync(path, aside);
    if (isAlive(ownerOf(aside))) linkSync(aside, path);
    unlinkSync(aside);
  } catch {
    // The other one was quicker: the next attempt sees its lock.
  }
}
