/**
 * Goes through a grown forest once more and moves the leaf values of each tree a part of the way to where they are
 * best beside all the other trees. While it grew, an early tree knew nothing of later ones, and took the large steps
 * that they had to take back. The branches stay, so that nothing gets slower.
 *
 * The fully corrective step of R. Johnson and T. Zhang, "Learning nonlinear functions using regularized greedy
 * forest" (2014), tree by tree. Figures: docs/adr/0007-one-tree-for-all-grades.md.
 */
import { addSteps, type BoostingState, lossOf, type TreeSteps } from './boosting-state.ts';
import { leafSteps, sumLeaves } from './leaf-steps.ts';

export interface Refit {
  /** Pull of leaf values to 0: one of some hundred trees needs more of it here than when it grew, last of all. */
  readonly lambda: number;
  /** Share of the Newton step that is taken. */
  readonly damping: number;
  /** No value moves further than this at once. */
  readonly stepMax: number;
}

/** A tree as the pass needs it: the leaf of each row, of the training rows and of those that choose. */
export interface RefitTree {
  readonly training: Float32Array;
  readonly validation: Float32Array;
}

export interface RefitPass {
  readonly steps: readonly TreeSteps[];
  readonly trainingLoss: number;
  readonly validationLoss: number;
}

/**
 * One pass over the trees in their order; both states are brought up to date.
 * @param leavesOf leaves of the rows in a tree, by its number; asked for once each, since all of them at once would
 * take a gigabyte.
 */
export function refitLeaves(
  training: BoostingState,
  validation: BoostingState,
  steps: readonly TreeSteps[],
  leavesOf: (tree: number) => RefitTree,
  classCount: number,
  { lambda, damping, stepMax }: Refit,
): RefitPass {
  const { labels, weights } = training.rows;
  const refitted = steps.map((before, tree) => {
    const leaves = leavesOf(tree);
    const leafCount = before.length / classCount;
    const sums = sumLeaves(leaves.training, leafCount, training.probabilities, labels, weights, classCount);
    for (let leaf = 0; leaf < leafCount; leaf += 1) {
      for (let of = 0; of < classCount; of += 1) {
        const at = leaf * sums.stride + of;
        sums.sums[at] = (sums.sums[at] as number) + lambda * (before[leaf * classCount + of] as number);
      }
    }
    const moves = leafSteps(sums, { eta: damping, lambda, stepMax });
    addSteps(training, leaves.training, moves, classCount);
    addSteps(validation, leaves.validation, moves, classCount);
    return before.map((value, at) => value + (moves[at] as number));
  });
  return { steps: refitted, trainingLoss: lossOf(training), validationLoss: lossOf(validation) };
}
