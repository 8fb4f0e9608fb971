import { describe, expect, it } from 'vitest';
import { readForest } from '../../../core/forest/read-forest.ts';
import { createForestScorer } from '../../../worker/adapters/forest-scorer.ts';
import { createOnnxScorer } from '../../../worker/adapters/onnx-scorer.ts';
import type { LoadedModel } from '../../../worker/models/model-store.ts';
import { describeScorer, rowsWithSugars, tinyModel } from '../../contracts/scorer.ts';
import { firstDifference } from '../../core/forest/runtime.ts';

const create = async ({ manifest, onnx }: LoadedModel) => createForestScorer(manifest, readForest(onnx));

describeScorer('forest', create);

describe('the kernel’s scorer', () => {
  it('gives the bits that ONNX Runtime gives', async () => {
    const model = await tinyModel();
    const rows = rowsWithSugars(0, 2, 10.999, 11, Number.NaN, 20, 29, 38.5, 1e9, -0);
    const [own, theirs] = await Promise.all([create(model), createOnnxScorer(model)]);
    expect(firstDifference(await own.score(rows, 10), await theirs.score(rows, 10))).toBeUndefined();
  });

  it.each([
    ['numbers of another count', { outputCount: 4 }],
    ['another width', { featureCount: 12 }],
    ['scores of another name', { outputNames: { label: 'label', scores: 'p' } }],
    ['text labels', { labels: ['a', 'b', 'c', 'd', 'e'] }],
  ])('leaves a forest with %s to others', async (_, change) => {
    const { manifest, onnx } = await tinyModel();
    const forest = { ...readForest(onnx), ...change };
    expect(() => createForestScorer(manifest, forest)).toThrow(/it makes \d numbers called/);
  });
});
