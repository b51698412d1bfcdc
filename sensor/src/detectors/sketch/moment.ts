// Packet time in 32 bits, for columns: milliseconds that start anew every 49 days. Ages below that are right.

/** @param time µs */
export const moment = (time: number): number => Math.floor(time / 1000) >>> 0;

/**
 * ms from one moment to a later one. What lies after `now`, because another recording began, is very old: so a window
 * never holds it.
 */
export const age = (then: number, now: number): number => (now - then) >>> 0;
