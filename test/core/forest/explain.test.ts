import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withCovers } from '../../../bench/drawn-rows.ts';
import { canExplain, createExplainer } from '../../../core/forest/explain.ts';
import type { Forest } from '../../../core/forest/forest.ts';
import { ForestError } from '../../../core/forest/forest-error.ts';
import { createForestKernel } from '../../../core/forest/forest-kernel.ts';
import { orderKey } from '../../../core/forest/order-key.ts';
import { readForest } from '../../../core/forest/read-forest.ts';
import { boosterJson } from '../../../trainer/forest/booster-json.ts';
import { growForest } from '../../../trainer/forest/grow-forest.ts';
import { onnxBytes } from '../../../trainer/onnx/onnx-model.ts';
import { shareTrees } from '../../../trainer/onnx/share-trees.ts';
import { readBoosterJson } from '../../../trainer/onnx/tree-ensemble.ts';
import { Booster, type FeatureRows, TrainingMatrix } from '../../../trainer/xgboost/booster.ts';
import { CLASSES, library, madeRows, trainSmallForest } from '../../trainer/small-forest.ts';
import { type MadeEnsemble, madeOnnx } from './made-onnx.ts';
import { PLAIN_SHAPE, randomEnsemble, randomRows } from './random-ensemble.ts';
import { KERNEL } from './runtime.ts';

/** What libxgboost's own contributions, in float32, may be away by. */
const TOLERANCE = 1e-4;

/** Greatest difference between our contributions and libxgboost's, on some rows. */
function differenceFromXgboost(json: string, isShared: boolean, rows: FeatureRows): number {
  const ensemble = readBoosterJson(json);
  const explainer = createExplainer(
    KERNEL,
    readForest(onnxBytes(isShared ? shareTrees(ensemble) : ensemble)),
  );
  const xgboost = library();
  using booster = new Booster(xgboost, [], {});
  booster.load(json);
  using matrix = new TrainingMatrix(xgboost, rows);
  const theirs = booster.contributions(matrix, CLASSES, rows.featureCount);
  const width = CLASSES * (rows.featureCount + 1);
  let most = 0;
  for (let row = 0; row < rows.rowCount; row += 1) {
    const own = explainer.explain(
      rows.values.subarray(row * rows.featureCount, (row + 1) * rows.featureCount),
    );
    expect(own).toHaveLength(width);
    own.forEach((value, at) => {
      most = Math.max(most, Math.abs(value - (theirs[row * width + at] ?? Number.NaN)));
    });
  }
  return most;
}

function firstRows({ values, featureCount }: FeatureRows, rowCount: number): FeatureRows {
  return { values: values.subarray(0, rowCount * featureCount), rowCount, featureCount };
}

