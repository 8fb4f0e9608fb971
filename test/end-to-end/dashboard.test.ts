/** The dashboard in a real browser over a real stack: what its readers see, not what its program holds. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PurgeQueueCommand } from '@aws-sdk/client-sqs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../../local/browser/open-browser.ts';
import { writeSodiumAsSalt } from '../../local/dashboard/figure/busy-system.ts';
import { type Dashboard, startDashboard } from '../../local/dashboard/start-dashboard.ts';
import { writeMadeCatalogue } from '../../local/demo/made-catalogue.ts';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { referenceOf } from '../../trainer/evaluate/reference-histograms.ts';
import { missingChromium } from '../set-up/chromium.ts';
import { madeCatalogue } from '../support/catalogue-rows.ts';
import { writeTinyModel } from '../support/tiny-model.ts';
import { type Desk, openDesk } from './harness.ts';

const SHARD_ROWS = 2048;
/** The embedded tables take some 6,000 items a second at best: several seconds of progress on any machine. */
const ROWS = 20 * SHARD_ROWS;
/** An alarm that looks at five minutes clears after ten seconds. */
const ALARM_SPEED = 30;
const SEEN_MS_MAX = 60_000;
const PHONE = { width: 390, height: 844 };

/** What is asked of elements: the tests are typed without a browser's own library. */
interface Drawn {
  readonly scrollWidth: number;
  readonly ownerDocument: {
    readonly defaultView: { getComputedStyle(element: Drawn): { readonly backgroundColor: string } };
  };
}

