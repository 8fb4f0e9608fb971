import { describe, expect, it } from 'vitest';
import { readForest } from '../../core/forest/read-forest.ts';
import { onnxBytes } from '../../trainer/onnx/onnx-model.ts';
import {
  checkParity,
  mostProbable,
  PARITY_DIFFERENCE_MAX,
  ParityError,
} from '../../trainer/onnx/onnx-parity.ts';
import { readBaseScore, readBoosterJson } from '../../trainer/onnx/tree-ensemble.ts';
import { trainSmallForest } from './small-forest.ts';

describe('the ONNX export', () => {
  it.each([
    ['full levels', {}],
    ['leaf by leaf', { tree_method: 'hist', grow_policy: 'lossguide', max_leaves: 9 }],
    ['trees without a split', { min_split_loss: 1e9 }],
    ['another base score', { base_score: 0.25 }],
  ])('predicts what XGBoost does, missing values too: %s', async (_, parameters) => {
    const { json, rows, probabilities } = trainSmallForest(6, parameters);
    const parity = await checkParity(onnxBytes(readBoosterJson(json)), rows, probabilities);
    expect(parity.rows).toBe(rows.rowCount);
    expect(parity.differenceMax).toBeLessThanOrEqual(PARITY_DIFFERENCE_MAX);
    expect(parity.differentLabels).toBe(0);
  });

  it('tells explanations how many rows came to each node', () => {
    const { json } = trainSmallForest(3);
    const { covers } = readForest(onnxBytes(readBoosterJson(json))).nodes;
    // Second derivatives of 3,000 rows whose classes are equally likely: 2 p (1 - p) each.
    expect(covers?.[0]).toBeCloseTo(3000 * 2 * 0.2 * 0.8, 0);
  });

  it('is refused when one leaf differs', async () => {
    const { json, rows, probabilities } = trainSmallForest(3);
    const ensemble = readBoosterJson(json);
    const weights = ensemble.leaves.weights.map((weight, leaf) => (leaf === 0 ? weight + 0.5 : weight));
    const changed = onnxBytes({ ...ensemble, leaves: { ...ensemble.leaves, weights } });
    await expect(checkParity(changed, rows, probabilities)).rejects.toThrow(ParityError);
  });

  it('is refused when missing values go the other way', async () => {
    const { json, rows, probabilities } = trainSmallForest(3);
    const ensemble = readBoosterJson(json);
    const missingTracksTrue = ensemble.nodes.missingTracksTrue.map((tracks) => 1 - tracks);
    const changed = onnxBytes({ ...ensemble, nodes: { ...ensemble.nodes, missingTracksTrue } });
    await expect(checkParity(changed, rows, probabilities)).rejects.toThrow(/probabilities differ/);
  });

  it('counts a prediction that is no number as a difference', async () => {
    const { json, rows, probabilities } = trainSmallForest(1);
    const broken = probabilities.map((share, at) => (at === 7 ? Number.NaN : share));
    await expect(checkParity(onnxBytes(readBoosterJson(json)), rows, broken)).rejects.toThrow(ParityError);
  });
});

describe('readBoosterJson', () => {
  it('knows trees, depth and width', () => {
    const ensemble = readBoosterJson(trainSmallForest(3).json);
    expect(ensemble).toMatchObject({ treeCount: 15, classCount: 5, featureCount: 4 });
    expect(ensemble.maxDepth).toBeLessThanOrEqual(5);
    expect(ensemble.leaves.trees).toHaveLength(ensemble.nodes.isLeaf.filter((isLeaf) => isLeaf === 1).length);
  });

  it('refuses splits on categories', () => {
    const json = trainSmallForest(1).json.replace(/"split_type":\[0/, '"split_type":[1');
    expect(() => readBoosterJson(json)).toThrow(/categories/);
  });

  it('refuses what is no booster', () => {
    expect(() => readBoosterJson('{"learner":{}}')).toThrow(/booster/);
  });

  it.each([
    ['5E-1', [0.5, 0.5, 0.5]],
    ['[5E-1]', [0.5, 0.5, 0.5]],
    ['[1E-1,2E-1,3E-1]', [0.1, 0.2, 0.3]],
  ])('reads the base score %s of 1.7 and of later versions', (written, scores) => {
    expect(readBaseScore(written, 3)).toEqual(scores);
  });

  it.each(['[1,2]', '"x"', 'null2'])('refuses the base score %s', (written) => {
    expect(() => readBaseScore(written, 3)).toThrow();
  });
});

describe('mostProbable', () => {
  it('takes the first of equals', () => {
    expect(mostProbable(Float32Array.of(9, 0.2, 0.4, 0.4), 1, 3)).toBe(1);
  });
});
