// As whom the sensor runs: one that reads what strangers send has no business being root.
import { SensorError } from '../../errors.ts';

/** What the sensor needs of all that root may do: the ring. systemd gives it with AmbientCapabilities=CAP_NET_RAW. */
export const NEEDED = ['CAP_NET_RAW'] as const;

const ROOT = 0;

/** @param user its number, `process.geteuid()`; undefined where there are none */
export const isRoot = (user: number | undefined): boolean => user === ROOT;

/**
 * Called before anything is opened.
 * @param isAllowed people said that it may: `--as-root`, or `allow_root` in the configuration
 * @throws SensorError running_as_root
 */
export function refuseRoot(user: number | undefined, isAllowed: boolean): void {
  if (isRoot(user) && !isAllowed)
    throw new SensorError('running_as_root', `the sensor runs as root and needs only ${NEEDED.join(', ')}`);
}
