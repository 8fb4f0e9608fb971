import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeMadeCatalogue } from '../../local/demo/made-catalogue.ts';
import { JobSummary } from '../../schemas/job-summary.ts';
import { createParser } from '../../schemas/parse.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { type Desk, openDesk } from './harness.ts';

const parseSummary = createParser('the summary', JobSummary);
const ROWS = 20_000;
const SHARD_ROWS = 2048;

interface DeadLetters {
  readonly deadLetters: readonly { readonly failure: { readonly code: string } | null }[];
}

describe('a stack on a Redis at hand', () => {
  let redis: TestRedis;
  let desk: Desk;

  beforeAll(async () => {
    redis = await startTestRedis();
    desk = await openDesk({
      queue: 'bullmq',
      redisUrl: redis.url,
      visibilitySeconds: 4,
      workerEnvironment: { NUTRISAGE_SHARD_ROWS: String(SHARD_ROWS), NUTRISAGE_THREADS: '1' },
    });
  });
  afterAll(async () => {
    await desk?.close();
    await redis?.close();
  });

  it('completes a job when Redis is killed in its middle and started again: nothing is lost or doubled', async () => {
    const catalogue = join(desk.folder, 'catalogue.parquet');
    await writeMadeCatalogue(catalogue, { rows: ROWS, seed: 9, rowGroupRows: SHARD_ROWS });
    const submitted = desk.nutrisage('submit', catalogue, '--wait', '--json');
    for (const left of [8, 4]) {
      await expect
        .poll(async () => (await desk.stack.queue.depths()).waiting, { timeout: 60_000, interval: 20 })
        .toBeGreaterThan(0);
      await expect
        .poll(async () => (await desk.stack.queue.depths()).waiting, { timeout: 60_000, interval: 20 })
        .toBeLessThanOrEqual(left);
      await redis.restart(500);
    }
    const { code, stdout, stderr } = await submitted;
    expect(code, stderr).toBe(0);
    const { state, counts, shards } = parseSummary.parse(JSON.parse(stdout).summary);
    const planned = Math.ceil(ROWS / SHARD_ROWS);
    expect({ state, shards }).toEqual({ state: 'succeeded', shards: { planned, done: planned, failed: 0 } });
    expect(counts.rows).toBe(ROWS);
    expect(counts.graded + counts.rejected).toBe(ROWS);
    const [read] = await desk.query(`
      SELECT count(*)::INTEGER AS n, count(DISTINCT row_number)::INTEGER AS once
      FROM (SELECT row_number FROM {grades} UNION ALL SELECT row_number FROM {rejects})`);
    expect(read).toEqual({ n: ROWS, once: ROWS });
    await expect.poll(desk.depths, { timeout: 20_000 }).toEqual({ waiting: 0, taken: 0, dead: 0 });
  });

  it('lists what was given up with its reason, and sends it back', async () => {
    const listed = async () =>
      JSON.parse((await desk.nutrisage('dlq', 'list', '--json')).stdout) as DeadLetters;
    desk.stack.queue.post('{"kind":"pancake"}');
    await expect.poll(async () => (await desk.depths()).dead, { timeout: 10_000 }).toBe(1);
    expect((await listed()).deadLetters).toMatchObject([{ failure: { code: 'malformed-message' } }]);
    const { code, stdout } = await desk.nutrisage('dlq', 'redrive', '--all', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ redriven: [{ kind: 'unknown' }], left: 0 });
    // No redrive mends this one: a worker took it, and gave it up again.
    await expect.poll(desk.depths, { timeout: 10_000 }).toEqual({ waiting: 0, taken: 0, dead: 1 });
  });

  it('says that the queue is away, while commands that need none go on', async () => {
    const { stdout } = await desk.nutrisage('jobs', '--json');
    const [job] = (JSON.parse(stdout) as { jobs: { job: string }[] }).jobs;
    await redis.kill();
    const [list, status] = await Promise.all([
      desk.nutrisage('dlq', 'list'),
      desk.nutrisage('status', job?.job ?? '', '--json'),
    ]);
    await redis.start();
    expect(list.code).toBe(3);
    expect(list.stderr).toContain(`the queue on Redis at 127.0.0.1:${redis.port} cannot be reached`);
    expect(status.code, status.stderr).toBe(0);
  });
});
