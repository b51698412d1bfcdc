// The key of the hashes in which identifiers leave: one file, readable by its owner alone, made when it is not there.
import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { SensorError } from '../errors.ts';

export const KEY_BYTES = 32;
const TEXT = /^[0-9a-f]{64}\s*$/;
/** Rights of others than the owner. */
const OTHERS = 0o077;

/** A key that nobody keeps: hashes made with it join within one run. */
export const passingKey = (): Uint8Array => randomBytes(KEY_BYTES);

/**
 * The key in this file; a new one, when there is no such file. Sensors that share a copy make hashes that join.
 * @throws SensorError hash_key_unusable
 */
export function hashKey(path: string): Uint8Array {
  return readKey(path) ?? makeKey(path) ?? readKey(path) ?? unusable(path, 'comes and goes');
}

function readKey(path: string): Uint8Array | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : unusable(path, `cannot be read (${code})`);
  }
  try {
    if ((fstatSync(fd).mode & OTHERS) !== 0) return unusable(path, 'can be read by others than its owner');
    const text = readFileSync(fd, 'latin1');
    return TEXT.test(text)
      ? Buffer.from(text.trim(), 'hex')
      : unusable(path, 'holds no key of 64 hex digits');
  } finally {
    closeSync(fd);
  }
}

/** @returns undefined when another sensor made it in between */
function makeKey(path: string): Uint8Array | undefined {
  const key = passingKey();
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const fd = openSync(path, 'wx', 0o600);
    writeSync(fd, `${Buffer.from(key).toString('hex')}\n`);
    fsyncSync(fd);
    closeSync(fd);
    return key;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EEXIST' ? undefined : unusable(path, `cannot be made (${code})`);
  }
}

function unusable(path: string, why: string): never {
  throw new SensorError('hash_key_unusable', `${path} ${why}`);
}
