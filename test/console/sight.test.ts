// What the console says of the sensors' own sight: under each group in a line, and in every chart of the traffic.
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { canBrowse, launch, open, type Watched } from './browser.ts';
import { buildConsole } from './built.ts';
import { type FakeApi, startFakeApi } from './fake-api.ts';

const SCREENSHOTS = process.env['SCREENSHOTS'];

/** In the page: how often the ground changes to the shade, along a row of the first chart above what is drawn. */
const SHADED = `() => {
  const property = getComputedStyle(document.documentElement).getPropertyValue('--warn-ground');
  const [r, g, b] = (property.match(/\\w\\w/g) ?? []).map((part) => Number.parseInt(part, 16));
  const canvas = document.querySelector('.chart canvas');
  const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const row = Math.floor(height * 0.1) * width;
  let bands = 0;
  let was = false;
  for (let x = 0; x < width; x++) {
    const at = (row + x) * 4;
    const is = data[at] === r && data[at + 1] === g && data[at + 2] === b;
    if (is && !was) bands++;
    was = is;
  }
  return bands;
}`;

describe.skipIf(!canBrowse).each([
  [
    'en-US',
    {
      partial:
        /^At worst, 99\.2 % of the packets of the minute before an alert were seen; 0\.80 % dropped by the kernel\.$/,
      full: /^All packets of the minute before each alert were seen\.$/,
      untold: /^The sensor did not tell/,
      shaded: /not all packets were seen; at worst 97\.0 %/,
      table: 'Show as table',
    },
  ],
  [
    'ja-JP',
    {
      partial:
        /^アラート直前の1分間に観測できたパケットは、最も少ないときで 99\.2 % です（カーネルでの取りこぼし 0\.80 %）。$/,
      full: /^各アラート直前の1分間、すべてのパケットを観測できていました。$/,
      untold: /^通信をどれだけ観測できたか/,
      shaded: /最低 97\.0 %/,
      table: '表で見る',
    },
  ],
] as const)('sight in %s', (locale, says) => {
  let browser: Browser;
  let api: FakeApi;
  let watched: Watched;
  let page: Page;
  let remove: () => void;
  let dist: string;

  beforeAll(async () => {
    ({ dist, remove } = await buildConsole());
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    remove();
  });
  beforeEach(async () => {
    api = await startFakeApi({ dist });
    watched = await open(browser, api.url, locale);
    page = watched.page;
    await page.locator('[data-group]').first().waitFor();
  });
  afterEach(async () => {
    const { faults } = watched;
    await watched.close();
    await api.close();
    expect(faults).toEqual([]);
  });
  const shoot = async (name: string): Promise<void> => {
    if (SCREENSHOTS !== undefined) await page.screenshot({ path: `${SCREENSHOTS}/${name}-${locale}.png` });
  };

  it('a group says on how much it rests, and whether anybody told', async () => {
    const found = new Set<string>();
    // Ends: among so many neighbours each kind is met.
    for (let i = 0; i < 20 && found.size < 3; i++) {
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      const line = page.locator('.sight-line');
      await line.waitFor();
      const text = (await line.textContent()) ?? '';
      const kind = (['partial', 'full', 'untold'] as const).find((one) => says[one].test(text));
      expect(kind, text).toBeDefined();
      if (kind === 'partial' && !found.has(kind)) await shoot('group');
      found.add(kind!);
      await page.keyboard.press('u');
      await page.locator('[data-group][aria-selected="true"]').waitFor();
    }
    expect([...found].sort()).toEqual(['full', 'partial', 'untold']);
  });

  it('charts are shaded where not all was seen, and the table says how much was', async () => {
    await page.goto(`${api.url}/traffic`);
    await expect.poll(() => page.getByTestId('partial-sight').textContent()).toMatch(says.shaded);
    await page.locator('.chart canvas').first().waitFor();
    const shaded = () => page.evaluate<number>(`(${SHADED})()`);
    await expect.poll(shaded).toBeGreaterThan(3);
    await shoot('traffic');
    await page.getByRole('button', { name: says.table }).click();
    await page.locator('.series-table td.partial').first().waitFor();
    expect(await page.locator('.series-table td.partial').first().textContent()).toBe('97.0 %');
    expect(await page.locator('.series-table td', { hasText: '100 %' }).count()).toBeGreaterThan(5);
    await shoot('table');
  });
});
