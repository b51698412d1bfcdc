// A real Chromium for tests: found or skipped with one clear line, and watched for what a console must never do.
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

export const CHROMIUM = '/usr/bin/chromium';
const inCi = process.env['CI'] === 'true';

/** Without a browser these tests are skipped on a desk, but fail where everything must run. */
export const canBrowse = existsSync(CHROMIUM) || inCi;
if (!canBrowse)
  process.stderr.write(`skipped: ${CHROMIUM} is not there; install Debian's package chromium\n`);

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Playwright gives each launch a fresh profile of its own. */
export const launch = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });

export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console errors and warnings, exceptions, and requests to any other origin. */
  readonly faults: string[];
  close(): Promise<void>;
}

export async function open(
  browser: Browser,
  url: string,
  locale: 'en-US' | 'ja-JP' = 'en-US',
): Promise<Watched> {
  // Animations drawn without a GPU would take the processor from everything else.
  const context = await browser.newContext({
    locale,
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(url).origin });
  // Less than the test's own patience, so that a failure names what was waited for.
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const faults: string[] = [];
  const { origin } = new URL(url);
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
  context.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) faults.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return { page, context, faults, close: () => context.close() };
}
