/**
 * From an export to grades, with the commands that a person types: ingest, tune, train, publish, promote, and a
 * catalogue through the worker. Small, so that it takes a minute at most; how good a model is, others test.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeMadeCatalogue } from '../../local/demo/made-catalogue.ts';
import { DataCard } from '../../schemas/data-card.ts';
import { ModelManifest } from '../../schemas/model.ts';
import { ModelParameters } from '../../schemas/model-parameters.ts';
import { createParser } from '../../schemas/parse.ts';
import { type Desk, openDesk } from './harness.ts';

interface Run {
  readonly code: number;
  readonly output: string;
}

const ENTRIES = {
  ingest: '../../trainer/ingest/main.ts',
  tune: '../../trainer/tune/main.ts',
  train: '../../trainer/main.ts',
  model: '../../trainer/registry/main.ts',
} as const;
const ROWS = 4000;
const TRIALS = 3;
const ROUNDS = 40;

describe('an export, made into the model that grades', () => {
  let desk: Desk;
  let manifest: ModelManifest;

  const at = (name: string): string => join(desk.folder, name);
  const run = (entry: keyof typeof ENTRIES, ...argv: readonly string[]): Promise<Run> =>
    new Promise((resolve) => {
      execFile(
        process.execPath,
        [fileURLToPath(new URL(ENTRIES[entry], import.meta.url)), ...argv],
        { env: { ...process.env, ...desk.stack.environment }, maxBuffer: 64 * 2 ** 20 },
        (error, stdout, stderr) =>
          resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: `${stdout}${stderr}` }),
      );
    });
  const json = (name: string): unknown => JSON.parse(readFileSync(at(name), 'utf8'));
  const metric = (name: string): number => manifest.metrics[name] ?? Number.NaN;

  beforeAll(async () => {
    desk = await openDesk({ workers: 1 });
  });
  afterAll(() => desk.close());

  it('is ingested, with a card that counts every row', async () => {
    await writeMadeCatalogue(at('export.parquet'), { rows: ROWS, seed: 11, shape: 'nested' });
    const { code, output } = await run('ingest', '--source', at('export.parquet'), '--out', at('dataset'));
    expect(code, output).toBe(0);
    const card = createParser('card', DataCard).parse(json('dataset/data-card.json'));
    const { read, kept, dropped } = card.rows;
    expect(read).toBe(ROWS);
    expect(kept).toBeGreaterThan(0.8 * ROWS);
    expect(read).toBe(kept + Object.values(dropped).reduce((sum, count) => sum + count, 0));
  });

  it('is searched for parameters', async () => {
    mkdirSync(at('study'));
    const { code, output } = await run(
      ...(['tune', '--data', at('dataset'), '--study', at('study/study.jsonl')] as const),
      ...['--trials', String(TRIALS), '--copies', '1', '--held-out', '0.2', '--rows-per-second', '400000'],
    );
    expect(code, output).toBe(0);
    const best = createParser('best.json', ModelParameters).parse(json('study/best.json'));
    expect(best.num_boost_round).toBeGreaterThan(0);
  });

  it('trains a model with those parameters', async () => {
    const { code, output } = await run(
      ...(['train', '--data', at('dataset'), '--out', at('model')] as const),
      ...['--parameters', at('study/best.json'), '--num-boost-round', String(ROUNDS), '--copies', '2'],
    );
    expect(code, output).toBe(0);
    manifest = createParser('manifest', ModelManifest).parse(json('model/manifest.json'));
    expect(manifest.trainingData.sources).toContainEqual({ name: 'ingested', rows: expect.any(Number) });
    expect(metric('accuracy.without-sugars')).toBeGreaterThan(
      metric('rules_with_zero_accuracy.without-sugars'),
    );
    expect(metric('parity.difference_max')).toBeLessThanOrEqual(1e-5);
  });

  it('is published, promoted, and grades what is dropped in the inbox', async () => {
    const published = await run('model', 'publish', at('model'));
    expect(published.code, published.output).toBe(0);
    const promoted = await run('model', 'promote', manifest.version);
    expect(promoted.code, promoted.output).toBe(0);

    await writeMadeCatalogue(at('catalogue.parquet'), { rows: 500, seed: 12, shape: 'flat' });
    const bytes = await readFile(at('catalogue.parquet'));
    const graded = async (): Promise<string> => {
      const key = `inbox/catalogue-${performance.now()}.parquet`;
      await desk.drop(key, bytes);
      const { job, modelVersion, state } = await desk.closedJob(key);
      expect(state).toBe('succeeded');
      return modelVersion === manifest.version ? job : '';
    };
    await expect.poll(graded, { timeout: 30_000, interval: 500 }).not.toBe('');
  });
});
