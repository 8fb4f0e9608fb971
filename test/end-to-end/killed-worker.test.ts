import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeMadeCatalogue } from '../../local/demo/made-catalogue.ts';
import { JobSummary } from '../../schemas/job-summary.ts';
import { createParser } from '../../schemas/parse.ts';
import { QUEUE_KINDS } from '../../schemas/redis-queue.ts';
import { type Desk, openDesk } from './harness.ts';

const parseSummary = createParser('the summary', JobSummary);
const ROWS = 56_000;
/** Rows of one run as text, to be compared with those of another. */
const CONTENT = `md5(string_agg(row_number || code || grade || coalesce(official_grade, '-') || p_a || coalesce(warnings, ''), '|' ORDER BY row_number))`;

describe.each(QUEUE_KINDS)('a worker that is killed in the middle of a job, on %s', (queue) => {
  let desk: Desk;
  let catalogue: string;

  beforeAll(async () => {
    desk = await openDesk({
      queue,
      workers: 2,
      visibilitySeconds: 4,
      workerEnvironment: { NUTRISAGE_SHARD_ROWS: '2048', NUTRISAGE_THREADS: '1' },
    });
    catalogue = join(desk.folder, 'catalogue.parquet');
    await writeMadeCatalogue(catalogue, { rows: ROWS, seed: 5, rowGroupRows: 2048 });
  });
  afterAll(() => desk.close());

  it('loses and doubles nothing: counts, rows and items are those of an undisturbed run', async () => {
    const undisturbed = JSON.parse((await desk.nutrisage('submit', catalogue, '--wait', '--json')).stdout);
    const calm = parseSummary.parse(undisturbed.summary);
    expect(calm.counts.rows).toBe(ROWS);

    const submitted = desk.nutrisage('submit', catalogue, '--again', '1', '--wait', '--json');
    const disturbed = await (async () => {
      // No seat is waited for while the other grades: on a busy machine a start takes as long as the rest of the job.
      for (const n of [1, 2]) {
        await finishedGrows(desk, undisturbed.job);
        desk.stack.fleet?.kill(n, 'SIGKILL');
      }
      await finishedGrows(desk, undisturbed.job);
      for (const n of [1, 2]) desk.stack.fleet?.kill(n, 'SIGKILL');
      return JSON.parse((await submitted).stdout);
    })();
    const stormy = parseSummary.parse(disturbed.summary);
    expect(stormy.state).toBe('succeeded');
    expect(stormy.counts).toEqual(calm.counts);

    const contents = await desk.query(`SELECT job, ${CONTENT} AS content FROM {grades} GROUP BY job`);
    expect(contents).toHaveLength(2);
    expect(contents[0]?.['content']).toBe(contents[1]?.['content']);
    const [unique] = await desk.query(
      `SELECT count(*)::INTEGER AS n, count(DISTINCT (job, row_number))::INTEGER AS once FROM {grades}`,
    );
    expect(unique).toEqual({ n: 2 * calm.counts.graded, once: 2 * calm.counts.graded });
    await expect.poll(desk.depths, { timeout: 20_000 }).toEqual({ waiting: 0, taken: 0, dead: 0 });
  }, 180_000);
});

/** Waits until the job that is not `calm` has one more finished shard; asks the table itself, since a command takes as long as a shard. */
async function finishedGrows(desk: Desk, calm: string): Promise<void> {
  const finished = async (): Promise<number> =>
    (await desk.jobs()).find(({ job }) => job !== calm)?.finished ?? 0;
  const before = await finished();
  await expect.poll(finished, { timeout: 60_000, interval: 10 }).toBeGreaterThan(before);
}
