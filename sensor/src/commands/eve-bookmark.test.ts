// Where reading goes on: by what the spool has, and by what the file says; a damaged file is none.
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Bookmark, BookmarkFile, resume } from './eve-bookmark.ts';

const place = { device: 1, inode: 2, head: 'ab', headBytes: 256, offset: 1000 };
const mark: Bookmark = { place, next: 1100, safe: 400, spool: { epoch: 'e', records: 7 } };

test.each<[string, number | undefined, number]>([
  ['the alert of the line is not in the spool: the line is read again', 7, 1000],
  ['it is: reading goes on behind the line', 8, 1100],
  ['others came after it', 20, 1100],
  ['the power took the end of the spool along', 5, 400],
  ['the spool knows nothing of that run', undefined, 1000],
])('%s', (_, records, offset) => {
  const asked: string[] = [];
  const has = (epoch: string): number | undefined => {
    asked.push(epoch);
    return records;
  };
  expect(resume(mark, has)).toEqual({ ...place, offset });
  expect(asked).toEqual(['e']);
});

test('without a spool: behind the last line that was flushed', () => {
  expect(resume({ ...mark, spool: undefined }, () => 99)).toEqual(place);
});

test('what is written is read; what was cut or made up is not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yagura-bookmark-'));
  try {
    const file = new BookmarkFile(folder, '/var/log/suricata/eve.json');
    expect(file.read()).toBeUndefined();
    file.write(mark);
    expect(new BookmarkFile(folder, '/var/log/suricata/eve.json').read()).toMatchObject(mark);
    expect(new BookmarkFile(folder, '/var/log/suricata/other.json').read()).toBeUndefined();
    const [name] = readdirSync(join(folder, 'eve'));
    const path = join(folder, 'eve', name);
    const text = readFileSync(path, 'utf8');
    for (const wrong of [
      'null',
      '{}',
      '[]',
      text.replace('1000', '-1'),
      text.replace('"e"', '7'),
      text.replace('"version":1', '"version":2'),
    ]) {
      writeFileSync(path, wrong);
      expect(file.read(), wrong).toBeUndefined();
    }
    writeFileSync(path, text);
    truncateSync(path, text.length - 5);
    expect(file.read()).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
