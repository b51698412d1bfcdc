// The console in a real browser, against a stand-in for the API: what an analyst does all day, by keyboard.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { canBrowse, launch, open, type Watched } from './browser.ts';
import { buildConsole } from './built.ts';
import { type FakeApi, startFakeApi } from './fake-api.ts';

const MAX_GZIP_BYTES = 300_000;

let dist: string;
let remove: () => void;
beforeAll(async () => {
  ({ dist, remove } = await buildConsole());
});
afterAll(() => remove());

describe('the bundle', () => {
  const files = () =>
    readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

  it('is small enough for a slow line', () => {
    const bytes = files().reduce(
      (sum, { parentPath, name }) => sum + gzipSync(readFileSync(join(parentPath, name))).length,
      0,
    );
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(MAX_GZIP_BYTES);
  });

  it('names no script, style, image or font of another origin', () => {
    for (const { parentPath, name } of files().filter(({ name }) => /\.(html|css)$/.test(name)))
      expect(readFileSync(join(parentPath, name), 'utf8')).not.toMatch(
        /(src|href)="https?:|url\(["']?(https?:)?\/\//,
      );
  });
});

describe.skipIf(!canBrowse)('the console in Chromium', () => {
  let browser: Browser;
  let api: FakeApi;
  let watched: Watched;
  let page: Page;

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    api = await startFakeApi({ dist });
    watched = await open(browser, api.url);
    page = watched.page;
    await page.locator('[data-group]').first().waitFor();
    await page.getByTestId('stream-status').getByText('Live').waitFor();
  });
  afterEach(async () => {
    const { faults } = watched;
    await watched.close();
    await api.close();
    expect(faults).toEqual([]);
  });

  const selected = () => page.locator('[data-group][aria-selected="true"]');
  const selectedId = () => selected().getAttribute('data-group');
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const html = () => page.locator('html');

  it('shows the queue worst first, with severity in words, and only the rows on screen', async () => {
    await expect.poll(() => page.locator('[data-group]').first().textContent()).toMatch(/^Critical/);
    expect(await page.locator('[data-group]').count()).toBeLessThan(80);
    const grid = page.getByRole('grid', { name: 'Alert groups' });
    expect(Number(await grid.getAttribute('aria-rowcount'))).toBe(201);
    expect(await page.getByTestId('coverage-warning').textContent()).toContain('mizu-edge silent since');
  });

  it('opens a group by keyboard, walks its alerts and comes back to the same row', async () => {
    await press('j', 'j', 'j', 'k');
    const id = await selectedId();
    expect(await page.getByRole('grid').getAttribute('aria-activedescendant')).toBe(`group-${id}`);
    await press('Enter');
    await page.getByTestId('evidence').waitFor();
    expect(page.url()).toContain(`/groups/${id}`);
    const before = await page.locator('[role=option][aria-selected="true"]').textContent();
    await press('j');
    await expect
      .poll(() => page.locator('[role=option][aria-selected="true"]').textContent())
      .not.toBe(before);
    expect(await page.getByTestId('evidence').locator('.lit').count()).toBeGreaterThan(0);
    await press('c');
    await page.getByText('Copied').waitFor();
    const copied = JSON.parse(await page.evaluate<string>('navigator.clipboard.readText()'));
    expect(copied).toHaveProperty('alert.signature');
    await press('u');
    await selected().waitFor();
    expect(await selectedId()).toBe(id);
  });

  it('says what was withheld, and its class', async () => {
    await press('/');
    await page.keyboard.type('DNS queries');
    await press('Enter');
    await expect.poll(() => page.locator('[data-group]').first().textContent()).toContain('DNS queries');
    await press('j', 'o');
    await page.getByTestId('evidence').getByText('«withheld (content)»').waitFor();
  });

  it('archives with one key, goes on to the next row, and undoes', async () => {
    await press('j', 'j');
    const id = await selectedId();
    await press('e');
    await page.getByText(/^Archived:/).waitFor();
    expect(await page.locator(`[data-group="${id}"]`).count()).toBe(0);
    expect(await selectedId()).not.toBe(id);
    expect(api.writes.at(-1)).toMatchObject({ body: { state: 'archived' } });
    await press('z');
    await page.getByText('Undone').waitFor();
    await expect.poll(selectedId).toBe(id);
    expect(api.writes.at(-1)).toMatchObject({ body: { state: 'new' } });
  });

  it('archives exactly the marked groups together, and brings all of them back', async () => {
    await press('j', 'x', 'x', 'j', 'x');
    const rows = await page.locator('[data-group]:has(input:checked)').all();
    const ids = await Promise.all(rows.map((row) => row.getAttribute('data-group')));
    expect(ids).toHaveLength(3);
    api.newGroup();
    await press('e');
    await page.getByText('3 groups archived').waitFor();
    expect(api.writes.map(({ path }) => path.split('/').at(-1)).sort()).toEqual(ids.toSorted());
    await press('z');
    await page.getByText('Undone').waitFor();
    for (const id of ids) await page.locator(`[data-group="${id}"]`).waitFor();
    expect(await page.locator('input:checked').count()).toBe(0);
  });

  it('takes back what somebody else changed first', async () => {
    await press('j');
    const id = await selectedId();
    api.changeBehind(id!, 'in_progress');
    await press('r');
    await page.getByText('Someone else changed this group').waitFor();
    await expect.poll(selectedId).toBe(id);
    await expect.poll(() => selected().textContent()).toContain('In progress');
    // The browser itself logs every refused request.
    expect(watched.faults.splice(0)).toEqual([expect.stringContaining('412')]);
  });

  it('shows and announces a live alert without moving the selection', async () => {
    await press('j', 'j', 'j');
    const id = await selectedId();
    const total = await page.getByRole('button', { name: /^All severities/ }).textContent();
    const group = api.newGroup();
    const row = page.locator(`[data-group="${group.id}"]`);
    await row.waitFor();
    expect(await row.getByTestId('flash').count()).toBe(1);
    await expect.poll(() => page.getByTestId('announcement').textContent()).toContain(group.rule.name);
    expect(await selectedId()).toBe(id);
    const after = await page.getByRole('button', { name: /^All severities/ }).textContent();
    expect(Number(after?.replace(/\D/g, ''))).toBe(Number(total?.replace(/\D/g, '')) + 1);
  });

  it('keeps what the reader looks at in place while alerts arrive above', async () => {
    await press('j', 'G');
    const id = await selectedId();
    const top = async () => (await page.locator(`[data-group="${id}"]`).boundingBox())?.y;
    const before = await top();
    api.newGroup();
    await page.getByRole('button', { name: '1 new group above' }).waitFor();
    expect(await top()).toBe(before);
    expect(await selectedId()).toBe(id);
  });

  it('counts up a row that is already there', async () => {
    const group = api.moreOf(2);
    const row = page.locator(`[data-group="${group.id}"]`);
    await row.getByTestId('flash').waitFor({ state: 'attached' });
    expect(await row.getAttribute('aria-rowindex')).toBe('4');
  });

  it('switches language, theme and time zone by key', async () => {
    expect(await html().getAttribute('lang')).toBe('en');
    await press('L');
    await page.getByRole('grid', { name: 'アラートグループ' }).waitFor();
    expect(await html().getAttribute('lang')).toBe('ja');
    expect(await page.title()).toContain('対応待ち');
    const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    await press('D', 'D');
    expect(await html().getAttribute('data-theme')).toBe('dark');
    expect(await ground()).not.toBe(light);
    await press('U');
    await page.getByRole('button', { name: 'UTC' }).waitFor();
    await page.reload();
    await page.getByRole('grid', { name: 'アラートグループ' }).waitFor();
    expect(await html().getAttribute('data-theme')).toBe('dark');
  });

  it('reaches every page by keyboard and lists the keys', async () => {
    await press('g', 't');
    await page.getByRole('img', { name: /^Packets\/s/ }).waitFor();
    await press('v');
    await page.getByRole('columnheader', { name: 'Bytes/s' }).waitFor();
    await press('g', 's');
    await page.getByRole('rowheader', { name: /^bureau-tokyo/ }).waitFor();
    await press('g', 'l');
    await page.getByRole('columnheader', { name: 'Hash' }).waitFor();
    await press('?');
    await page.getByRole('dialog', { name: 'Keys' }).getByText('Archive').waitFor();
    await press('Escape', 'g', 'q');
    await page.locator('[data-group]').first().waitFor();
  });

  it('holds its layout from 1024 to 2560 pixels, in both languages', async () => {
    /** How much wider than its frame anything stands that must not scroll sideways, px. */
    const overflow = () =>
      page.evaluate<number>(
        "Math.max(...['html', 'main > *', '.grid-scroll', '.group-side', '.alerts-scroll'].flatMap((s) => [...document.querySelectorAll(s)].map((e) => e.scrollWidth - e.clientWidth)))",
      );
    const visit: [string, string][] = [
      ['/', '[data-group]'],
      [`/groups/${await page.locator('[data-group]').first().getAttribute('data-group')}`, '.evidence'],
      ['/traffic', '.chart'],
      ['/sensors', '.authority'],
      ['/ledger', 'td'],
    ];
    for (const [path, sign] of visit) {
      await page.goto(api.url + path);
      await page.locator(sign).first().waitFor();
      for (const width of [1024, 1280, 1720, 2560]) {
        await page.setViewportSize({ width, height: 800 });
        for (const language of ['first', 'second']) {
          expect(await overflow(), `${path} at ${width}, ${language} language`).toBeLessThanOrEqual(0);
          await press('L');
        }
      }
    }
  });

  it('moves the charts to the time that was brushed', async () => {
    await press('g', 't');
    const chart = page.getByRole('img', { name: /^Packets\/s/ });
    const box = (await chart.boundingBox())!;
    const before = await chart.getAttribute('aria-label');
    await page.mouse.move(box.x + 400, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + 700, box.y + 60, { steps: 4 });
    await page.mouse.up();
    await expect
      .poll(() => page.getByRole('img', { name: /^Packets\/s/ }).getAttribute('aria-label'))
      .not.toBe(before);
    expect(await page.getByRole('button', { name: '1 h', exact: true }).getAttribute('aria-pressed')).toBe(
      'false',
    );
  });
});

describe.skipIf(!canBrowse)('the console when there is nothing to show', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it.each([
    ['all-live', 'the silence is covered'],
    ['mixed', 'silence proves nothing there'],
    ['none', 'No sensor has reported yet: silence proves nothing'],
  ] as const)('with sensors %s says: %s', async (sensors, words) => {
    const api = await startFakeApi({ dist, groups: 0, sensors });
    const { page, close, faults } = await open(browser, api.url);
    await page.getByText(words).waitFor();
    await close();
    await api.close();
    expect(faults).toEqual([]);
  });

  it('says how to mend a refusal, in the reader’s language', async () => {
    const api = await startFakeApi({ dist });
    api.refusal = {
      status: 401,
      code: 'session_required',
      title: 'Session required',
      detail: 'Session required',
    };
    const { page, close } = await open(browser, api.url, 'ja-JP');
    await page.getByRole('heading', { name: 'ログインしていません' }).waitFor();
    await page.getByText('session_required').waitFor();
    api.refusal = null;
    await page.getByRole('button', { name: '再試行' }).click();
    await page.locator('[data-group]').first().waitFor();
    await close();
    await api.close();
  });
});
