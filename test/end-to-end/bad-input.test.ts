import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { duckDbParquet } from '../core/parquet/parquet-files.ts';
import { type Desk, openDesk } from './harness.ts';

const GOOD = `SELECT lpad(range::VARCHAR, 13, '0') AS code, 900 + range % 90 AS energy_100g, 3.0 AS fat_100g,
  1.0 AS "saturated-fat_100g", 40.0 AS carbohydrates_100g, 5.0 AS sugars_100g, 2.5 AS fiber_100g,
  6.0 AS proteins_100g, 0.5 AS salt_100g, ['en:breads'] AS categories_tags FROM range(3000)`;

/** Each file is dropped in the inbox; its job must fail with this code and say this. */
const FILES: readonly (readonly [string, string, RegExp, () => Promise<Uint8Array>])[] = [
  ['an empty file', 'empty-file', /empty/i, async () => new Uint8Array()],
  ['a CSV', 'not-parquet', /not (a )?Parquet/i, async () => text('code,energy_100g\n1,2\n'.repeat(50))],
  ['a file of four bytes', 'truncated-parquet', /Parquet/, async () => text('PAR1')],
  ['a truncated file', 'truncated-parquet', /end|truncated|cut/i, async () => (await good()).slice(0, 5000)],
  ['a file without rows', 'no-rows', /without any rows/, () => duckDbParquet(`${GOOD} LIMIT 0`)],
  ['other columns', 'unrecognised-columns', /sku/, () => duckDbParquet("SELECT 'a' AS sku, 1.5 AS price")],
  [
    'a text where a number belongs',
    'wrong-column-type',
    /energy_100g/,
    () => duckDbParquet(`SELECT * REPLACE ('many' AS energy_100g) FROM (${GOOD})`),
  ],
  [
    'a row group above the ceiling',
    'row-group-too-large',
    /row group/i,
    () => duckDbParquet(GOOD.replace('range(3000)', 'range(100000)'), 'ROW_GROUP_SIZE 102400'),
  ],
];

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const good = (): Promise<Uint8Array> => duckDbParquet(GOOD, 'ROW_GROUP_SIZE 2048');

