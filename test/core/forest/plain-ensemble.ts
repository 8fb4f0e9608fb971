/** A small ensemble whose every number is known, and files that differ from it in one thing. */
import { ForestError } from '../../../core/forest/forest-error.ts';
import { readForest } from '../../../core/forest/read-forest.ts';
import {
  type MadeEnsemble,
  type MadeNode,
  type MadeWeight,
  madeOnnx,
  type OnnxChanges,
} from './made-onnx.ts';

export const THREE = [0, 1, 2];
export const weightsOf = (tree: number, id: number, sums: readonly number[] = THREE): MadeWeight[] =>
  sums.map((sum) => ({ tree, id, sum, value: sum + id / 8 }));

/** Two trees of three classes: a stump on `<`, and one of `<=` with a branch below its true side. */
export const BRANCH: MadeNode = {
  tree: 0,
  id: 0,
  mode: 'BRANCH_LT',
  feature: 1,
  value: 5,
  whenTrue: 1,
  whenFalse: 2,
};
export const PLAIN: MadeEnsemble = {
  nodes: [
    { ...BRANCH, missingTracksTrue: 1, cover: 3 },
    { tree: 0, id: 1, cover: 1 },
    { tree: 0, id: 2, cover: 2 },
    { tree: 1, id: 0, mode: 'BRANCH_LEQ', feature: 0, value: -0, whenTrue: 3, whenFalse: 1, cover: 3 },
    { tree: 1, id: 1, cover: 0.5 },
    { tree: 1, id: 2, cover: 1.25 },
    { tree: 1, id: 3, mode: 'BRANCH_LT', feature: 1, value: 7, whenTrue: 4, whenFalse: 2, cover: 2.5 },
    { tree: 1, id: 4, cover: 1.25 },
  ],
  weights: [
    ...weightsOf(0, 1),
    ...weightsOf(0, 2),
    ...weightsOf(1, 1),
    ...weightsOf(1, 2),
    ...weightsOf(1, 4),
  ],
  featureCount: 2,
  classCount: 3,
  transform: 'SOFTMAX',
};

export const change = (part: Partial<MadeEnsemble>, changes?: OnnxChanges): Uint8Array =>
  madeOnnx({ ...PLAIN, ...part }, changes);
export const withNode = (index: number, part: Partial<MadeNode>): Uint8Array =>
  change({ nodes: PLAIN.nodes.map((node, at) => (at === index ? { ...node, ...part } : node)) });

/** A tree that goes on by its false sides, a leaf at every level. */
export function chain(levels: number): Uint8Array {
  const nodes: MadeNode[] = [];
  const weights: MadeWeight[] = [];
  for (let level = 0; level < levels; level += 1) {
    const id = level * 2;
    nodes.push({ ...BRANCH, id, value: level, whenTrue: id + 1, whenFalse: id + 2 }, { tree: 0, id: id + 1 });
    weights.push(...weightsOf(0, id + 1));
  }
  nodes.push({ tree: 0, id: levels * 2 });
  weights.push(...weightsOf(0, levels * 2));
  return change({ nodes, weights });
}

/** Why a file is not taken; fails where it is. */
export function refusalOf(onnx: Uint8Array): ForestError {
  try {
    readForest(onnx);
  } catch (error) {
    if (error instanceof ForestError) return error;
    throw error;
  }
  throw new Error('it was taken');
}
