/** Where boosting stands: margins and probabilities of a set of rows under the trees so far. */
import type { FeatureRows } from '../xgboost/booster.ts';
import { logLoss, softmaxInto } from './softmax.ts';

export interface ForestRows {
  readonly features: FeatureRows;
  readonly labels: Float32Array;
  readonly weights: Float32Array;
}

/** Leaf values of a tree: `classCount` for each node number, 0 for nodes that are no leaf. */
export type TreeSteps = Float32Array;

export interface BoostingState {
  readonly rows: ForestRows;
  readonly margins: Float32Array;
  readonly probabilities: Float32Array;
}

/** @param base margins before the first tree, one a class. */
export function createState(rows: ForestRows, base: Float32Array): BoostingState {
  const { rowCount } = rows.features;
  const margins = new Float32Array(rowCount * base.length);
  for (let row = 0; row < rowCount; row += 1) margins.set(base, row * base.length);
  const state = { rows, margins, probabilities: new Float32Array(margins.length) };
  softmaxInto(margins, state.probabilities, base.length);
  return state;
}

/** Adds a tree's steps to the margins, and brings the probabilities up to date. */
export function addSteps(
  { margins, probabilities }: BoostingState,
  leaves: Float32Array,
  steps: TreeSteps,
  classCount: number,
): void {
  for (let row = 0; row < leaves.length; row += 1) {
    const from = (leaves[row] as number) * classCount;
    const to = row * classCount;
    for (let of = 0; of < classCount; of += 1) {
      margins[to + of] = (margins[to + of] as number) + ((steps[from + of] as number | undefined) ?? 0);
    }
  }
  softmaxInto(margins, probabilities, classCount);
}

/** Log loss in nats, weighted. */
export function lossOf({ rows: { labels, weights }, probabilities }: BoostingState): number {
  const classCount = labels.length === 0 ? 1 : probabilities.length / labels.length;
  return logLoss(probabilities, labels, classCount, weights);
}

/** Log of each class's share. */
export function priorMargins({ labels, weights }: ForestRows, classCount: number): Float32Array {
  const counts = new Float64Array(classCount).fill(1);
  labels.forEach((label, row) => {
    counts[label] = (counts[label] ?? 0) + (weights[row] ?? 0);
  });
  const total = counts.reduce((sum, count) => sum + count, 0);
  return Float32Array.from(counts, (count) => Math.log(count / total));
}
