/** Ensembles and rows of all shapes, by a seed: what training never grows is as good a test as what it does. */
import { orderKey, valueOfKey } from '../../../core/forest/order-key.ts';
import { createRandom, type Random } from '../../../trainer/random.ts';
import type { MadeEnsemble, MadeNode, MadeWeight } from './made-onnx.ts';

/** Thresholds that catalogues and denormal numbers have. */
const THRESHOLDS = [0, -0, 1.4e-45, -1.4e-45, 1e-39, 0.1, 0.8, 1, 3.4, 100, -5, 3.4028235e38, -3.4028235e38];
const VALUES = [...THRESHOLDS, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-45, 1e30];

export interface EnsembleShape {
  readonly trees: number;
  readonly depthMax: number;
  readonly classCount: number;
  readonly featureCount: number;
  readonly leafKind: 'one class a tree' | 'first class alone' | 'all classes' | 'some classes';
  /** Share of branches among nodes above the greatest depth: below 1 trees are unbalanced, 0 makes lone leaves. */
  readonly branching: number;
  readonly modes: readonly string[];
  readonly transform: string;
  readonly hasBase: boolean;
  readonly tracksMissing: boolean;
}

/** Plain in everything; tests change what they are about. */
export const PLAIN_SHAPE: EnsembleShape = {
  trees: 10,
  depthMax: 6,
  classCount: 3,
  featureCount: 6,
  leafKind: 'all classes',
  branching: 0.8,
  modes: ['BRANCH_LT', 'BRANCH_LEQ'],
  transform: 'SOFTMAX',
  hasBase: false,
  tracksMissing: true,
};

export function randomShape(seed: number): EnsembleShape {
  const random = createRandom(seed, 'shape');
  const pick = <T>(values: readonly T[]): T => values[random.integer(values.length)] as T;
  const classCount = pick([0, 2, 3, 4, 5, 6, 8, 9, 10]);
  const depthMax = 1 + random.integer(20);
  const kinds = ['one class a tree', 'all classes', 'some classes'] as const;
  const leafKind = classCount === 2 && random.chance(0.5) ? 'first class alone' : pick(kinds);
  return {
    trees: 1 + random.integer(40),
    depthMax,
    classCount,
    featureCount: 1 + random.integer(30),
    leafKind: classCount === 0 ? 'one class a tree' : leafKind,
    branching: pick([0, 0.5, 0.6, 0.8, depthMax <= 8 ? 1 : 0.7]),
    modes: pick([['BRANCH_LT'], ['BRANCH_LEQ'], ['BRANCH_LT', 'BRANCH_LEQ']]),
    transform: classCount === 0 ? 'NONE' : pick(['NONE', 'SOFTMAX', 'LOGISTIC']),
    hasBase: classCount === 0 || classCount > 2 ? random.chance(0.7) : leafKind === 'first class alone',
    tracksMissing: random.chance(0.8),
  };
}

export function randomEnsemble(seed: number, shape: EnsembleShape = randomShape(seed)): MadeEnsemble {
  const random = createRandom(seed, 'ensemble');
  const nodes: MadeNode[] = [];
  const weights: MadeWeight[] = [];
  for (let tree = 0; tree < shape.trees; tree += 1) growTree(tree, shape, random, nodes, weights);
  const sums = shape.leafKind === 'first class alone' ? 1 : Math.max(shape.classCount, 1);
  return {
    nodes,
    weights,
    featureCount: shape.featureCount,
    classCount: shape.classCount,
    transform: shape.transform,
    ...(shape.hasBase ? { baseValues: Array.from({ length: sums }, () => random.next() - 0.5) } : {}),
  };
}

/** Breadth first, so that ids grow with the depth; at most 600 nodes. */
function growTree(
  tree: number,
  shape: EnsembleShape,
  random: Random,
  nodes: MadeNode[],
  weights: MadeWeight[],
): void {
  const waiting = [{ id: 0, depth: 0 }];
  let next = 1;
  const sole = shape.classCount === 0 ? 0 : tree % shape.classCount;
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    const { id, depth } = at;
    const canBranch = depth < shape.depthMax && next < 600;
    const isBranch = canBranch && (depth === 0 ? shape.branching > 0 : random.next() < shape.branching);
    if (!isBranch) {
      nodes.push({ tree, id });
      for (const sum of sumsOfLeaf(shape, sole, random)) {
        weights.push({ tree, id, sum, value: Math.fround((random.next() - 0.5) * 3) });
      }
      continue;
    }
    nodes.push({
      tree,
      id,
      mode: shape.modes[random.integer(shape.modes.length)] ?? 'BRANCH_LT',
      feature: random.integer(shape.featureCount),
      value: threshold(random),
      whenTrue: next,
      whenFalse: next + 1,
      missingTracksTrue: shape.tracksMissing && random.chance(0.5) ? 1 : 0,
    });
    waiting.push({ id: next, depth: depth + 1 }, { id: next + 1, depth: depth + 1 });
    next += 2;
  }
}

function sumsOfLeaf({ leafKind, classCount }: EnsembleShape, sole: number, random: Random): number[] {
  const all = Array.from({ length: classCount }, (_, sum) => sum);
  if (leafKind === 'one class a tree') return [sole];
  if (leafKind === 'first class alone') return [0];
  if (leafKind === 'all classes') return all;
  const some = all.filter(() => random.chance(0.5));
  return some.length > 0 ? some : [random.integer(classCount)];
}

function threshold(random: Random): number {
  if (random.chance(0.3)) return Math.fround(THRESHOLDS[random.integer(THRESHOLDS.length)] ?? 0);
  return Math.fround(Math.round(random.next() * 1000) / 10);
}

/** Rows of which many values are those of the given thresholds, or the numbers next to them. */
export function randomRows(
  seed: number,
  rowCount: number,
  featureCount: number,
  thresholds: readonly number[] = [],
): Float32Array {
  const random = createRandom(seed, 'rows');
  const value = (): number => {
    const lot = random.integer(8);
    if (lot === 0) return Number.NaN;
    if (lot === 1) return VALUES[random.integer(VALUES.length)] ?? 0;
    if (lot <= 4 && thresholds.length > 0) {
      const near = Math.fround(thresholds[random.integer(thresholds.length)] ?? 0);
      return valueOfKey(orderKey(near) + random.integer(3) - 1);
    }
    return random.next() * 110 - 5;
  };
  return Float32Array.from({ length: rowCount * featureCount }, value);
}
