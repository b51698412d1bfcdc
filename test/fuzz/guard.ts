// Bytes with a guard on both sides: whoever looks beyond them answers differently when the guard is another.
import { octets } from '../support/packets/octets.ts';
import { Finding } from './target.ts';

const GUARD_BYTES = 96;

export interface Guarded {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
}

/** The guards: nothing, everything, and what a parser would take for more of the same. */
const GUARDS: readonly ((inside: Uint8Array) => Uint8Array)[] = [
  () => new Uint8Array(GUARD_BYTES),
  () => new Uint8Array(GUARD_BYTES).fill(0xff),
  (inside) => Uint8Array.from({ length: GUARD_BYTES }, (_, i) => inside[i % (inside.length || 1)] ?? 0x41),
];

const guarded = (inside: Uint8Array, guard: Uint8Array): Guarded => ({
  bytes: octets(guard, inside, guard),
  at: guard.length,
  end: guard.length + inside.length,
});

/** Work that is linear takes less, whatever else the machine does at the time: what is slow is tried again. */
const CEILING_MS = 50;
const CEILING_MS_PER_BYTE = 0.01;
const TRIES = 5;

/** Time that this thread has worked: how busy the machine is otherwise does not count. */
export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Does it once with each guard: it must not throw, not take long, and say the same each time. @param what for the report */
export function alike(what: string, inside: Uint8Array, act: (input: Guarded) => unknown): void {
  const ceiling = CEILING_MS + CEILING_MS_PER_BYTE * inside.length;
  let first: string | undefined;
  for (const guard of GUARDS) {
    const input = guarded(inside, guard(inside));
    let said = '';
    let took = Number.POSITIVE_INFINITY;
    for (let tries = 0; took > ceiling && tries < TRIES; tries++) {
      const started = cpuMs();
      try {
        said = JSON.stringify(act(input)) ?? '';
      } catch (error) {
        throw new Finding(what, 'threw', inside, error);
      }
      took = cpuMs() - started;
    }
    if (took > ceiling) throw new Finding(what, `took ${took.toFixed(0)} ms`, inside);
    first ??= said;
    if (said !== first) throw new Finding(what, 'looked beyond its end', inside, `\n${first}\n${said}\n`);
  }
}
