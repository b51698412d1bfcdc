// The keymap: no key means two things, and sequences are read as such.
import { describe, expect, it } from 'vitest';
import { KEYMAP, keyReader, SEQUENCE_MS } from './keymap.ts';

describe('keymap', () => {
  it('gives each key one meaning', () => {
    const keys = Object.values(KEYMAP).flatMap(({ keys }) => [...keys]);
    expect(keys.length).toBe(new Set(keys).size);
  });

  it('reads single keys and sequences', () => {
    const reader = keyReader();
    expect(reader.press('j', 0)).toBe('next');
    expect(reader.press('g', 10)).toBeUndefined();
    expect(reader.press('t', 20)).toBe('go_traffic');
    expect(reader.press('t', 30)).toBe('take');
  });

  it('swallows the second key of a sequence that means nothing', () => {
    const reader = keyReader();
    reader.press('g', 0);
    expect(reader.press('e', 10)).toBeUndefined();
    expect(reader.press('e', 20)).toBe('archive');
  });

  it('forgets a sequence that took too long', () => {
    const reader = keyReader();
    reader.press('g', 0);
    expect(reader.press('t', SEQUENCE_MS + 1)).toBe('take');
  });
});
