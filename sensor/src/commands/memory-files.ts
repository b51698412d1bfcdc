// What detectors have learnt, on disk: a file for each, replaced whole, so that any end leaves the old one or the new one.
/*
 *   yagura-learnt 1 <detector> <form> <bytes> <SHA-256 of them>\n
 *   the bytes: structured clone (node:v8)
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Learnt } from '../detectors/detector.ts';
import type { Memory } from '../detectors/index.ts';

const FOLDER = 'learnt';
const MAGIC = 'yagura-learnt 1';
/** What no detector comes near: a file that is larger is none of ours. */
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_HEAD = 256;

export class MemoryFiles {
  readonly #folder: string;
  readonly #say: (line: string) => void;

  /** @param state folder of the sensor's state @param say takes a line about what is damaged */
  constructor(state: string, say: (line: string) => void) {
    this.#folder = join(state, FOLDER);
    this.#say = say;
  }

  /** What a detector had learnt; undefined when there is nothing of this form, and a line says why when there was a file. */
  readonly read: Memory = (detector, form) => {
    const path = this.#path(detector);
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined) return undefined;
    const found = size > MAX_BYTES ? 'it is too large' : parse(readOr(path), detector, form);
    if (typeof found !== 'string') return found;
    this.#say(`${path}: ${found}; ${detector} learns anew`);
    return undefined;
  };

  /**
   * Replaces the files of all that learn.
   * @param all taken at once, before anything is waited for
   * @throws Error of the file system
   */
  async write(all: Iterable<readonly [detector: string, form: number, learnt: Learnt]>): Promise<void> {
    const files = Array.from(all, ([detector, form, learnt]) => {
      const bytes = serialize(learnt);
      const head = `${MAGIC} ${detector} ${form} ${bytes.length} ${digestOf(bytes)}\n`;
      return { path: this.#path(detector), head, bytes };
    });
    if (files.length > 0) mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    for (const { path, head, bytes } of files) {
      const fresh = `${path}.new`;
      const file = await open(fresh, 'w', 0o600);
      try {
        await file.writev([Buffer.from(head, 'latin1'), bytes]);
        // What is renamed before it is on the disk may be empty after the power failed.
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(fresh, path);
    }
  }

  #path(detector: string): string {
    return join(this.#folder, detector);
  }
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function readOr(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

/** @returns what is wrong when it is no text of ours */
function parse(file: Buffer, detector: string, form: number): Learnt | string {
  const end = file.subarray(0, MAX_HEAD).indexOf(10);
  const [, magic, name, was, length, digest] =
    /^(yagura-learnt \d+) (\S+) (\d+) (\d+) ([0-9a-f]{64})$/.exec(
      file.toString('latin1', 0, Math.max(0, end)),
    ) ?? [];
  const bytes = file.subarray(end + 1);
  if (magic !== MAGIC || name !== detector) return 'it is damaged, or not what this program wrote';
  if (Number(was) !== form) return 'it is of another version of the detector';
  if (Number(length) !== bytes.length || digest !== digestOf(bytes)) return 'it is damaged';
  try {
    return deserialize(bytes) as Learnt;
  } catch {
    return 'it is of another version of Node';
  }
}
