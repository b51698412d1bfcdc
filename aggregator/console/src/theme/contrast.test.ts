// The colours of both themes against WCAG 2.2 AA: 4.5:1 for text, 3:1 for edges that carry meaning.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');

/** Custom properties with a plain colour in the block of this selector. */
function colors(selector: string): Record<string, string> {
  const from = css.indexOf(`${selector} {`);
  const block = css.slice(from, css.indexOf('}', from));
  return Object.fromEntries(
    [...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  );
}

/** WCAG 2.2, relative luminance. */
function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ['ground', 'surface', 'surface-raised', 'row-hover', 'row-selected', 'flash', 'lit'];
const TEXTS = ['ink', 'ink-soft', 'accent', 'critical', 'high', 'medium', 'low', 'informational', 'good'];
const EDGES = ['line-strong', 'focus', 'lit-edge', 'chart-traffic'];

const themes = { light: colors(':root'), dark: colors(':root[data-theme="dark"]') };

describe.each(Object.entries(themes))('theme %s', (_, theme) => {
  it('can be read on every ground', () => {
    const weak = [
      ...TEXTS.flatMap((text) => GROUNDS.map((ground) => [text, ground, 4.5] as const)),
      ...EDGES.flatMap((edge) => GROUNDS.slice(0, 3).map((ground) => [edge, ground, 3] as const)),
      ['accent-ink', 'accent', 4.5] as const,
      ['ink', 'warn-ground', 4.5] as const,
      ['high', 'warn-ground', 4.5] as const,
    ].filter(([a, b, least]) => contrast(theme[a]!, theme[b]!) < least);
    expect(weak).toEqual([]);
  });
});

it('lets the system choose the very same dark theme', () => {
  expect(Object.keys(themes.dark).length).toBeGreaterThan(20);
  expect(colors(':root[data-theme="auto"]')).toEqual(themes.dark);
});
