import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { referenceBins } from '../../../core/drift/drift-report.ts';
import { mergeHistograms } from '../../../core/drift/merge-histograms.ts';
import { readForest } from '../../../core/forest/read-forest.ts';
import type { GradedColumns } from '../../../core/parquet/graded-columns.ts';
import type { FileReference } from '../../../schemas/file-reference.ts';
import type { ShardMessage } from '../../../schemas/messages.ts';
import type { ModelManifest } from '../../../schemas/model.ts';
import { RESOURCES } from '../../../schemas/names.ts';
import { createForestScorer } from '../../../worker/adapters/forest-scorer.ts';
import { createOnnxScorer } from '../../../worker/adapters/onnx-scorer.ts';
import { createS3ObjectStore } from '../../../worker/adapters/s3-object-store.ts';
import { type GradeShardPorts, gradeShard } from '../../../worker/grading/grade-shard.ts';
import type { ComparableScorer } from '../../../worker/grading/scorer.ts';
import { duckDbParquet, queryRows } from '../../core/parquet/parquet-files.ts';
import { createClients, type TestClients } from '../../support/clients.ts';
import { plainReference } from '../../support/drift-reference.ts';
import { shardMessage } from '../../support/records.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { writeTinyModel } from '../../support/tiny-model.ts';
import { freshJob } from '../worker-bench.ts';

/** Three row groups of 2,048 rows; every tenth row has no code, every seventh more sugars than anything has. */
const PRODUCTS = `
  SELECT CASE WHEN i % 10 = 0 THEN NULL ELSE lpad(i::VARCHAR, 13, '0') END AS code,
    1500.0 AS energy_100g, 1.0 AS "saturated-fat_100g", 10.0 AS fat_100g, 60.0 AS carbohydrates_100g,
    CASE WHEN i % 7 = 0 THEN 1000.0 ELSE i % 50 END AS sugars_100g,
    2.0 AS fiber_100g, 8.0 AS proteins_100g, 0.5 AS salt_100g, 'en:biscuits' AS categories_tags
  FROM range(6144) rows(i)`;
const SHARD_ROWS = 4096;

let stack: TestStack;
let clients: TestClients;
let ports: GradeShardPorts;
let input: FileReference;
let message: ShardMessage;
let folder: string;
let written: GradedColumns[];
let byOnnxRuntime: ComparableScorer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nutrisage-model-'));
  await writeTinyModel(folder);
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as ModelManifest;
  const onnx = await readFile(join(folder, 'model.onnx'));
  const scorer = createForestScorer(manifest, readForest(onnx));
  byOnnxRuntime = await createOnnxScorer({ manifest, onnx });
  stack = await startTestStack();
  clients = createClients(stack.servers);
  const store = createS3ObjectStore(clients.s3);
  ports = {
    store,
    dataBucket: RESOURCES.dataBucket,
    scorer,
    bins: referenceBins(plainReference()),
    sink: {
      async write(rows) {
        written.push(rows);
      },
    },
    rowGroupBytesMax: 2 ** 24,
    now: () => performance.now(),
    interrupted: () => false,
  };
  const bytes = await duckDbParquet(PRODUCTS, 'ROW_GROUP_SIZE 2048');
  await store.put(RESOURCES.dataBucket, 'uploads/products.parquet', bytes, 'application/octet-stream');
  input = await store.head(RESOURCES.dataBucket, 'uploads/products.parquet');
});
afterAll(async () => {
  clients.destroy();
  await stack.stop();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  written = [];
  message = shardMessage({
    job: freshJob(),
    input,
    shard: 1,
    rowGroups: { first: 1, count: 2 },
    rows: SHARD_ROWS,
    firstRowNumber: 10_000,
    modelVersion: ports.scorer.modelVersion,
  });
});

const read = (key: string | null): Promise<Uint8Array> => ports.store.read(ports.dataBucket, key ?? '');

