/**
 * How fast ONNX Runtime will run a forest, from its shape. ONNX Runtime walks every tree for every row and nearly all
 * its time goes into branches, so one number decides: branches visited a row. Over twelve forests from 100 trees of
 * depth 12 to 1,500 of depth 6 (best of 60 runs each, taken in turns on one thread), visits times one constant
 * was within 10 % of what was measured; neither the number of nodes nor that of trees made it better.
 *
 * Refused: measuring each trial. On a machine that trains on all cores the same forest measured 25,000 and 45,000
 * rows/s within a minute; the score would follow the neighbours, and no study could be repeated.
 */
import type { TreeEnsemble } from '../../onnx/tree-ensemble.ts';
import type { FeatureRows } from '../../xgboost/booster.ts';

/** 500 trees of depth 6 on the project's rows: what the budget's machine runs at, and what a row visits there. */
export const REFERENCE_FOREST = { trees: 500, rowsPerSecond: 44_000, visitsPerRow: 2929 } as const;

/** Rows a second of one thread on the machine that runs the reference forest at 44,000. */
export function predictRowsPerSecond(visitsPerRow: number): number {
  // A forest of mere leaves visits none; the floor keeps the figure one that JSON can hold.
  return (REFERENCE_FOREST.rowsPerSecond * REFERENCE_FOREST.visitsPerRow) / Math.max(1, visitsPerRow);
}

/** Branches that a row may visit at that speed. */
export function visitsAllowed(rowsPerSecond: number): number {
  return (REFERENCE_FOREST.rowsPerSecond * REFERENCE_FOREST.visitsPerRow) / rowsPerSecond;
}

/** Branches that a row goes through in all trees together, on average over the rows. */
export function visitsPerRow(ensemble: TreeEnsemble, rows: FeatureRows): number {
  const { nodes } = ensemble;
  const roots = rootsOf(ensemble);
  let visits = 0;
  // Plain loops over columns: rows x trees x depth steps, in every round of training.
  for (let row = 0; row < rows.rowCount; row += 1) {
    const features = row * rows.featureCount;
    for (let tree = 0; tree < ensemble.treeCount; tree += 1) {
      const root = roots[tree] as number;
      let node = root;
      while (!nodes.isLeaf[node]) {
        visits += 1;
        const value = rows.values[features + (nodes.features[node] as number)] as number;
        const isTrue = Number.isNaN(value)
          ? nodes.missingTracksTrue[node] === 1
          : value < (nodes.values[node] as number);
        node = root + ((isTrue ? nodes.trueNodes[node] : nodes.falseNodes[node]) as number);
      }
    }
  }
  return visits / rows.rowCount;
}

/** Place of each tree's first node in the columns; its nodes follow in the order of their numbers. */
function rootsOf({ nodes, treeCount }: TreeEnsemble): Int32Array {
  const roots = new Int32Array(treeCount).fill(-1);
  nodes.trees.forEach((tree, at) => {
    if (roots[tree] === -1) roots[tree] = at;
  });
  return roots;
}
