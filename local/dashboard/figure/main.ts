/**
 * `npm run dashboard:figure`: pictures of the dashboard over a stack that is at work, in light and dark. They are of real
 * jobs, so figures and times differ from one run to the next. `--out` and `--model` name folders, `--running` the percents at
 * which the running job stands; `--full` takes the page down to its end.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../../browser/open-browser.ts';
import { withBusySystem } from './busy-system.ts';

const SHOTS = [
  { name: 'dashboard', colorScheme: 'light', width: 1280, height: 1080 },
  { name: 'dashboard-dark', colorScheme: 'dark', width: 1280, height: 1080 },
  { name: 'dashboard-phone', colorScheme: 'light', width: 390, height: 844 },
] as const;

const LOOK_MS = 200;

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: 'docs/figures' },
    model: { type: 'string', default: 'fixtures/model' },
    running: { type: 'string', default: '30' },
    full: { type: 'boolean', default: false },
  },
});
const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`);

async function openPage(browser: Browser, shot: (typeof SHOTS)[number], address: string): Promise<Page> {
  const { colorScheme, width, height } = shot;
  const page = await browser.newPage({ colorScheme, viewport: { width, height } });
  await page.goto(address);
  return page;
}

async function takeShots(browser: Browser, address: string): Promise<void> {
  mkdirSync(options.out, { recursive: true });
  // All are open from the start: each has the same past in its charts.
  const pages = await Promise.all(SHOTS.map((shot) => openPage(browser, shot, address)));
  for (const [index, { name }] of SHOTS.entries()) {
    const page = pages[index];
    if (page === undefined) continue;
    await jobHasCome(page, Number(options.running));
    const path = join(options.out, `${name}.png`);
    await page.screenshot({ path, fullPage: options.full });
    say(`wrote ${path}`);
  }
}

/** Asked for again and again: the page's policy lets nothing be evaluated in it. */
async function jobHasCome(page: Page, percents: number): Promise<void> {
  const bar = page.locator('.job[data-state="running"] [role="progressbar"]');
  while (Number(await bar.getAttribute('aria-valuenow')) < percents) await pause(LOOK_MS);
}

const browser = await openBrowser();
try {
  await withBusySystem(options.model, say, (address) => takeShots(browser, address));
} finally {
  await browser.close();
}
