/** What operators see: drift over all shards, metrics in both forms, and one name through all logs. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHistogramCounter } from '../../core/drift/count-histograms.ts';
import { driftAgainstTraining, referenceBins } from '../../core/drift/drift-report.ts';
import { encodeFeatures } from '../../core/features/encode-features.ts';
import { parsePrometheus } from '../../core/metrics/parse-prometheus.ts';
import type { Snapshot } from '../../core/metrics/registry.ts';
import { memoryByteSource } from '../../core/parquet/byte-source.ts';
import { openItemFile } from '../../core/parquet/open-item-file.ts';
import { validate } from '../../core/validation/validate.ts';
import { writeMadeCatalogue } from '../../local/demo/made-catalogue.ts';
import type { JobSummary } from '../../schemas/job-summary.ts';
import type { ModelReference } from '../../schemas/model.ts';
import { ENVIRONMENT, RESOURCES } from '../../schemas/names.ts';
import { referenceOf } from '../../trainer/evaluate/reference-histograms.ts';
import { madeCatalogue } from '../support/catalogue-rows.ts';
import { writeTinyModel } from '../support/tiny-model.ts';
import { type Desk, logLines, openDesk } from './harness.ts';

const ROWS = 12_000;
const SHARDS = 6;

let folder: string;
let desk: Desk;
let reference: ModelReference;
let summary: JobSummary;
let correlation: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nutrisage-monitored-'));
  const modelFolder = join(folder, 'model');
  // Trained on another catalogue of the same maker.
  reference = referenceOf(await madeCatalogue(20_000, 7), ({ rowCount }) => new Uint8Array(rowCount));
  await writeTinyModel(modelFolder, { reference, metrics: { 'accuracy.complete': 0.98 } });
  desk = await openDesk({
    workers: 2,
    modelFolder,
    workerEnvironment: {
      [ENVIRONMENT.threads]: '1',
      [ENVIRONMENT.shardRows]: '2048',
      [ENVIRONMENT.metrics]: 'emf',
      [ENVIRONMENT.metricsSeconds]: '1',
      [ENVIRONMENT.metricsPort]: '0',
    },
  });
  const catalogue = join(folder, 'catalogue.parquet');
  await writeMadeCatalogue(catalogue, { rows: ROWS, seed: 3, shape: 'flat', rowGroupRows: 2048 });
  const { code, stdout, stderr } = await desk.nutrisage('submit', catalogue, '--wait', '--json');
  expect(code, stderr).toBe(0);
  ({ summary, correlation } = JSON.parse(stdout));
});
afterAll(async () => {
  await desk.close();
  await rm(folder, { recursive: true });
});

describe('a job of several shards on two workers', () => {
  it('has the drift of the whole file, as if one had counted it', async () => {
    expect(summary.shards).toEqual({ planned: SHARDS, done: SHARDS, failed: 0 });
    const counter = createHistogramCounter(referenceBins(reference) ?? []);
    const bytes = await readFile(join(folder, 'catalogue.parquet'));
    const file = await openItemFile(memoryByteSource(bytes), { name: 'whole', rowGroupBytesMax: 2 ** 28 });
    for await (const batch of file.readBatches({ first: 0, count: file.rowGroups.length }, 0)) {
      const items = validate(batch);
      counter.add(items, encodeFeatures(items, items.acceptedRows));
    }
    file.close();
    const whole = driftAgainstTraining(summary.modelVersion, reference, counter.finish(new Uint8Array()));
    expect(summary.drift).toMatchObject({ rows: ROWS, accepted: summary.counts.graded });
    expect(summary.drift?.features).toEqual(whole.features);
    const graded = summary.drift?.grades.current ?? [];
    expect(graded.reduce((sum, count) => sum + count, 0)).toBe(summary.counts.graded);
  });

  it('has a page beside its summary', async () => {
    const object = { Bucket: RESOURCES.dataBucket, Key: summary.outputs.report };
    const { Body, ContentType } = await desk.clients.s3.send(new GetObjectCommand(object));
    expect(ContentType).toBe('text/html; charset=utf-8');
    expect(await Body?.transformToString()).toContain('<h1>catalogue.parquet</h1>');
    const out = join(folder, 'fetched');
    const { code } = await desk.nutrisage('download', summary.job, '--out', out);
    expect(code).toBe(0);
    expect(await readFile(join(out, summary.outputs.report ?? ''), 'utf8')).toContain('catalogue.parquet');
  });

  it('is told by `nutrisage drift`', async () => {
    const { code, stdout } = await desk.nutrisage('drift', summary.job);
    expect(code).toBe(0);
    expect(stdout).toContain('features are spread as in training');
  });

  it('is in the metrics of the workers, each row once', async () => {
    const addresses = desk.stack.fleet?.metricsAddresses ?? [];
    expect(addresses).toHaveLength(2);
    const texts = await Promise.all(addresses.map(async (address) => (await fetch(address)).text()));
    const snapshot: Snapshot = texts.flatMap(parsePrometheus);
    const sum = (metric: string, label = ''): number =>
      snapshot
        .filter((series) => series.metric === metric && Object.values(series.labels).join() === label)
        .reduce((all, series) => all + ('value' in series ? series.value : 0), 0);
    expect(sum('RowsRead')).toBe(ROWS);
    expect(sum('RowsRejected')).toBe(summary.counts.rejected);
    expect(sum('ShardsFinished', 'done')).toBe(SHARDS);
    expect(sum('JobsClosed', 'succeeded')).toBe(1);
    expect(sum('RowsAgreed')).toBe(summary.counts.agreed);
    const live = await fetch(addresses[0]?.replace('/metrics', '/health/live') ?? '');
    expect(live.status).toBe(200);
  });

  it('can be followed by one name from its submission to its end', async () => {
    const ofJob = logLines(desk).filter((line) => line['job'] === summary.job);
    expect(ofJob.length).toBeGreaterThanOrEqual(SHARDS + 2);
    for (const line of ofJob) expect(line['correlation']).toBe(correlation);
  });

  it('dropped in the inbox is named by the request that put it there', async () => {
    const bytes = await readFile(join(folder, 'catalogue.parquet'));
    await desk.drop('inbox/shop.parquet', bytes);
    const job = await desk.closedJob('inbox/shop.parquet');
    expect(job.correlation).toMatch(/^[0-9A-Z]{16}$/);
    // The line about the close follows the close.
    const messages = () => logLines(desk).filter((line) => line['correlation'] === job.correlation);
    await expect
      .poll(() => messages().map(({ msg }) => msg), { timeout: 10_000 })
      .toEqual(expect.arrayContaining(['job planned', 'shard done', 'job closed']));
  });

  it('went to standard output in the embedded metric format, nothing lost and nothing twice', async () => {
    await desk.stack.fleet?.stop();
    const documents = logLines(desk).filter((line) => '_aws' in line);
    const sum = (name: string): number =>
      documents.reduce((all, document) => all + Number(document[name] ?? 0), 0);
    // The file went through twice: submitted, and dropped.
    expect(sum('RowsRead')).toBe(2 * ROWS);
    expect(sum('ShardsFinished')).toBe(2 * SHARDS);
    const workers = new Set(documents.map(({ worker }) => worker));
    expect([...workers].sort()).toEqual(['worker-1', 'worker-2']);
    expect(documents.some(({ modelVersion }) => modelVersion === summary.modelVersion)).toBe(true);
  });
});