describe.skipIf(missingChromium() !== null)('the dashboard in Chromium', () => {
  let folder: string;
  let desk: Desk;
  let dashboard: Dashboard;
  let browser: Browser;
  let page: Page;
  const told: string[] = [];
  const complaints: string[] = [];

  const open = async (options: Parameters<Browser['newPage']>[0]): Promise<Page> => {
    const opened = await browser.newPage(options);
    opened.setDefaultTimeout(SEEN_MS_MAX);
    opened.on('pageerror', (error) => complaints.push(String(error)));
    opened.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await opened.goto(dashboard.address);
    await opened.getByRole('status').waitFor();
    return opened;
  };
  const headline = (): Promise<string> => page.getByRole('status').innerText();
  const alarm = (name: string, state: 'alarm' | 'ok') =>
    page.locator(`[data-alarm="${name}"][data-state="${state}"]`);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nutrisage-dashboard-'));
    const modelFolder = join(folder, 'model');
    // Trained on another catalogue of the same maker: a plain one has not drifted.
    const reference = referenceOf(await madeCatalogue(20_000, 7), ({ rowCount }) => new Uint8Array(rowCount));
    await writeTinyModel(modelFolder, { reference });
    desk = await openDesk({
      modelFolder,
      endpointPort: 0,
      workerEnvironment: {
        [ENVIRONMENT.threads]: '1',
        [ENVIRONMENT.shardRows]: `${SHARD_ROWS}`,
        [ENVIRONMENT.metricsPort]: '0',
      },
    });
    dashboard = await startDashboard({
      stack: desk.stack,
      port: 0,
      alarmSpeed: ALARM_SPEED,
      report: (sentence) => told.push(sentence),
    });
    browser = await openBrowser();
    page = await open({ viewport: { width: 1280, height: 1000 }, colorScheme: 'light' });
  });
  afterAll(async () => {
    await browser?.close();
    await dashboard?.stop();
    await desk?.close();
    await rm(folder, { recursive: true });
  });

  it('says how to begin while there is nothing to show', async () => {
    await expect.poll(headline, { timeout: SEEN_MS_MAX }).toBe('All well');
    expect(await page.locator('#jobs').innerText()).toContain('npx nutrisage submit products.parquet');
    expect(await page.locator('#tile-workers .value').innerText()).toBe('1 of 1');
  });

  it('shows a running job move, to its grades and its report', async () => {
    const catalogue = join(folder, 'catalogue.parquet');
    const options = { rows: ROWS, seed: 3, shape: 'flat', rowGroupRows: SHARD_ROWS } as const;
    await writeMadeCatalogue(catalogue, options);
    await desk.drop('inbox/catalogue.parquet', await readFile(catalogue));
    const job = page.locator('.job', { hasText: 'catalogue.parquet' });
    await job.waitFor();
    const seen: number[] = [];
    const rates: string[] = [];
    while ((await job.getAttribute('data-state')) !== 'succeeded') {
      const bar = job.getByRole('progressbar');
      // Between the two questions the job may have come to its end.
      const value = await bar.getAttribute('aria-valuenow', { timeout: 2000 }).catch(() => null);
      if (value !== null && Number(value) !== seen.at(-1)) {
        seen.push(Number(value));
        rates.push(await page.locator('#tile-rows .value').innerText());
      }
      await page.waitForTimeout(50);
    }
    expect(seen).toEqual(seen.toSorted((one, other) => one - other));
    expect(seen.filter((percent) => percent > 0 && percent < 100).length).toBeGreaterThanOrEqual(2);
    expect(rates.some((rate) => rate !== '0')).toBe(true);
    await job.getByRole('img', { name: /^Grades: A \d/ }).waitFor();
    expect(await job.locator('.figures').innerText()).toContain(`${ROWS.toLocaleString('en')} rows`);
    const report = await page.request.get(
      new URL((await job.getByRole('link').getAttribute('href')) ?? '', dashboard.address).href,
    );
    expect(await report.text()).toContain('<h1>catalogue.parquet</h1>');
  });

  it('raises alarms with what the runbook says of them, and clears them when they are over', async () => {
    const plain = join(folder, 'plain.parquet');
    const wrong = join(folder, 'sodium.parquet');
    await writeMadeCatalogue(plain, { rows: 2 * SHARD_ROWS, seed: 4, shape: 'flat' });
    await writeSodiumAsSalt(plain, wrong);
    const damaged = new TextEncoder().encode('PAR1, and then the upload broke off.PAR1');
    // Awaited from before: an alarm that comes and goes while files are written is seen all the same.
    const raised = Promise.all(['DriftMajor', 'DeadLetters'].map((name) => alarm(name, 'alarm').waitFor()));
    await desk.drop('inbox/damaged.parquet', damaged);
    await desk.drop('inbox/sodium.parquet', await readFile(wrong));
    await raised;
    expect(await headline()).toMatch(/^Alarm: Work was given up$|^2 alarms, first: Work was given up$/);
    expect(await page.title()).toMatch(/^● .*Work was given up · NutriSage$/);

    const letters = alarm('DeadLetters', 'alarm');
    expect(await letters.locator('.letters').innerText()).toContain('damaged.parquet');
    expect(await letters.innerText()).toContain('npx nutrisage dlq redrive --all');
    await letters.getByText('What to do').click();
    for (const label of ['Meaning', 'Look', 'Do']) await letters.getByText(label, { exact: true }).waitFor();
    expect(await page.locator('#drift').innerText()).toContain('salt');

    // Nothing more drifts: that one clears by itself. The letter stays until it is dealt with.
    await alarm('DriftMajor', 'ok').waitFor({ state: 'attached' });
    expect(await letters.isVisible()).toBe(true);
    const QueueUrl = desk.stack.environment[ENVIRONMENT.deadLetterQueueUrl];
    await desk.clients.sqs.send(new PurgeQueueCommand({ QueueUrl }));
    await alarm('DeadLetters', 'ok').waitFor({ state: 'attached' });
    await expect.poll(headline, { timeout: SEEN_MS_MAX }).toBe('All well');
    expect(await page.title()).toBe('NutriSage');
    expect(told).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Alarm, Work was given up \(ticket\): .*#DeadLetters$/),
        'Alarm over: Work was given up.',
        expect.stringMatching(/^Alarm, Rows are unlike those of training \(notice\): /),
        'Alarm over: Rows are unlike those of training.',
      ]),
    );
  });

  it('counts what the endpoint answers', async () => {
    const { address } = desk.stack.endpoint ?? { address: '' };
    const panel = page.locator('#endpoint');
    const refused = panel.locator('[data-status="4xx"]');
    expect(await refused.count()).toBe(0);
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${address}/grade`, { method: 'POST', headers, body: 'no JSON' });
    expect(answer.status).toBe(400);
    await refused.waitFor();
    expect(await refused.innerText()).toBe('1 4xx');
    expect(await panel.getByRole('link').getAttribute('href')).toBe(address);
  });

  it('fits a phone, and opens at the alarm that an address names', async () => {
    const phone = await open({ viewport: PHONE, isMobile: true, hasTouch: true });
    expect(await phone.locator('html').evaluate((root: Drawn) => root.scrollWidth)).toBe(PHONE.width);
    await phone.goto(`${dashboard.address}#BacklogOld`);
    await phone.reload();
    await phone.locator('#BacklogOld').getByText('Meaning', { exact: true }).waitFor();
    expect(await phone.locator('html').evaluate((root: Drawn) => root.scrollWidth)).toBe(PHONE.width);
    await phone.close();
  });

  it('is dark where its reader’s system is, at once', async () => {
    const paper = () =>
      page.locator('body').evaluate((body: Drawn) => {
        const { backgroundColor } = body.ownerDocument.defaultView.getComputedStyle(body);
        return backgroundColor;
      });
    const light = await paper();
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(paper, { timeout: SEEN_MS_MAX }).not.toBe(light);
    expect(brightness(light)).toBeGreaterThan(200);
    expect(brightness(await paper())).toBeLessThan(60);
    // Three over time, two of the endpoint.
    expect(await page.locator('.chart canvas').count()).toBe(5);
  });

  it('runs under its own policy without a complaint, and says when the stack is gone', async () => {
    expect(complaints).toEqual([]);
    await dashboard.stop();
    await expect.poll(headline, { timeout: SEEN_MS_MAX }).toBe('No connection to the stack');
  });
});

/** Mean of the three numbers of `rgb(…)`, 0 to 255. */
function brightness(colour: string): number {
  const parts = [...colour.matchAll(/\d+/g)].map(([part]) => Number(part));
  return parts.reduce((sum, part) => sum + part, 0) / parts.length;
}
