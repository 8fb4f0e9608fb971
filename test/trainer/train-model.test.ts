import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { FEATURE_NAMES } from '../../core/features/feature-table.ts';
import { modelVersion } from '../../core/models/model-version.ts';
import { NO_GRADE } from '../../schemas/grade.ts';
import { ModelManifest, ModelReference } from '../../schemas/model.ts';
import { createParser } from '../../schemas/parse.ts';
import { reportDataJson } from '../../trainer/report/report-data.ts';
import { NoSourcesError, readSources } from '../../trainer/rows/read-sources.ts';
import { splitProducts } from '../../trainer/rows/training-set.ts';
import { trainModel } from '../../trainer/train-model.ts';
import { madeSources } from './made-sources.ts';
import { library } from './small-forest.ts';

const MAIN = fileURLToPath(new URL('../../trainer/main.ts', import.meta.url));
const OPTIONS = {
  out: '',
  seed: 3,
  num_boost_round: 6,
  max_depth: 4,
  max_leaves: 12,
  eta: 0.3,
  subsample: 0.8,
  colsample_bytree: 0.9,
  min_child_weight: 0.3,
  reg_lambda: 1,
  gamma: 0,
  early_stopping_rounds: 0,
  refit_passes: 1,
  copies: 5,
  heldOut: 0.25,
  validation: 0.1,
  threads: 1,
  createdAt: '2026-01-01T00:00:00Z',
};

