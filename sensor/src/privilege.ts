// As whom the sensor runs, and what it may: one that reads what strangers write has no business being root.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { SensorError } from './errors.ts';

const ROOT = 0;

/** capability.h: what opens a ring. Nothing else is ever needed. */
const CAP_NET_RAW = 13;
/** The last one that this program knows by number; the kernel refuses those that it lacks. */
const LAST_CAP = 63;

/** prctl.h. */
const PR_SET_KEEPCAPS = 8;
const PR_CAPBSET_DROP = 24;
const PR_SET_NO_NEW_PRIVS = 38;
const PR_CAP_AMBIENT = 47;
const PR_CAP_AMBIENT_RAISE = 2;

/** capget(2), version 3: two words each of effective, permitted and inheritable, low words first. */
const CAPABILITY_VERSION = 0x20080522;
const CAPABILITY_WORDS = 6;
const PERMITTED = 1;
const SET_WORDS = 3;

/** Each answers −1 for a failure. */
interface Libc {
  prctl(option: number, a: number, b: number, c: number, d: number): number;
  capget(header: Uint32Array, data: Uint32Array): number;
  capset(header: Uint32Array, data: Uint32Array): number;
  setgroups(count: bigint, groups: null): number;
  setgid(group: number): number;
  setuid(user: number): number;
}

/** @param user its number; undefined where there are none */
export const isRoot = (user: number | undefined): boolean => user === ROOT;

/**
 * Called before anything is opened.
 * @param isAllowed people said that it may: `allow_root`, or `user`, whom it becomes
 * @throws SensorError running_as_root
 */
export function refuseRoot(user: number | undefined, isAllowed: boolean): void {
  if (isRoot(user) && !isAllowed)
    throw new SensorError('running_as_root', 'the sensor runs as root and needs only CAP_NET_RAW');
}

export interface Need {
  /** Whom root becomes; stays who it is when absent. */
  readonly user: string | undefined;
  /** Whether CAP_NET_RAW is kept: an interface that was gone is opened again. */
  readonly ring: boolean;
}

/**
 * Gives up for good what is not needed, and the way back: before anything is opened, and before threads are started,
 * for each thread of Linux has capabilities of its own and passes them on.
 * @param say told when it cannot be done
 * @throws SensorError config_invalid for a user that is not there, or cannot be become
 */
export function giveUp({ user, ring }: Need, say: (line: string) => void): void {
  const who = user === undefined ? undefined : numbersOf(user);
  const libc = load();
  if (libc === undefined) {
    if (who !== undefined) throw cannotBecome(user, 'koffi is missing');
    say('capabilities stay as they are: koffi is missing, or this is no Linux');
    return;
  }
  libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  // Those that it may not drop, it does not have.
  for (let cap = 0; cap <= LAST_CAP; cap++)
    if (!ring || cap !== CAP_NET_RAW) libc.prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
  if (who !== undefined) {
    libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
    if (libc.setgroups(0n, null) < 0 || libc.setgid(who.group) < 0 || libc.setuid(who.user) < 0)
      throw cannotBecome(user, 'only root can');
  }
  if (!keepOnly(libc, ring ? 1 << CAP_NET_RAW : 0)) say('capabilities stay as they are: the kernel refuses');
  // So that the recorder that stands in for the ring may read as well.
  if (ring) libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW, 0, 0);
}

/** @param kept a set of capabilities, of which those are kept that are held. @returns whether it is so now */
function keepOnly(libc: Libc, kept: number): boolean {
  const header = Uint32Array.of(CAPABILITY_VERSION, 0);
  const sets = new Uint32Array(CAPABILITY_WORDS);
  if (libc.capget(header, sets) < 0) return false;
  const both = sets[PERMITTED] & kept;
  sets.fill(both, 0, SET_WORDS);
  sets.fill(0, SET_WORDS);
  return libc.capset(header, sets) === 0;
}

const cannotBecome = (user: string | undefined, why: string): SensorError =>
  new SensorError('config_invalid', `cannot become user "${user}": ${why}`);

/** @throws SensorError config_invalid */
function numbersOf(user: string): { readonly user: number; readonly group: number } {
  const ask = (what: string): number =>
    Number(execFileSync('id', [what, '--', user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { user: ask('-u'), group: ask('-g') };
  } catch {
    throw cannotBecome(user, 'there is none of this name');
  }
}

function load(): Libc | undefined {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const libc = koffi.load(null);
    return {
      // Its arguments are unsigned longs, whatever the option takes.
      prctl: libc.func('int prctl(int option, ulong a, ulong b, ulong c, ulong d)'),
      capget: libc.func('int capget(uint32_t *header, _Out_ uint32_t *data)'),
      capset: libc.func('int capset(uint32_t *header, uint32_t *data)'),
      setgroups: libc.func('int setgroups(size_t count, void *groups)'),
      setgid: libc.func('int setgid(uint32_t group)'),
      setuid: libc.func('int setuid(uint32_t user)'),
    } as unknown as Libc;
  } catch {
    return undefined;
  }
}
