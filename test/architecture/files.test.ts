// Every written file: short enough to read, named for one thing, saying what it is, and free of the machine it was written on.
import { basename, dirname, extname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { files, textOf } from './tree.ts';

const CODE = new Set(['.ts', '.tsx', '.css', '.py', '.sh', '.sql', '.lua']);
const code = files.filter((file) => CODE.has(extname(file)));

const LONG = 400;
const TOO_LONG = 600;

/** Files above 400 lines, each with the reason why it is not two. None may pass 600. */
const LONG_FOR_A_REASON: Readonly<Record<string, string>> = {
  'sensor/src/sensor.ts': 'the spine, read from top to bottom as the way of a frame',
  'test/laws/spool.test.ts': 'one suite of laws over one simulated disk',
};

const lines = (file: string): number => textOf(file).trimEnd().split('\n').length;

describe('size', () => {
  const long = code.map((file) => [file, lines(file)] as const).filter(([, count]) => count > LONG);

  test(`no file above ${TOO_LONG} lines`, () => {
    expect(long.filter(([, count]) => count > TOO_LONG)).toEqual([]);
  });

  test(`above ${LONG} only with a reason, and no reason that nothing needs`, () => {
    expect(long.map(([file]) => file)).toEqual(Object.keys(LONG_FOR_A_REASON).sort());
  });
});

test('no file or folder is named for nothing in particular', () => {
  const empty = /^(utils?|common|helpers?|types|misc|shared|lib|stuff|tools)$/;
  const wrong = files.filter((file) =>
    [...dirname(file).split('/'), basename(file).split('.')[0]].some((name) => empty.test(name)),
  );
  expect(wrong).toEqual([]);
});

test('every TypeScript file begins with a sentence that says what it is', () => {
  const silent = code
    .filter((file) => file.endsWith('.ts') || file.endsWith('.tsx'))
    .filter((file) => !/^(#!.*\n)?(\/\/ \S.{10,}|\/\*)/.test(textOf(file)));
  expect(silent).toEqual([]);
});

describe('where it was written', () => {
  /** In pieces, so that this file does not hold what it looks for. */
  const piece = (...parts: string[]): string => parts.join('');
  const folders = ['work', 'home', 'root', 'Users', 'tmp'].map((name) => piece('/', name, '/'));
  const hosts = [
    piece('registry', '.npmjs.org'),
    piece('registry', '.yarnpkg.com'),
    piece('pypi', '.org'),
    piece('proxy.', 'golang.org'),
    piece('npm', 'mirror'),
    piece('art', 'ifactory'),
  ];
  /** The recorder makes a system of its own inside a mount namespace; its homes and drafts are nobody's. */
  const STAGE = 'test/captures/record/';
  const readable = files.filter((file) => !/\.(zst|gz|pcap|png|ico|woff2?)$/.test(file));

  test('no path of a machine', () => {
    const found = readable
      .filter((file) => !file.startsWith(STAGE))
      .flatMap((file) => {
        const text = textOf(file);
        return folders
          .filter((folder) => new RegExp(`(?<![\\w.})/-])${folder}`).test(text))
          .map((folder) => `${file}: ${folder}`);
      });
    expect(found).toEqual([]);
  });

  test('no host of a package registry', () => {
    const found = readable.flatMap((file) => {
      const text = textOf(file);
      return hosts.filter((host) => text.includes(host)).map((host) => `${file}: ${host}`);
    });
    expect(found).toEqual([]);
  });
});