describe('bad input', () => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await openDesk({
      receivesMax: 2,
      visibilitySeconds: 5,
      workerEnvironment: { NUTRISAGE_ROW_GROUP_BYTES_MAX: String(2 ** 20), NUTRISAGE_THREADS: '1' },
    });
  });
  afterAll(() => desk.close());

  it.each(FILES)('%s fails its job as %s', async (name, code, message, makeFile) => {
    const key = `inbox/${name}.parquet`;
    await desk.drop(key, await makeFile());
    const job = await desk.closedJob(key);
    expect(job.state).toBe('failed');
    expect(job.failure?.code).toBe(code);
    expect(job.failure?.message).toMatch(message);
    expect(job.failure?.message).toContain(name);
    expect(job.failure?.remedy.length).toBeGreaterThan(10);
    const listed = await desk.nutrisage('dlq', 'list', '--json');
    expect(listed.stdout).toContain(code);
  });

  it('damage within the pages fails the job with the reason', async () => {
    const bytes = await good();
    // From within the first row group's pages to well before its end; footer and second group stay whole.
    bytes.fill(0xff, 600, 1400);
    await desk.drop('inbox/damaged.parquet', bytes);
    const job = await desk.closedJob('inbox/damaged.parquet', 60_000);
    expect(job.state).toBe('failed');
    const { stdout } = await desk.nutrisage('status', job.job, '--json');
    expect(stdout).toContain('damaged-parquet');
  });

  it('a bad file among good ones fails alone', async () => {
    await desk.drop('uploads/mixed/good.parquet', await good());
    await desk.drop('uploads/mixed/bad.parquet', text('PAR1 this is none PAR1'));
    const { code, stdout } = await desk.nutrisage(
      'submit',
      's3://nutrisage-data/uploads/mixed/',
      '--wait',
      '--json',
    );
    expect(code).toBe(1);
    const { summary, state } = JSON.parse(stdout);
    expect(state).toBe('partly failed');
    expect(summary.counts).toMatchObject({ rows: 3000, graded: 3000 });
    const failed = summary.files.filter((file: { failure?: { code: string } }) => file.failure !== undefined);
    expect(failed).toHaveLength(1);
  });

  it('NaN is absent, infinite values are rejected, and duplicate codes are graded and flagged', async () => {
    const rows = `SELECT * REPLACE (
        CASE WHEN row < 10 THEN 'NaN'::DOUBLE WHEN row < 30 THEN 'Infinity'::DOUBLE ELSE 2.5 END AS fiber_100g,
        CASE WHEN row < 50 THEN '4000000000001' ELSE code END AS code)
      FROM (SELECT *, (row_number() OVER () - 1)::INTEGER AS row FROM (${GOOD}))`;
    await desk.drop('inbox/odd.parquet', await duckDbParquet(rows));
    const job = await desk.closedJob('inbox/odd.parquet');
    const { stdout } = await desk.nutrisage('status', job.job, '--json');
    const { counts } = JSON.parse(stdout).summary;
    expect(counts).toMatchObject({ rows: 3000, graded: 2980, rejected: 20 });
    expect(counts.rejectReasons).toEqual({ 'value-not-finite': 20 });
    expect(counts.warnings).toMatchObject({ 'fibre-absent': 10, 'duplicate-code': 29 });
    const shown = JSON.parse(
      (await desk.nutrisage('show', '4000000000001', '--limit', '50', '--json')).stdout,
    );
    expect([shown.latest, ...shown.earlier]).toHaveLength(30);
    expect(shown.latest.rowNumber).toBe(49);
  });

  it.each([
    ['not JSON', 'hello'],
    ['of no known kind', JSON.stringify({ kind: 'pancake' })],
    ['a shard without its file', JSON.stringify({ kind: 'shard', version: 1, job: '0123456789abcdef' })],
  ])('a message that is %s goes to the dead-letter queue with the reason', async (_name, body) => {
    const before = (await desk.depths()).dead;
    await desk.clients.sqs.send(
      new SendMessageCommand({
        QueueUrl: desk.stack.environment[ENVIRONMENT.jobsQueueUrl],
        MessageBody: body,
      }),
    );
    await expect.poll(async () => (await desk.depths()).dead, { timeout: 10_000 }).toBe(before + 1);
    expect((await desk.nutrisage('dlq', 'list', '--json')).stdout).toContain('malformed-message');
  });

  it('an event of an object that is gone, or of a bucket that never was, fails with the reason', async () => {
    const event = (bucket: string, key: string): string =>
      JSON.stringify({
        Records: [
          {
            eventSource: 'aws:s3',
            eventName: 'ObjectCreated:Put',
            s3: { bucket: { name: bucket }, object: { key, size: 10, eTag: 'abc', sequencer: '01' } },
          },
        ],
      });
    const send = (MessageBody: string) =>
      desk.clients.sqs.send(
        new SendMessageCommand({ QueueUrl: desk.stack.environment[ENVIRONMENT.jobsQueueUrl], MessageBody }),
      );
    await send(event('nutrisage-data', 'inbox/gone.parquet'));
    expect((await desk.closedJob('inbox/gone.parquet')).failure?.code).toBe('object-missing');
    await send(event('nutrisage-nowhere', 'inbox/lost.parquet'));
    expect((await desk.closedJob('inbox/lost.parquet')).failure?.code).toBe('bucket-missing');
  });

  it('leaves the worker grading as before', async () => {
    await desk.drop('inbox/good.parquet', await good());
    expect(await desk.closedJob('inbox/good.parquet')).toMatchObject({ state: 'succeeded', rows: 3000 });
  });
});