function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Two whole rows in the flat shape, one with a grade. */
async function writeProducts(path: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const values =
    '1000::FLOAT energy_100g, 10::FLOAT fat_100g, 4::FLOAT "saturated-fat_100g", 25::FLOAT carbohydrates_100g, ' +
    '5::FLOAT sugars_100g, 3::FLOAT fiber_100g, 8::FLOAT proteins_100g, 0.5::FLOAT salt_100g, ' +
    '0::FLOAT "fruits-vegetables-legumes_100g", \'en:breads\' categories_tags';
  await connection.run(`COPY (
    SELECT '3000000000001' code, 'd' nutriscore_grade, ${values}
    UNION ALL SELECT '3000000000002', NULL, ${values}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}

describe('readSources', () => {
  it('reads the rows of known files, in their units, without rows per serving', async () => {
    const { files, pool } = await readSources(madeSources(40));
    expect(files.map(({ name, rows }) => [name, rows])).toEqual([
      ['off-2017-imputed-made.csv', 40],
      ['off-2019-raw-made.csv', 40],
      ['off-spain-made.csv', 41],
    ]);
    const { energyKj, salt } = pool.columns.nutrients;
    const spain = [...pool.sources.keys()].filter((row) => pool.sources[row] === 1);
    for (const row of spain) {
      expect(energyKj[row]).toBeLessThan(3000);
      expect(salt[row]).toBeLessThanOrEqual(2);
    }
    expect(energyKj[spain[0] ?? 0]).toBeGreaterThan(100);
  });

  it('takes reported grades of the 2023 rules and none of 2017', async () => {
    const { pool } = await readSources(madeSources(10));
    pool.grades.forEach((grade, row) => {
      if (pool.sources[row] === 1) expect(grade).toBeLessThanOrEqual(4);
      else expect(grade).toBe(255);
    });
  });

  it('reads what was ingested, with its grades where it reports some', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nutrisage-ingested-'));
    const path = join(folder, 'products.parquet');
    await writeProducts(path);
    const { files, pool } = await readSources(folder);
    expect(files.map(({ rows }) => rows)).toEqual([2]);
    expect([...pool.grades]).toEqual([3, NO_GRADE]);
    expect(splitProducts(pool, 1, 0).training.grades).not.toContain(NO_GRADE);
  });

  it('says which files it looks for where a folder has none', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'nutrisage-'));
    await expect(readSources(empty)).rejects.toThrow(NoSourcesError);
    await expect(readSources(empty)).rejects.toThrow(/off-official-\*\.parquet/);
  });
});

describe('trainModel', () => {
  it('makes an artefact whose parts agree, the same bytes with one thread and with two', async () => {
    const options = { ...OPTIONS, data: madeSources(120) };
    const lines: string[] = [];
    const artefact = await trainModel(options, library(), (line) => lines.push(line));
    const manifest = createParser('manifest', ModelManifest).parse(artefact.manifest);
    const reference = createParser('reference', ModelReference).parse(JSON.parse(artefact.reference));
    expect(manifest.version).toBe(modelVersion(manifest));
    expect(manifest.onnx).toMatchObject({
      sha256: sha256(artefact.onnx),
      bytes: artefact.onnx.length,
    });
    expect(manifest.referenceSha256).toBe(sha256(artefact.reference));
    expect(manifest.features).toEqual(FEATURE_NAMES);
    expect(reference.features.map(({ name }) => name)).toEqual(FEATURE_NAMES);
    const { accepted = 0, grades, rows } = reference;
    expect(grades.reduce((sum, count) => sum + count, 0)).toBe(accepted);
    expect(rows).toBeGreaterThanOrEqual(accepted);
    expect(manifest.trainingData.rows).toBeGreaterThan(rows);
    expect(artefact.card).toContain('Open Food Facts contributors, openfoodfacts.org');
    expect(artefact.card).toContain(manifest.version);
    expect(lines.join('\n')).toMatch(/rounds kept, temperature/);
    expect(artefact.onnx.length).toBeGreaterThan(1000);
    expect(reportDataJson(artefact.reportData)).toContain('one tree of depth 6 a grade');
    const again = await trainModel({ ...options, threads: 2 }, library(), () => {});
    expect(again).toEqual(artefact);
  });
});

describe('npm run train', () => {
  function train(parameters: readonly string[], environment: Record<string, string> = {}) {
    return spawnSync(process.execPath, [MAIN, ...parameters], {
      encoding: 'utf8',
      env: { ...process.env, ...environment },
    });
  }

  it('writes the artefact and says what it does', () => {
    const out = join(mkdtempSync(join(tmpdir(), 'nutrisage-model-')), 'model');
    const few = ['--num-boost-round', '2', '--copies', '2', '--threads', '1'];
    const { status, stdout, stderr } = train(['--data', madeSources(60), '--out', out, ...few]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/read 60 rows of off-2017.*\n[\s\S]*training on \d+ rows[\s\S]*wrote /);
    expect(readdirSync(out).sort()).toEqual([
      'MODEL_CARD.md',
      'figures',
      'manifest.json',
      'model.onnx',
      'reference.json',
      'report-data.json',
      'report.html',
    ]);
    const manifest = createParser('manifest', ModelManifest).parse(
      JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')),
    );
    expect(manifest.version).toBe(modelVersion(manifest));
  });

  it('ends with code 2 and one line with the install command where libxgboost is missing', () => {
    const { status, stderr } = train(['--data', '.', '--out', 'unused'], {
      NUTRISAGE_XGBOOST_LIBRARY: '/no/such/library.so',
    });
    expect(status).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/apt-get install libxgboost0/);
  });

  it.each([
    [['--out', 'x'], /--data/],
    [['--data', '.', '--out', 'x', '--seed', 'one'], /--seed.*integer from 0/],
    [['--data', '.', '--out', 'x', '--created-at', 'noon'], /--created-at.*date and time/],
  ])('ends with code 2 on the arguments %j and names the wrong one', (parameters, message) => {
    const { status, stderr } = train(parameters);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('ends with code 1 where the folder has nothing to train on', () => {
    const empty = mkdtempSync(join(tmpdir(), 'nutrisage-'));
    const { status, stderr } = train(['--data', empty, '--out', join(empty, 'out')]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/no file that the trainer knows/);
  });
});
