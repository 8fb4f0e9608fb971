import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeMadeCatalogue } from '../../local/demo/made-catalogue.ts';
import type { JobRecord } from '../../schemas/ledger.ts';
import { CurrentModel } from '../../schemas/model.ts';
import { RESOURCES } from '../../schemas/names.ts';
import { createParser } from '../../schemas/parse.ts';
import { createDynamoDbLedger } from '../../worker/adapters/dynamodb-ledger.ts';
import { writeTinyModel } from '../support/tiny-model.ts';
import { type CommandOutcome, runModel } from '../trainer/registry/command.ts';
import { type Desk, logLines, openDesk } from './harness.ts';

const Bucket = RESOURCES.modelBucket;
const POINTER = 'models/current.json';
const METRICS = { 'parity.difference_max': 1e-6, 'accuracy.all': 0.9 };
/** For a promotion to be seen (at most ten seconds) and jobs before it to end, on a busy machine. */
const PROMOTION_SEEN_MS = 30_000;

const pointers = createParser('current.json', CurrentModel);

describe('a model registry with a worker on it', () => {
  let desk: Desk;
  /** Of some forty shards (DuckDB writes groups of 2,048 rows), so that it still runs while a model is promoted. */
  let catalogue: string;
  let few: Uint8Array;
  let first: string;
  let second: string;
  let broken: string;
  let drops = 0;

  beforeAll(async () => {
    desk = await openDesk({
      workers: 1,
      // Parquet alone: eighty thousand items would take most of the test's time.
      workerEnvironment: {
        NUTRISAGE_SHARD_ROWS: '2048',
        NUTRISAGE_THREADS: '1',
        NUTRISAGE_GRADES_TABLE: '',
      },
    });
    catalogue = join(desk.folder, 'catalogue.parquet');
    await writeMadeCatalogue(catalogue, { rows: 80_000, seed: 5, rowGroupRows: 2048 });
    await writeMadeCatalogue(join(desk.folder, 'few.parquet'), { rows: 50, seed: 6, rowGroupRows: 2048 });
    few = await readFile(join(desk.folder, 'few.parquet'));
    first = await published('first', 9);
    second = await published('second', 4);
    broken = await published('broken', 9, new TextEncoder().encode('no forest'));
    expect(await model('promote', first)).toMatchObject({ code: 0 });
  });
  afterAll(() => desk.close());

  const model = (...argv: readonly string[]): Promise<CommandOutcome> =>
    runModel(argv, desk.folder, desk.stack.environment);

  async function published(name: string, sugarsStep: number, onnx?: Uint8Array): Promise<string> {
    const changes = { sugarsStep, metrics: METRICS, ...(onnx === undefined ? {} : { onnx }) };
    const version = await writeTinyModel(join(desk.folder, name), changes);
    expect(await model('publish', name)).toMatchObject({ code: 0, stderr: '' });
    return version;
  }
  async function pointer(): Promise<CurrentModel> {
    const { Body } = await desk.clients.s3.send(new GetObjectCommand({ Bucket, Key: POINTER }));
    return pointers.parse(JSON.parse((await Body?.transformToString()) ?? ''));
  }
  /** By hand: no gate is asked. */
  const pointTo = (version: string, previous: CurrentModel['previous'] = []) =>
    desk.clients.s3.send(
      new PutObjectCommand({
        Bucket,
        Key: POINTER,
        Body: JSON.stringify({ version, promotedAt: new Date().toISOString(), previous }),
      }),
    );

  /** A small job from its file to its end. */
  async function smallJob(): Promise<JobRecord> {
    drops += 1;
    const key = `inbox/few-${drops}.parquet`;
    await desk.drop(key, few);
    return desk.closedJob(key);
  }
  /** Small jobs, one after the other, until one has this version. */
  async function plannedWith(version: string): Promise<JobRecord> {
    let job: JobRecord | undefined;
    const pinned = async (): Promise<string> => {
      job = await smallJob();
      return job.modelVersion;
    };
    await expect.poll(pinned, { timeout: PROMOTION_SEEN_MS, interval: 200 }).toBe(version);
    if (job === undefined) throw new Error('The poll made a job.');
    return job;
  }
  /** Versions with which the rows of a job were graded. */
  async function versionsOf(job: string): Promise<unknown[]> {
    const rows = await desk.query(`SELECT DISTINCT model_version AS v FROM {grades} WHERE job = '${job}'`);
    return rows.map(({ v }) => v);
  }

  it('grades with the promoted model', async () => {
    const { job, state } = await plannedWith(first);
    expect(state).toBe('succeeded');
    expect(await versionsOf(job)).toEqual([first]);
  });

  it('finishes a running job with the model that it was planned with, and grades the next with the new one', async () => {
    const ledger = createDynamoDbLedger(desk.clients.tables, RESOURCES.jobsTable);
    const { stdout } = await desk.nutrisage('submit', catalogue, '--json');
    const { job } = JSON.parse(stdout) as { job: string };
    const finished = async (): Promise<number> => (await ledger.job(job))?.finished ?? 0;
    await expect.poll(finished, { timeout: 30_000 }).toBeGreaterThan(0);
    expect(await model('promote', second)).toMatchObject({ code: 0, stderr: '' });
    expect(await ledger.job(job)).toMatchObject({ state: 'running', modelVersion: first });

    const next = await plannedWith(second);
    expect(await versionsOf(next.job)).toEqual([second]);
    await expect.poll(async () => (await ledger.job(job))?.state, { timeout: 60_000 }).toBe('succeeded');
    expect(await versionsOf(job)).toEqual([first]);
  });

  it('does not promote a broken model, by force neither', async () => {
    const { code, stderr } = await model('promote', broken, '--force');
    expect(code).toBe(1);
    expect(stderr).toContain('runtime: it is damaged');
    expect(await pointer()).toMatchObject({ version: second });
  });

  it('keeps the last good model when the pointer is moved to a broken one by hand, and says why', async () => {
    const { promotedAt, previous = [] } = await pointer();
    await pointTo(broken, [{ version: second, promotedAt }, ...previous]);
    const refusal = async (): Promise<unknown> => {
      expect(await smallJob()).toMatchObject({ state: 'succeeded', modelVersion: second });
      return logLines(desk).find((line) => line['code'] === 'model-damaged' && line['model'] === broken);
    };
    await expect.poll(refusal, { timeout: PROMOTION_SEEN_MS, interval: 200 }).toMatchObject({ kept: second });
    expect(await smallJob()).toMatchObject({ state: 'succeeded', modelVersion: second });
  });

  it('rolls back to the good ones, one after the other', async () => {
    expect(await model('rollback')).toMatchObject({ code: 0, stderr: '' });
    expect(await pointer()).toMatchObject({ version: second });
    expect(await model('rollback')).toMatchObject({ code: 0, stderr: '' });
    expect(await pointer()).toMatchObject({ version: first });
    await plannedWith(first);
  });

  it('fails a job with the reason where a worker starts on a broken model, until another is promoted', async () => {
    await pointTo(broken);
    const [pid = 0] = desk.stack.fleet?.pids ?? [];
    desk.stack.fleet?.kill(1, 'SIGTERM');
    await desk.stack.fleet?.readyAfter(1, pid);
    const { state, failure } = await smallJob();
    expect(state).toBe('failed');
    expect(failure).toMatchObject({
      code: 'model-damaged',
      remedy: expect.stringContaining('Promote'),
    });
    expect(await model('promote', first)).toMatchObject({ code: 0, stderr: '' });
    await plannedWith(first);
  });
});
