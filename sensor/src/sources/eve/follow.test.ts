// A file that grows, is moved away, cut, deleted and comes back: every whole line is taken, in order, and none twice.
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Follower, type FollowOptions } from './follow.ts';
import { Lines } from './lines.ts';
import type { Place } from './place.ts';

let folder: string;
let path: string;
let taken: string[];
let said: string[];
const followers: Follower[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yagura-follow-'));
  path = join(folder, 'eve.json');
  taken = [];
  said = [];
});
afterEach(() => {
  for (const one of followers.splice(0)) one.close();
  rmSync(folder, { recursive: true });
});

function follow(more: Partial<FollowOptions> = {}): Follower {
  const follower = new Follower({
    ...{ path, fromStart: true, say: (line: string) => said.push(line) },
    take: (bytes, at, end) => taken.push(Buffer.from(bytes.subarray(at, end)).toString()),
    ...more,
  });
  followers.push(follower);
  return follower;
}

/** Reads all that is there. @returns what came */
function all(follower: Follower): string[] {
  taken.length = 0;
  for (let n = 0; n < 100 && follower.step(); n++);
  follower.mark();
  return [...taken];
}
const add = (...lines: string[]): void => appendFileSync(path, lines.map((line) => `${line}\n`).join(''));
/** Files are told by their beginning: each has its own. */
const long = (line: string): string => line.padEnd(300, '.');

test('lines as they are added; a part of one waits for the rest', () => {
  add('a', 'b');
  const follower = follow();
  expect(all(follower)).toEqual(['a', 'b']);
  appendFileSync(path, 'c1');
  expect(all(follower)).toEqual([]);
  expect(follower.place?.offset).toBe(4);
  appendFileSync(path, 'c2\n\nd');
  expect(all(follower)).toEqual(['c1c2']);
  expect(follower.place?.offset).toBe(10);
});

test('without a place it begins behind what is there, or where it is told to', () => {
  add('old', 'older');
  appendFileSync(path, 'new');
  const follower = follow({ fromStart: false });
  expect(all(follower)).toEqual([]);
  appendFileSync(path, 'er\n');
  expect(all(follower)).toEqual(['newer']);
});

test('a file that is not there yet, and one that goes and comes back', () => {
  const follower = follow({ fromStart: false });
  expect(all(follower)).toEqual([]);
  expect(follower.isOpen).toBe(false);
  add('first');
  expect(all(follower)).toEqual(['first']);
  unlinkSync(path);
  expect(all(follower)).toEqual([]);
  add('second');
  expect(all(follower)).toEqual(['second']);
});

test('renamed: the old one is read to its end, also what its writer adds before it lets go', () => {
  add(long('a'));
  const follower = follow();
  all(follower);
  renameSync(path, `${path}.1`);
  appendFileSync(`${path}.1`, 'late\n');
  expect(all(follower)).toEqual(['late']);
  // The rotating program makes the new one; Suricata still has the old one.
  writeFileSync(path, '');
  appendFileSync(`${path}.1`, 'later\n');
  expect(all(follower)).toEqual(['later']);
  appendFileSync(`${path}.1`, 'latest\n');
  add('b');
  expect(all(follower)).toEqual(['latest', 'b']);
  expect(follower.counts).toEqual({ rotated: 1, truncated: 0, cut: 0, lost: 0 });
});

test('renamed twice while nobody looked: the one between is read, too', () => {
  add(long('a'));
  const follower = follow();
  all(follower);
  add('a2');
  renameSync(path, `${path}.2`);
  utimesSync(`${path}.2`, 1000, 1000);
  add('b');
  renameSync(path, `${path}.1`);
  utimesSync(`${path}.1`, 2000, 2000);
  add('c');
  // What other programs keep there is none of ours.
  for (const other of ['eve.json.bak', 'eve-stats.json', 'eve.9.json', 'eve.json.3.gz'])
    writeFileSync(join(folder, other), 'x\n');
  expect(all(follower)).toEqual(['a2', 'b', 'c']);
});

