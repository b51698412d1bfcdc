// What is built is what lies here: each capture, frame by frame, and its note.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { pcap } from '../../support/packets/capture.ts';
import { note } from './note.ts';
import { takes } from './takes.ts';

const FOLDER = join(import.meta.dirname, '..');
const MANY = 256 * 1024;

describe.each(Object.entries(takes))('%s', (name, make) => {
  const { scene, about } = make();
  const file = readFileSync(join(FOLDER, `${name}.pcap.zst`));

  test('is what its scene makes; if not, "npm run captures" makes it again', () => {
    expect(zstdDecompressSync(file).equals(pcap(scene.frames))).toBe(true);
    expect(readFileSync(join(FOLDER, `${name}.yaml`), 'utf8')).toBe(note(about, scene.frames));
  });

  test('is small, and says who is to be found in it', () => {
    expect(file.length).toBeLessThan(MANY);
    expect((about.attacker ?? []).length > 0).toBe(about.kind === 'attack');
  });
});

test('every built capture has a scene, and every attack its ordinary day', () => {
  const built = readdirSync(FOLDER).filter((file) => /^built-.*\.pcap\.zst$/.test(file));
  expect(built.map((file) => file.replace('.pcap.zst', '')).sort()).toEqual(Object.keys(takes).sort());
  const attacks = Object.keys(takes).filter((name) => !name.endsWith('-normal'));
  expect(attacks.filter((name) => !(`${name}-normal` in takes))).toEqual([]);
});
