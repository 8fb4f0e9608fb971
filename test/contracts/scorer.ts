/** What every adapter of a model's scorer must do; `test/worker/adapters` runs it on each. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { FEATURE_NAMES, featureIndex } from '../../core/features/feature-table.ts';
import type { ModelManifest } from '../../schemas/model.ts';
import type { ComparableScorer, Engine } from '../../worker/grading/scorer.ts';
import type { LoadedModel } from '../../worker/models/model-store.ts';
import { type TinyModelChanges, writeTinyModel } from '../support/tiny-model.ts';

/** A model of five stumps, as it is loaded. */
export async function tinyModel(changes: TinyModelChanges = {}): Promise<LoadedModel> {
  const folder = await mkdtemp(join(tmpdir(), 'nutrisage-model-'));
  await writeTinyModel(folder, changes);
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as ModelManifest;
  const onnx = await readFile(join(folder, 'model.onnx'));
  await rm(folder, { recursive: true });
  return { manifest, onnx };
}

/** Rows with these sugars and nothing else known. */
export function rowsWithSugars(...sugars: readonly number[]): Float32Array {
  const features = new Float32Array(sugars.length * FEATURE_NAMES.length).fill(Number.NaN);
  sugars.forEach((amount, row) => {
    features[row * FEATURE_NAMES.length + featureIndex('sugars')] = amount;
  });
  return features;
}

export function describeScorer(
  engine: Engine,
  create: (model: LoadedModel) => Promise<ComparableScorer>,
): void {
  describe(`a scorer by ${engine}`, () => {
    let model: LoadedModel;
    beforeAll(async () => {
      model = await tinyModel();
    });

    it('says what it is', async () => {
      expect(await create(model)).toMatchObject({ modelVersion: model.manifest.version, engine });
    });

    it('gives five probabilities a row, which add up to one', async () => {
      const scorer = await create(model);
      const probabilities = await scorer.score(rowsWithSugars(0, 20, Number.NaN), 3);
      expect(probabilities).toHaveLength(15);
      for (let row = 0; row < 3; row += 1) {
        const sum = probabilities.subarray(row * 5, row * 5 + 5).reduce((total, share) => total + share, 0);
        expect(sum).toBeCloseTo(1, 5);
      }
    });

    it('finds the best grade likeliest where there is the least sugar', async () => {
      const scorer = await create(model);
      const [little = 0, , , , , much = 0] = await scorer.score(rowsWithSugars(0, 90), 2);
      expect(little).toBeGreaterThan(much);
    });

    it('scores a row the same alone and among others', async () => {
      const scorer = await create(model);
      const alone = await scorer.score(rowsWithSugars(12), 1);
      const among = await scorer.score(rowsWithSugars(80, 12, 3), 3);
      expect([...among.subarray(5, 10)]).toEqual([...alone]);
    });

    it('labels a row with the number of its likeliest grade', async () => {
      const scorer = await create(model);
      const rows = rowsWithSugars(1, 12, 21, 30, 90);
      const probabilities = await scorer.score(rows, 5);
      const likeliest = [0, 1, 2, 3, 4].map((row) => {
        const shares = probabilities.subarray(row * 5, row * 5 + 5);
        return shares.indexOf(Math.max(...shares));
      });
      expect([...(await scorer.label(rows, 5))]).toEqual(likeliest);
    });

    it('gives the same at once, where it can', async () => {
      const scorer = await create(model);
      const rows = rowsWithSugars(3, 33);
      const atOnce = scorer.scoreSync?.(rows, 2);
      if (atOnce !== undefined) expect(atOnce).toEqual(await scorer.score(rows, 2));
      expect(atOnce === undefined).toBe(engine === 'onnxruntime');
      await scorer.release();
    });

    it.each([
      ['other features', { features: ['energy'] }],
      ['the features in another order', { features: [...FEATURE_NAMES].reverse() }],
    ])('refuses a model with %s', async (_, change) => {
      const other = { ...model, manifest: { ...model.manifest, ...change } };
      await expect(create(other)).rejects.toMatchObject({ code: 'model-damaged', disposition: 'fail' });
    });
  });
}