describe('contributions', () => {
  it.each([
    ['few levels', 4, { max_depth: 3 }],
    ['six levels', 12, { max_depth: 6 }],
    ['twelve levels, many more than there are features', 3, { max_depth: 12, min_child_weight: 0 }],
    ['trees without a split', 2, { min_split_loss: 1e9 }],
    ['a base score', 3, { base_score: 0.25 }],
  ])('are those of libxgboost: %s', (_, rounds, parameters) => {
    const { json, rows } = trainSmallForest(rounds, parameters);
    expect(differenceFromXgboost(json, false, firstRows(rows, 200))).toBeLessThan(TOLERANCE);
  });

  it('are those of libxgboost for trees that speak for all classes', () => {
    const { rows, labels } = madeRows(3000, 12);
    const weights = new Float32Array(3000).fill(1);
    const training = { features: rows, labels, weights };
    const forest = growForest(library(), training, training, CLASSES, {
      num_boost_round: 12,
      max_depth: 8,
      max_leaves: 112,
      eta: 0.3,
      subsample: 0.8,
      colsample_bytree: 0.8,
      min_child_weight: 0.1,
      reg_lambda: 1,
      gamma: 0,
      early_stopping_rounds: 0,
      refit_passes: 0,
      seed: 1,
      nthread: 1,
    });
    const difference = differenceFromXgboost(boosterJson(forest, 1.2), true, firstRows(rows, 100));
    expect(difference).toBeLessThan(TOLERANCE);
  });

  it('add up to the sums that the kernel scores by', () => {
    const covered = coveredEnsemble(randomEnsemble(11, { ...PLAIN_SHAPE, transform: 'NONE', hasBase: true }));
    const forest = readForest(madeOnnx(covered));
    const explainer = createExplainer(KERNEL, forest);
    const kernel = createForestKernel(KERNEL, forest);
    const width = forest.featureCount + 1;
    const rows = randomRows(2, 100, forest.featureCount);
    const sums = new Float32Array(100 * forest.sumCount);
    kernel.scoreInto(rows, 100, sums);
    for (let row = 0; row < 100; row += 1) {
      const own = explainer.explain(rows.subarray(row * (width - 1), (row + 1) * (width - 1)));
      for (let sum = 0; sum < forest.sumCount; sum += 1) {
        const total = own.subarray(sum * width, (sum + 1) * width).reduce((all, part) => all + part, 0);
        expect(total).toBeCloseTo(sums[row * forest.sumCount + sum] ?? Number.NaN, 4);
      }
    }
  });

  it('are the Shapley values by their definition', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 10 }),
        (seed, featureCount, depthMax) => {
          const shape = { ...PLAIN_SHAPE, trees: 2, featureCount, depthMax, branching: 0.7 };
          const forest = readForest(madeOnnx(coveredEnsemble(randomEnsemble(seed, shape))));
          const row = randomRows(seed, 1, featureCount);
          const own = createExplainer(KERNEL, forest).explain(row);
          shapleyValues(forest, row).forEach((value, at) => {
            expect(own[at], `number ${at}`).toBeCloseTo(value, 9);
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('give nothing to a side that no row of training took', () => {
    const nodes = [
      { tree: 0, id: 0, mode: 'BRANCH_LT', feature: 0, value: 1, whenTrue: 1, whenFalse: 2, cover: 4 },
      { tree: 0, id: 1, mode: 'BRANCH_LT', feature: 1, value: 1, whenTrue: 3, whenFalse: 4, cover: 4 },
      { tree: 0, id: 2, cover: 0 },
      { tree: 0, id: 3, cover: 1 },
      { tree: 0, id: 4, cover: 3 },
    ];
    const weights = [2, 3, 4].map((id) => ({ tree: 0, id, sum: 0, value: id }));
    const forest = readForest(madeOnnx({ nodes, weights, featureCount: 2, classCount: 0 }));
    const { explain } = createExplainer(KERNEL, forest);
    const usual = explain(Float32Array.of(0, 0));
    expect(usual[0]).toBe(0);
    expect(usual[1]).toBeCloseTo(3 - 3.75, 12);
    // Whoever goes there is told so by the feature that leads there.
    const [first = 0, second = 0, bias] = explain(Float32Array.of(5, 0));
    expect(bias).toBe(3.75);
    expect(first + second).toBeCloseTo(2 - 3.75, 12);
    expect(Math.abs(first)).toBeGreaterThan(Math.abs(second));
  });

  it('are refused with the remedy for a file that tells no covers', () => {
    const forest = readForest(madeOnnx(randomEnsemble(1, PLAIN_SHAPE)));
    expect(canExplain(forest)).toBe(false);
    expect(() => createExplainer(KERNEL, forest)).toThrow(ForestError);
    expect(() => createExplainer(KERNEL, forest)).toThrow(
      /nodes_hitrates.*export it with this version of the trainer/,
    );
  });

  it('need a row of the forest’s width', () => {
    const forest = readForest(madeOnnx(coveredEnsemble(randomEnsemble(1, PLAIN_SHAPE))));
    expect(canExplain(forest)).toBe(true);
    const { explain } = createExplainer(KERNEL, forest);
    expect(() => explain(new Float32Array(3))).toThrow(RangeError);
  });
});

/** Leaves cover 1, 2 and 3 rows in turn, branches what their sides do. */
function coveredEnsemble(ensemble: MadeEnsemble): MadeEnsemble {
  const covers = new Map<string, number>();
  const name = (tree: number, id: number | undefined): string => `${tree}/${id}`;
  // Children have higher ids than their branch.
  const nodes = ensemble.nodes
    .toReversed()
    .map((node, at) => {
      const side = (id: number | undefined): number => covers.get(name(node.tree, id)) ?? 0;
      const cover = node.mode === undefined ? 1 + (at % 3) : side(node.whenTrue) + side(node.whenFalse);
      covers.set(name(node.tree, node.id), cover);
      return { ...node, cover };
    })
    .toReversed();
  return { ...ensemble, nodes };
}

/** By the definition: all subsets of features, each feature's marginal contribution to each. */
function shapleyValues(forest: Forest, row: Float32Array): Float64Array {
  const { featureCount: count, sumCount } = forest;
  const values = Array.from({ length: 2 ** count }, (_, known) => expectation(forest, row, known));
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
  const result = new Float64Array(sumCount * (count + 1));
  for (let sum = 0; sum < sumCount; sum += 1) {
    for (let feature = 0; feature < count; feature += 1) {
      for (let known = 0; known < 2 ** count; known += 1) {
        if (known & (1 << feature)) continue;
        const size = known.toString(2).replaceAll('0', '').length;
        const weight = (factorial(size) * factorial(count - size - 1)) / factorial(count);
        const more = (values[known | (1 << feature)]?.[sum] ?? 0) - (values[known]?.[sum] ?? 0);
        result[sum * (count + 1) + feature] = (result[sum * (count + 1) + feature] ?? 0) + weight * more;
      }
    }
    result[sum * (count + 1) + count] = values[0]?.[sum] ?? 0;
  }
  return result;
}

/** Of a row of which some features are known; at other branches both sides count by their covers. */
function expectation(forest: Forest, row: Float32Array, known: number): Float64Array {
  const { nodes, weights, treeStarts } = forest;
  const sums = Float64Array.from(forest.baseValues);
  const covers = nodes.covers ?? new Float32Array(0);
  const visit = (node: number, share: number): void => {
    const feature = nodes.features[node] ?? -1;
    if (feature === -1) {
      for (let at = weights.starts[node] ?? 0; at < (weights.starts[node + 1] ?? 0); at += 1) {
        const sum = weights.sums[at] ?? 0;
        sums[sum] = (sums[sum] ?? 0) + share * (weights.values[at] ?? 0);
      }
      return;
    }
    const value = row[feature] ?? 0;
    const isTrue = Number.isNaN(value)
      ? nodes.missingIsTrue[node] === 1
      : orderKey(value) < (nodes.limits[node] ?? 0);
    for (const [child, isTrueSide] of [
      [nodes.trueChildren[node] ?? 0, true],
      [nodes.falseChildren[node] ?? 0, false],
    ] as const) {
      const isKnown = (known & (1 << feature)) !== 0;
      if (!isKnown) visit(child, share * ((covers[child] ?? 0) / (covers[node] ?? 1)));
      else if (isTrue === isTrueSide) visit(child, share);
    }
  };
  for (let tree = 0; tree + 1 < treeStarts.length; tree += 1) visit(treeStarts[tree] ?? 0, 1);
  return sums;
}

describe('a single explanation of a forest as large as the shipped model', () => {
  it('takes a few milliseconds at the most', () => {
    const file = readFileSync(new URL('../../../fixtures/model/model.onnx', import.meta.url));
    const forest = readForest(file);
    const { explain } = createExplainer(KERNEL, withCovers(forest));
    const rows = randomRows(1, 100, forest.featureCount);
    let best = Number.POSITIVE_INFINITY;
    for (let row = 0; row < 100; row += 1) {
      const begin = performance.now();
      explain(rows.subarray(row * forest.featureCount, (row + 1) * forest.featureCount));
      best = Math.min(best, performance.now() - begin);
    }
    // 1.2 ms on the machine that it was written on; the bound only tells a slip of an order of magnitude.
    expect(best).toBeLessThan(12);
  });
});
