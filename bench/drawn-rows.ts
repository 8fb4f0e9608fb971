/** Rows and forests for benchmarks: as in training, and of the size that users have. */
import type { Forest } from '../core/forest/forest.ts';
import type { ModelReference } from '../schemas/model.ts';
import { readBoosterJson, type TreeEnsemble } from '../trainer/onnx/tree-ensemble.ts';
import type { Random } from '../trainer/random.ts';
import { Booster, type FeatureRows, TrainingMatrix } from '../trainer/xgboost/booster.ts';
import type { XgboostLibrary } from '../trainer/xgboost/xgboost-library.ts';

/** Rows drawn feature by feature from the training histograms: values and gaps as often as in training. */
export function drawRows(reference: ModelReference, rowCount: number, random: Random): FeatureRows {
  const featureCount = reference.features.length;
  const values = new Float32Array(rowCount * featureCount);
  reference.features.forEach(({ edges, counts, missing, min, max }, column) => {
    const ends = [min ?? 0, ...edges, max ?? 0];
    const total = counts.reduce((sum, count) => sum + count, missing);
    for (let row = 0; row < rowCount; row += 1) {
      let lot = random.integer(total) - missing;
      let bin = 0;
      while (bin < counts.length && lot >= (counts[bin] ?? 0)) lot -= counts[bin++] ?? 0;
      const [low, high] = [ends[bin] ?? 0, ends[bin + 1] ?? 0];
      values[row * featureCount + column] = lot < 0 ? Number.NaN : low + random.next() * (high - low);
    }
  });
  return { values, rowCount, featureCount };
}

export interface UsualForest {
  readonly ensemble: TreeEnsemble;
  /** XGBoost's own form, for its own predictor. */
  readonly json: string;
}

/**
 * XGBoost's usual classifier for this task: a tree of depth 6 a round and grade. With labels that a good model gave,
 * its splits lie where real splits do.
 */
export function growUsualForest(
  library: XgboostLibrary,
  rows: FeatureRows,
  labels: ArrayLike<number>,
  rounds: number,
): UsualForest {
  using matrix = new TrainingMatrix(library, rows, Float32Array.from(labels));
  using booster = new Booster(library, [matrix], {
    objective: 'multi:softprob',
    num_class: 5,
    tree_method: 'hist',
    // Two would wait for each other by spinning: minutes, where other programs keep the cores busy. The trees are the same.
    nthread: 1,
    max_depth: 6,
    min_child_weight: 0,
  });
  for (let round = 0; round < rounds; round += 1) booster.update(round, matrix);
  const json = booster.toJson();
  return { ensemble: readBoosterJson(json), json };
}

/** The forest with its own covers, or with one row a leaf: how long explaining takes depends on its shape alone. */
export function withCovers(forest: Forest): Forest {
  const { nodes } = forest;
  if (nodes.covers !== undefined) return forest;
  const covers = new Float32Array(nodes.features.length).fill(1);
  // Backwards: a branch comes before its sides.
  for (let node = covers.length - 1; node >= 0; node -= 1) {
    if (nodes.features[node] === -1) continue;
    const sides = [nodes.trueChildren, nodes.falseChildren].map((side) => covers[side[node] ?? 0] ?? 0);
    covers[node] = sides.reduce((sum, cover) => sum + cover);
  }
  return { ...forest, nodes: { ...nodes, covers } };
}
