import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeIfctFoods } from '../../local/demo/ifct-foods.ts';
import { writeMadeCatalogue } from '../../local/demo/made-catalogue.ts';
import { GradeItem } from '../../schemas/grades-dataset.ts';
import { JobSummary } from '../../schemas/job-summary.ts';
import { createParser } from '../../schemas/parse.ts';
import { QUEUE_KINDS } from '../../schemas/redis-queue.ts';
import { type Desk, logLines, openDesk } from './harness.ts';

const parseSummary = createParser('the summary', JobSummary);
const ROWS = 6000;

describe.each(QUEUE_KINDS)('a file of products, on %s', (queue) => {
  let desk: Desk;
  let catalogue: string;

  beforeAll(async () => {
    desk = await openDesk({ queue, workers: 2, workerEnvironment: { NUTRISAGE_SHARD_ROWS: '2048' } });
    catalogue = join(desk.folder, 'catalogue.parquet');
    await writeMadeCatalogue(catalogue, { rows: ROWS, seed: 11, rowGroupRows: 2048 });
  });
  afterAll(() => desk.close());

  it('is graded by submit: every row ends as graded or rejected, once', async () => {
    const { code, stdout, stderr } = await desk.nutrisage('submit', catalogue, '--wait', '--json');
    expect(code, stderr).toBe(0);
    const { job, summary } = JSON.parse(stdout) as { job: string; summary: unknown };
    const { counts, shards, state } = parseSummary.parse(summary);
    expect(state).toBe('succeeded');
    expect(shards).toEqual({ planned: 3, done: 3, failed: 0 });
    expect(counts.rows).toBe(ROWS);
    expect(counts.graded + counts.rejected).toBe(ROWS);
    expect(counts.official + counts.model).toBe(counts.graded);
    const [read] = await desk.query(`
      SELECT count(*)::INTEGER AS n, count(DISTINCT row_number)::INTEGER AS once,
             min(row_number)::INTEGER AS first, max(row_number)::INTEGER AS last
      FROM (SELECT row_number FROM {grades} WHERE job = '${job}'
            UNION ALL SELECT row_number FROM {rejects} WHERE job = '${job}')`);
    expect(read).toEqual({ n: ROWS, once: ROWS, first: 0, last: ROWS - 1 });
  });

  it('is scored by the forest kernel, which agreed with ONNX Runtime', () => {
    const engines = logLines(desk).flatMap(({ engine }) => (engine === undefined ? [] : [engine]));
    expect(engines.length).toBeGreaterThan(0);
    expect(new Set(engines)).toEqual(new Set(['forest']));
  });

  it('is one partitioned table for DuckDB', async () => {
    const columns = await desk.query('DESCRIBE SELECT * FROM {grades}');
    expect(
      Object.fromEntries(columns.map((column) => [column['column_name'], column['column_type']])),
    ).toEqual({
      code: 'VARCHAR',
      row_number: 'BIGINT',
      grade: 'VARCHAR',
      grade_source: 'VARCHAR',
      official_grade: 'VARCHAR',
      official_score: 'INTEGER',
      official_status: 'VARCHAR',
      model_grade: 'VARCHAR',
      p_a: 'FLOAT',
      p_b: 'FLOAT',
      p_c: 'FLOAT',
      p_d: 'FLOAT',
      p_e: 'FLOAT',
      warnings: 'VARCHAR',
      model_version: 'VARCHAR',
      date: 'DATE',
      job: 'VARCHAR',
    });
    const [sums] = await desk.query(
      'SELECT min(p_a + p_b + p_c + p_d + p_e) AS low, max(p_a + p_b + p_c + p_d + p_e) AS high FROM {grades}',
    );
    expect(sums?.['low']).toBeCloseTo(1, 4);
    expect(sums?.['high']).toBeCloseTo(1, 4);
  });

  it('is the same job when it is submitted again, and no byte changes', async () => {
    const before = await desk.fingerprints('');
    const first = await desk.nutrisage('submit', catalogue, '--json');
    const again = await desk.nutrisage('submit', catalogue, '--wait', '--json');
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({
      job: JSON.parse(first.stdout).job,
      alreadySubmitted: true,
    });
    expect(await desk.fingerprints('')).toEqual(before);
  });

  it('is a new job with --again, with the same grades', async () => {
    const { stdout, code } = await desk.nutrisage('submit', catalogue, '--again', '1', '--wait', '--json');
    expect(code).toBe(0);
    const { job } = JSON.parse(stdout) as { job: string };
    const [compared] = await desk.query(`
      SELECT count(*)::INTEGER AS n, count_if(a.grade <> b.grade OR a.p_a <> b.p_a)::INTEGER AS differ
      FROM (SELECT * FROM {grades} WHERE job = '${job}') a
      JOIN (SELECT * FROM {grades} WHERE job <> '${job}') b USING (row_number)`);
    expect(compared?.['differ']).toBe(0);
    expect(compared?.['n']).toBeGreaterThan(5000);
  });

  it('answers by code, the latest grading first, as the items’ schema says', async () => {
    const [row] = await desk.query(
      `SELECT code, grade FROM {grades} GROUP BY ALL HAVING count(*) = 2 LIMIT 1`,
    );
    const { code, stdout } = await desk.nutrisage('show', String(row?.['code']), '--json');
    expect(code).toBe(0);
    const shown = JSON.parse(stdout) as { latest: { gradedFor: string }; earlier: { gradedFor: string }[] };
    expect(createParser('the item', GradeItem).parse(shown.latest)).toMatchObject({
      code: row?.['code'],
      grade: row?.['grade'],
    });
    const times = [shown.latest, ...shown.earlier].map(({ gradedFor }) => gradedFor);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('is graded when it is dropped in the inbox, whatever its name', async () => {
    const foods = join(desk.folder, 'foods.parquet');
    const rows = await writeIfctFoods(foods);
    const key = 'inbox/shop 1/50% größer+neu.parquet';
    await desk.drop(key, await readFile(foods));
    const job = await desk.closedJob(key);
    expect(job).toMatchObject({ state: 'succeeded', origin: 'inbox', rows });
    const { stdout } = await desk.nutrisage('status', job.job, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ job: job.job, state: 'succeeded' });
  });

  it('is two jobs when the same bytes are dropped twice', async () => {
    const foods = await readFile(join(desk.folder, 'foods.parquet'));
    await desk.drop('inbox/twice.parquet', foods);
    const first = await desk.closedJob('inbox/twice.parquet');
    await desk.drop('inbox/twice.parquet', foods);
    await expect
      .poll(
        async () => {
          const { stdout } = await desk.nutrisage('jobs', '--json');
          const { jobs } = JSON.parse(stdout) as { jobs: { inputs: { key: string }[]; state: string }[] };
          return jobs.filter(
            (job) => job.inputs[0]?.key === 'inbox/twice.parquet' && job.state === 'succeeded',
          ).length;
        },
        { timeout: 30_000 },
      )
      .toBe(2);
    expect(first.state).toBe('succeeded');
  });

  it('downloads as Parquet files in the same layout', async () => {
    const { stdout } = await desk.nutrisage('jobs', '--json');
    const job = (JSON.parse(stdout) as { jobs: { job: string; rows: number }[] }).jobs.find(
      ({ rows }) => rows === ROWS,
    );
    const out = join(desk.folder, 'out');
    const { code, stderr } = await desk.nutrisage('download', job?.job ?? '', '--out', out);
    expect(code, stderr).toBe(0);
    const [read] = await desk.query(
      `SELECT count(*)::INTEGER AS n FROM read_parquet('${out}/grades/**/*.parquet', hive_partitioning = true)`,
    );
    expect(read?.['n']).toBeGreaterThan(5000);
  });

  it('leaves nothing in the queues', async () => {
    await expect.poll(desk.depths, { timeout: 10_000 }).toEqual({ waiting: 0, taken: 0, dead: 0 });
  });
});