test('copied and emptied: it begins anew, whether shorter or longer than it was', () => {
  add(long('a'), 'a2');
  const follower = follow();
  all(follower);
  truncateSync(path);
  add('b');
  expect(all(follower)).toEqual(['b']);
  truncateSync(path);
  add(long('c'), long('c2'));
  all(follower);
  // Emptied and filled again between two looks, past where we were: its beginning is another.
  truncateSync(path);
  add(long('d'), long('d2'), long('d3'));
  expect(all(follower).map((line) => line.slice(0, 2))).toEqual(['d.', 'd2', 'd3']);
  // As long as it was, to the byte.
  truncateSync(path);
  add(long('e'), long('e2'), long('e3'));
  expect(all(follower).map((line) => line.slice(0, 2))).toEqual(['e.', 'e2', 'e3']);
  expect(follower.counts.truncated).toBe(4);
});

test('a line that was not whole when its file was left is counted', () => {
  appendFileSync(path, 'a\npart');
  const follower = follow();
  all(follower);
  renameSync(path, `${path}.1`);
  add('b');
  expect(all(follower)).toEqual(['b']);
  expect(follower.counts.cut).toBe(1);
});

describe('a place of an earlier run', () => {
  function leave(): Place {
    const follower = follow();
    all(follower);
    follower.close();
    return follower.place!;
  }

  test('goes on in the file, wherever it is now, and then with those that came after', () => {
    add(long('a'));
    const place = leave();
    add('a2');
    expect(all(follow({ place }))).toEqual(['a2']);
    renameSync(path, join(folder, 'eve-20260105.json'));
    utimesSync(join(folder, 'eve-20260105.json'), 1000, 1000);
    add('b');
    renameSync(path, join(folder, 'eve-20260106.json'));
    utimesSync(join(folder, 'eve-20260106.json'), 2000, 2000);
    add('c');
    expect(all(follow({ place }))).toEqual(['a2', 'b', 'c']);
  });

  test('in the middle of a line: the whole line', () => {
    add(long('a'));
    appendFileSync(path, 'par');
    const place = leave();
    appendFileSync(path, 't\n');
    expect(all(follow({ place }))).toEqual(['part']);
  });

  test('another file of the same number is not taken for it', () => {
    add(long('a'), 'a2');
    const place = leave();
    const { ino } = statSync(path);
    // The same inode, with another beginning: what happens when a number is given again.
    writeFileSync(path, `${long('b')}\nb2\nb3\n`);
    expect(statSync(path).ino).toBe(ino);
    const follower = follow({ place });
    expect(all(follower)).toEqual([long('b'), 'b2', 'b3']);
    expect(follower.counts.lost).toBe(1);
    expect(said.join()).toContain('is lost');
  });

  test('a copy is not taken for it either: it has another number', () => {
    add(long('a'));
    const place = leave();
    copyFileSync(path, `${path}.1`);
    rmSync(path);
    add('b');
    expect(all(follow({ place }))).toEqual(['b']);
  });
});

test('lines in any pieces, those too long left out', () => {
  const whole = Buffer.from(
    ['one', 'two', 'x'.repeat(50), '', 'three', 'y'.repeat(51), 'four', ''].join('\n'),
  );
  for (let size = 1; size <= whole.length; size++) {
    const got: [string, string][] = [];
    const lines = new Lines(
      (bytes, at, end, start, next) =>
        got.push([Buffer.from(bytes.subarray(at, end)).toString(), whole.subarray(start, next).toString()]),
      0,
      50,
    );
    for (let at = 0; at < whole.length; at += size) {
      // Behind a piece stands what the buffer held before.
      const piece = Buffer.concat([Buffer.from('?\n'), whole.subarray(at, at + size), Buffer.from('\n?')]);
      lines.push(piece, 2, piece.length - 2);
    }
    expect(got.map(([line]) => line)).toEqual(['one', 'two', 'x'.repeat(50), 'three', 'four']);
    for (const [line, at] of got) expect(at).toBe(`${line}\n`);
    expect(lines.long).toBe(1);
    expect(lines.offset).toBe(whole.length);
  }
});
