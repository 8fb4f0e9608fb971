import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { FEATURE_NAMES, featureIndex } from '../../../core/features/feature-table.ts';
import type { ModelManifest } from '../../../schemas/model.ts';
import { createOnnxScorer } from '../../../worker/adapters/onnx-scorer.ts';
import type { LoadedModel } from '../../../worker/models/model-store.ts';
import { writeTinyModel } from '../../support/tiny-model.ts';

let model: LoadedModel;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nutrisage-model-'));
  await writeTinyModel(folder);
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as ModelManifest;
  model = { manifest, onnx: await readFile(join(folder, 'model.onnx')) };
  await rm(folder, { recursive: true });
});

/** Rows with these sugars and nothing else known. */
function rowsWithSugars(...sugars: readonly number[]): Float32Array {
  const features = new Float32Array(sugars.length * FEATURE_NAMES.length).fill(Number.NaN);
  sugars.forEach((amount, row) => {
    features[row * FEATURE_NAMES.length + featureIndex('sugars')] = amount;
  });
  return features;
}

describe('a scorer', () => {
  it('gives five probabilities a row, which add up to one', async () => {
    const scorer = await createOnnxScorer(model);
    expect(scorer.modelVersion).toBe(model.manifest.version);
    const probabilities = await scorer.score(rowsWithSugars(0, 20, Number.NaN), 3);
    expect(probabilities).toHaveLength(15);
    for (let row = 0; row < 3; row += 1) {
      const sum = probabilities.subarray(row * 5, row * 5 + 5).reduce((total, share) => total + share, 0);
      expect(sum).toBeCloseTo(1, 5);
    }
  });

  it('finds the best grade likeliest where there is the least sugar', async () => {
    const scorer = await createOnnxScorer(model);
    const [little = 0, , , , , much = 0] = await scorer.score(rowsWithSugars(0, 90), 2);
    expect(little).toBeGreaterThan(much);
  });

  it('scores a row the same alone and among others', async () => {
    const scorer = await createOnnxScorer(model);
    const alone = await scorer.score(rowsWithSugars(12), 1);
    const among = await scorer.score(rowsWithSugars(80, 12, 3), 3);
    expect([...among.subarray(5, 10)]).toEqual([...alone]);
  });

  it.each([
    ['other features', { features: ['energy'] }],
    ['the features in another order', { features: [...FEATURE_NAMES].reverse() }],
  ])('refuses a model with %s', async (_, change) => {
    const other = { ...model, manifest: { ...model.manifest, ...change } };
    await expect(createOnnxScorer(other)).rejects.toMatchObject({
      code: 'model-damaged',
      disposition: 'fail',
    });
  });

  it('refuses bytes that are no model', async () => {
    const broken = { ...model, onnx: new TextEncoder().encode('not a model') };
    await expect(createOnnxScorer(broken)).rejects.toMatchObject({ code: 'model-damaged' });
  });
});
