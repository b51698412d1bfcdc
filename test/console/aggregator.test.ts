// The console in a real browser against a real aggregator: what the stand-in promises is what the aggregator does.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestAggregator, testAggregator } from '../support/aggregator.ts';
import { anAlert, aSeries, type TestSensor } from '../support/sensor.ts';
import { canBrowse, launch, open, type Watched } from './browser.ts';
import { buildConsole } from './built.ts';

const iso = (ms: number): string => `${new Date(ms).toISOString().slice(0, -1)}000Z`;

describe.skipIf(!canBrowse)('the console on an aggregator', () => {
  let browser: Browser;
  let aggregator: TestAggregator;
  let sensor: TestSensor;
  let watched: Watched;
  let remove: () => void;

  beforeAll(async () => {
    const built = await buildConsole();
    remove = built.remove;
    aggregator = await testAggregator({ console: built.dist });
    browser = await launch();
    const link = await aggregator.operator.issueLoginLink('hanako');
    watched = await open(browser, aggregator.addresses.web + link);
  });
  afterAll(async () => {
    await watched?.close();
    await browser?.close();
    sensor?.close();
    await aggregator?.dispose();
    remove?.();
  });

  // One story, told in order: each step stands on the one before.
  it('claims no silence while no sensor has reported', async () => {
    await watched.page.getByText('No sensor has reported yet: silence proves nothing').waitFor();
    await watched.page.getByTestId('stream-status').getByText('Live').waitFor();
  });

  it('shows the first alert of a new sensor as it arrives', async () => {
    const { page } = watched;
    sensor = await aggregator.sensor();
    const now = Date.now();
    // Both in the same half-minute, which is the chart's step.
    const bucket = Math.floor(now / 30_000) * 30_000 - 60_000;
    const { status } = await sensor.send([
      anAlert({ time: iso(now) }),
      aSeries(0, { bucket: iso(bucket), packets: 5_000 }),
      aSeries(0, { bucket: iso(bucket + 10_000), packets: 7_000 }),
    ]);
    expect(status).toBe(200);
    const row = page.locator('[data-group]');
    await row.waitFor();
    expect(await row.textContent()).toContain('10.1.2.3');
    expect(await page.getByRole('button', { name: /^High and above/ }).getAttribute('aria-label')).toContain(
      '1 open',
    );
    await expect.poll(() => page.getByTestId('announcement').textContent()).toContain('A rule');
  });

  it('counts further alerts up in place', async () => {
    await sensor.send([anAlert({ time: iso(Date.now()) }), anAlert({ time: iso(Date.now()) })]);
    await expect.poll(() => watched.page.locator('[data-group] .col-count').textContent()).toBe('3');
  });

  it('opens, takes with a note, and undoes, all of it in the history', async () => {
    const { page } = watched;
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByTestId('evidence').getByText('bad.example').waitFor();
    await page.keyboard.press('n');
    await page.keyboard.type('asked the body');
    await page.keyboard.press('Escape');
    await page.keyboard.press('t');
    await page.getByText('Taken: A rule').waitFor();
    await page.locator('.history').getByText('asked the body').waitFor();
    await page.keyboard.press('z');
    await page.getByText('Undone').waitFor();
    expect(await page.locator('.history li').count()).toBe(2);
  });

  it('draws the traffic, names the sensor, and shows its own reading in the ledger', async () => {
    const { page } = watched;
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    const chart = page.getByRole('img', { name: /^Packets\/s/ });
    expect(await chart.getAttribute('aria-label')).toContain('at most 400');
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByRole('rowheader', { name: /^sensor-1/ }).waitFor();
    await page.getByText('Article 1').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.getByRole('cell', { name: 'group.changed' }).first().waitFor();
    await page.getByRole('cell', { name: 'series.read' }).first().waitFor();
  });

  it('asked nothing of anybody else and logged no error', () => expect(watched.faults).toEqual([]));

  it('asks for a new link after signing out', async () => {
    const { page } = watched;
    await page.locator('.signed-in summary').click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You are not signed in').waitFor();
  });
});
