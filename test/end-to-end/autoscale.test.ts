import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLOCKS } from '../../core/scaling/clocks.ts';
import type { PageStart } from '../../local/dashboard/page-view.ts';
import { type Dashboard, startDashboard } from '../../local/dashboard/start-dashboard.ts';
import { writeMadeCatalogue } from '../../local/demo/made-catalogue.ts';
import { JobSummary } from '../../schemas/job-summary.ts';
import { createParser } from '../../schemas/parse.ts';
import { type Desk, logLines, openDesk } from './harness.ts';

const parseSummary = createParser('the summary', JobSummary);
const ROWS = 120_000;
const SHARD_ROWS = 2048;

describe('a fleet that follows its backlog', () => {
  let desk: Desk;
  let dashboard: Dashboard;

  beforeAll(async () => {
    desk = await openDesk({
      workers: 1,
      // The fast clock with values of a second, so that a test sees it come back.
      autoscale: { tasksMin: 1, tasksMax: 4, clock: { ...CLOCKS.fast, metricSeconds: 1 } },
      workerEnvironment: { NUTRISAGE_SHARD_ROWS: String(SHARD_ROWS), NUTRISAGE_THREADS: '1' },
    });
    dashboard = await startDashboard({ stack: desk.stack, port: 0 });
  });
  afterAll(async () => {
    await dashboard?.stop();
    await desk?.close();
  });

  it('goes from one worker to four on a burst and back to one, and loses nothing', async () => {
    const catalogue = join(desk.folder, 'catalogue.parquet');
    await writeMadeCatalogue(catalogue, { rows: ROWS, seed: 11, shape: 'flat', rowGroupRows: SHARD_ROWS });
    const submitted = desk.nutrisage('submit', catalogue, '--wait', '--json');
    const seen = (): readonly number[] =>
      desk.stack.autoscaling?.observations.map(({ running }) => running) ?? [];

    await expect.poll(() => Math.max(...seen()), { timeout: 150_000, interval: 500 }).toBe(4);
    const summary = parseSummary.parse(JSON.parse((await submitted).stdout).summary);
    await expect.poll(() => seen().at(-1), { timeout: 150_000, interval: 500 }).toBe(1);

    expect(seen()[0]).toBe(1);
    expect(summary).toMatchObject({ state: 'succeeded', failures: [] });
    expect(summary.counts.rows).toBe(ROWS);
    const [rows] =
      await desk.query(`SELECT count(*)::INTEGER AS n, count(DISTINCT row_number)::INTEGER AS once
      FROM (SELECT row_number FROM {grades} UNION ALL SELECT row_number FROM {rejects})`);
    expect(rows).toEqual({ n: ROWS, once: ROWS });
    expect(await desk.depths()).toEqual({ waiting: 0, taken: 0, dead: 0 });
  }, 420_000);

  it('is drawn on the dashboard, as it was wished and as it was', async () => {
    const latest = async () => (await pageStart(dashboard.address)).history.at(-1)?.desired;
    await expect.poll(latest, { timeout: 30_000, interval: 1000 }).toBe(1);
    const { history } = await pageStart(dashboard.address);
    expect(Math.max(...history.map(({ desired }) => desired ?? 0))).toBe(4);
    expect(Math.max(...history.map(({ workers }) => workers))).toBeGreaterThan(1);
  });

  it('has the workers that it took away end in order', async () => {
    const stops = (): number => logLines(desk).filter(({ msg }) => msg === 'worker stopped').length;
    // A stop within a start says so in other words.
    const early = (): number =>
      logLines(desk).filter(({ msg }) => msg === 'worker stops before it has started').length;
    await expect.poll(() => stops() + early(), { timeout: 30_000 }).toBeGreaterThanOrEqual(3);
    expect(desk.stack.fleet?.pids).toHaveLength(1);
  });
});

/** What a page gets when it connects: the first event. */
async function pageStart(address: string): Promise<PageStart> {
  const stop = new AbortController();
  const { body } = await fetch(new URL('/events', address), { signal: stop.signal });
  let text = '';
  for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part;
    if (text.includes('\n\n')) break;
  }
  stop.abort();
  const [, data = ''] = /^data: (.*)$/m.exec(text) ?? [];
  return JSON.parse(data);
}