describe('a shard', () => {
  it('has every row graded or rejected, numbered as the message says', async () => {
    const { counts, outputs, kind } = await gradeShard(ports, message);
    expect(kind).toBe('written');
    expect(counts.rows).toBe(SHARD_ROWS);
    expect(counts.graded + counts.rejected).toBe(SHARD_ROWS);
    expect(outputs.grades).toBe(`grades/date=2026-11-23/job=${message.job}/0000-000001.parquet`);
    const files = { 'g.parquet': await read(outputs.grades), 'r.parquet': await read(outputs.rejects) };
    const [whole] = await queryRows(
      `SELECT count(*)::INT AS rows, count(DISTINCT row_number)::INT AS numbers,
         min(row_number)::INT AS first, max(row_number)::INT AS last,
         count(*) FILTER (rejected)::INT AS rejected
       FROM (SELECT row_number, false AS rejected FROM 'g.parquet'
         UNION ALL SELECT row_number, true FROM 'r.parquet')`,
      files,
    );
    expect(whole).toEqual({
      rows: SHARD_ROWS,
      numbers: SHARD_ROWS,
      first: 10_000,
      last: 10_000 + SHARD_ROWS - 1,
      rejected: counts.rejected,
    });
    const [code] = await queryRows("SELECT code FROM 'g.parquet' WHERE row_number = 10001", files);
    expect(code).toEqual({ code: '0000000002049' });
  });

  it('has the same bytes whichever engine grades it', async () => {
    const outputs = [ports.scorer, byOnnxRuntime].map(async (scorer) => {
      const shard = await gradeShard({ ...ports, scorer }, { ...message, job: freshJob() });
      return [await read(shard.outputs.grades), await read(shard.outputs.rejects)].map((part) =>
        createHash('sha256').update(part).digest('hex'),
      );
    });
    const [own, theirs] = await Promise.all(outputs);
    expect(own).toEqual(theirs);
  });

  it('counts what it wrote: grades, sources, agreement and reasons', async () => {
    const { counts, outputs } = await gradeShard(ports, message);
    const [told] = await queryRows(
      `SELECT count(*) FILTER (grade = 'a')::INT AS a, count(*) FILTER (grade = 'e')::INT AS e,
         count(*) FILTER (grade_source = 'official')::INT AS official,
         count(*) FILTER (official_status = 'provisional')::INT AS provisional,
         count(*) FILTER (official_status = 'final' AND official_grade = model_grade)::INT AS agreed
       FROM 'g.parquet'`,
      { 'g.parquet': await read(outputs.grades) },
    );
    expect(told).toEqual({
      a: counts.grades.a,
      e: counts.grades.e,
      official: counts.official,
      provisional: counts.provisional,
      agreed: counts.agreed,
    });
    const { a, b, c, d, e } = counts.grades;
    expect(a + b + c + d + e).toBe(counts.graded);
    expect(counts.official + counts.model).toBe(counts.graded);
    const reasons = Object.values(counts.rejectReasons);
    expect(Object.keys(counts.rejectReasons).length).toBeGreaterThanOrEqual(2);
    expect(reasons.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(counts.rejected);
  });

  it('is counted for drift: every row, and the model’s grade of the graded ones', async () => {
    const { counts, histograms, outputs } = await gradeShard(ports, message);
    expect(histograms).toMatchObject({ rows: SHARD_ROWS, accepted: counts.graded });
    const { counts: bins = [], missing = 0, above = 0 } = histograms?.columns['sugars'] ?? {};
    expect(bins.reduce((sum, count) => sum + count, missing)).toBe(SHARD_ROWS);
    expect(above).toBe(counts.rejectReasons['value-over-105']);
    const [told] = await queryRows(
      `SELECT ${['a', 'b', 'c', 'd', 'e'].map((grade) => `count(*) FILTER (model_grade = '${grade}')::INT AS ${grade}`).join(', ')} FROM 'g.parquet'`,
      { 'g.parquet': await read(outputs.grades) },
    );
    expect(histograms?.grades).toEqual(Object.values(told ?? {}));
  });

  it('is counted to the same sums whole and in parts', async () => {
    const whole = await gradeShard(ports, message);
    const part = (first: number) =>
      gradeShard(ports, {
        ...message,
        rowGroups: { first, count: 1 },
        rows: SHARD_ROWS / 2,
        firstRowNumber: 10_000 + (first - 1) * (SHARD_ROWS / 2),
      });
    const parts = [await part(1), await part(2)];
    const merged = mergeHistograms(parts.flatMap(({ histograms }) => histograms ?? []));
    expect(JSON.stringify(merged)).toBe(JSON.stringify(whole.histograms));
  });

  it('is graded as well where the model has no bins', async () => {
    const { histograms, counts } = await gradeShard({ ...ports, bins: undefined }, message);
    expect(histograms).toBeUndefined();
    expect(counts.rows).toBe(SHARD_ROWS);
  });

  it('leaves the same bytes when it is graded again', async () => {
    const first = await gradeShard(ports, message);
    const parts = [await read(first.outputs.grades), await read(first.outputs.rejects)];
    const second = await gradeShard(ports, message);
    expect(second.outputs).toEqual(first.outputs);
    expect(second.counts).toEqual(first.counts);
    const again = [await read(second.outputs.grades), await read(second.outputs.rejects)];
    expect(again.every((bytes, index) => Buffer.compare(bytes, parts[index] ?? Buffer.alloc(0)) === 0)).toBe(
      true,
    );
  });

  it('hands its graded rows to the grades table, and does without one', async () => {
    const { counts } = await gradeShard(ports, message);
    expect(written.map(({ rowCount }) => rowCount)).toEqual([counts.graded]);
    await expect(gradeShard({ ...ports, sink: undefined }, message)).resolves.toMatchObject({ counts });
  });

  it('writes no file for a dataset without rows', async () => {
    const bytes = await duckDbParquet(
      'SELECT NULL::VARCHAR AS code, 10.0 AS energy_100g, 1.0 AS sugars_100g, 1.0 AS fat_100g FROM range(3)',
    );
    await ports.store.put(ports.dataBucket, 'uploads/no-codes.parquet', bytes, 'application/octet-stream');
    const noCodes = await ports.store.head(ports.dataBucket, 'uploads/no-codes.parquet');
    const { outputs, counts } = await gradeShard(ports, {
      ...message,
      input: noCodes,
      rowGroups: { first: 0, count: 1 },
      rows: 3,
    });
    expect(counts).toMatchObject({ rows: 3, graded: 0, rejected: 3 });
    expect(outputs.grades).toBeNull();
    expect(outputs.rejects).not.toBeNull();
  });

  it.each([
    ['fewer', SHARD_ROWS + 1],
    ['more', SHARD_ROWS - 1],
    ['far more', 1],
  ])('is damaged when it has %s rows than were planned', async (_, rows) => {
    const failure = await gradeShard(ports, { ...message, rows }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'damaged-parquet' });
    expect((failure as Error).message).toContain(`${rows}`);
    expect(written).toEqual([]);
  });

  it('fails when its file was replaced after it was planned', async () => {
    const stale = { ...input, etag: '0'.repeat(32) };
    await expect(gradeShard(ports, { ...message, input: stale })).rejects.toMatchObject({
      code: 'object-changed',
    });
  });

  it.each([1, 2, 4])('stops at the %i. look at the flag, having written no items', async (look) => {
    let looks = 0;
    const interrupted = (): boolean => {
      looks += 1;
      return looks >= look;
    };
    await expect(gradeShard({ ...ports, interrupted }, message)).rejects.toMatchObject({
      code: 'interrupted',
    });
    expect(looks).toBe(look);
    expect(written).toEqual([]);
  });

  it('lets go of the reader when it is stopped between two batches', async () => {
    const letGo = vi.spyOn(ReadableStreamDefaultReader.prototype, 'cancel');
    let scored = false;
    const scorer: GradeShardPorts['scorer'] = {
      ...ports.scorer,
      async score(features, rowCount) {
        scored = true;
        return ports.scorer.score(features, rowCount);
      },
    };
    try {
      await expect(
        gradeShard({ ...ports, scorer, interrupted: () => scored }, message),
      ).rejects.toMatchObject({ code: 'interrupted' });
      expect(letGo).toHaveBeenCalledOnce();
    } finally {
      letGo.mockRestore();
    }
  });
});
