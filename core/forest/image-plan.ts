/** What the kernel's image of a forest consists of, and where each part lies. */
import type { Conditions } from './conditions.ts';
import { type Forest, treeCountOf } from './forest.ts';
import { unsupported } from './forest-error.ts';
import {
  BLOCK_ROWS,
  COLUMN_BYTES,
  FEATURE_BYTES,
  GROUP_BYTES,
  HEAD_BYTES,
  IMAGE_BEGIN,
  STEM_LEVELS_MAX,
  TAIL_BYTES,
  TREE_BYTES,
  TREES_A_CHUNK,
} from './image-fields.ts';
import { searchLevelSizes } from './search-levels.ts';

/** Rows that are copied into the kernel's memory for one call. */
export const CALL_ROWS = 1024;
/** A forest of a million leaves for five classes takes 100 MB. What is beyond this is no forest that anyone uses. */
const IMAGE_BYTES_MAX = 2 ** 30;
/** One bit for each row of a block. */
export const MASK_BYTES_EACH = 16;
/** Turns are written 16 at a time. */
const TURN_SPARE_BYTES = 16;
const ALIGNMENT = 64;

/** The kernel's memory as numbers of each kind; addresses are in bytes. */
export interface MemoryViews {
  readonly words: Uint32Array;
  readonly integers: Int32Array;
  readonly floats: Float32Array;
}

/** Trees that add to the same sums and are looked up alike, in the order in which they are added. */
export interface TreeGroup {
  readonly trees: readonly number[];
  /** Sum of the group's only class; 0 where leaves add to all. */
  readonly sum: number;
  readonly hasTails: boolean;
}

export interface ImagePlan {
  readonly groups: readonly TreeGroup[];
  readonly leafBytes: number;
  readonly isOneClassATree: boolean;
  /** Levels of each tree's stem. */
  readonly stemLevels: Uint8Array;
  readonly hasTails: Uint8Array;
  /** Byte addresses. */
  readonly at: Readonly<Record<Part, number>>;
  readonly bytes: number;
  readonly keyRowBytes: number;
}

const PARTS = [
  'head',
  'baseValues',
  'features',
  'columns',
  'maps',
  'searchLevels',
  'groups',
  'trees',
  'stems',
  'ends',
  'tails',
  'leaves',
  'masks',
  'turns',
  'keys',
  'sums',
  'paths',
  'leafPlaces',
  'values',
  'scores',
  'labels',
] as const;
type Part = (typeof PARTS)[number];

/** @throws {ForestError} `unsupported` when it would take more memory than `IMAGE_BYTES_MAX`. */
export function planImage(forest: Forest, conditions: Conditions): ImagePlan {
  const shape = shapeOf(forest);
  const sizes = sizesOf(forest, conditions, shape);
  const at = {} as Record<Part, number>; // filled for every part just below
  let next = IMAGE_BEGIN;
  for (const part of PARTS) {
    at[part] = next;
    next += Math.ceil(sizes[part] / ALIGNMENT) * ALIGNMENT;
  }
  if (next > IMAGE_BYTES_MAX) {
    throw unsupported(`it would take ${Math.ceil(next / 2 ** 20)} MiB in the kernel's memory`);
  }
  return { ...shape, at, bytes: next };
}

type Shape = Omit<ImagePlan, 'at' | 'bytes'>;

function shapeOf(forest: Forest): Shape {
  const { nodes, treeStarts, featureCount, sumCount } = forest;
  const treeCount = treeCountOf(forest);
  const stemLevels = new Uint8Array(treeCount);
  const hasTails = new Uint8Array(treeCount);
  for (let tree = 0; tree < treeCount; tree += 1) {
    let depth = 0;
    for (let node = treeStarts[tree] as number; node < (treeStarts[tree + 1] as number); node += 1) {
      depth = Math.max(depth, nodes.depths[node] as number);
    }
    // A lone leaf has a level too, whose condition is never true.
    stemLevels[tree] = Math.min(Math.max(depth, 1), STEM_LEVELS_MAX);
    hasTails[tree] = depth > STEM_LEVELS_MAX ? 1 : 0;
  }
  const sums = soleSums(forest);
  return {
    groups: groupsOf(sums ?? new Int32Array(treeCount), hasTails),
    leafBytes: sums === undefined ? Math.ceil(sumCount / 4) * 16 : 4,
    isOneClassATree: sums !== undefined,
    stemLevels,
    hasTails,
    keyRowBytes: hasTails.includes(1) ? featureCount * 8 : 0,
  };
}

/** The only sum that each tree's leaves add to; undefined where a tree adds to several. */
function soleSums({ treeStarts, nodes, weights }: Forest): Int32Array | undefined {
  const sums = new Int32Array(treeStarts.length - 1).fill(-1);
  for (let tree = 0; tree < sums.length; tree += 1) {
    for (let node = treeStarts[tree] as number; node < (treeStarts[tree + 1] as number); node += 1) {
      if (nodes.features[node] !== -1) continue;
      const from = weights.starts[node] as number;
      const sum = weights.sums[from] as number;
      const isSole = (weights.starts[node + 1] as number) === from + 1;
      const isSame = sums[tree] === -1 || sums[tree] === sum;
      if (!isSole || !isSame) return undefined;
      sums[tree] = sum;
    }
  }
  return sums;
}

/** Sums are independent of each other, so trees of different sums may change places; those of the same may not. */
function groupsOf(sums: Int32Array, hasTails: Uint8Array): TreeGroup[] {
  const groups: { trees: number[]; sum: number; hasTails: boolean }[] = [];
  const order = Array.from(sums.keys()).sort((one, other) => (sums[one] as number) - (sums[other] as number));
  for (const tree of order) {
    const last = groups.at(-1);
    const sum = sums[tree] as number;
    const isTailed = hasTails[tree] === 1;
    if (last !== undefined && last.sum === sum && last.hasTails === isTailed) last.trees.push(tree);
    else groups.push({ trees: [tree], sum, hasTails: isTailed });
  }
  return groups;
}

function sizesOf(forest: Forest, conditions: Conditions, shape: Shape): Record<Part, number> {
  const { features, slotCount } = conditions;
  const columns = features.reduce((sum, feature) => sum + feature.columns.length, 0);
  const mapEntries = features.reduce(
    (sum, { limits, columns: own }) => sum + own.length * (limits.length + 2),
    0,
  );
  const searched = features.filter(({ limits }) => limits.length > 0);
  const treeCount = treeCountOf(forest);
  const { leafBytes, isOneClassATree, stemLevels, hasTails, keyRowBytes } = shape;
  let stems = 0;
  let plainLeaves = 0;
  stemLevels.forEach((levels, tree) => {
    stems += 2 ** levels - 1;
    if (hasTails[tree] === 0) plainLeaves += 2 ** levels;
  });
  const tailed = tailedNodes(forest, hasTails);
  return {
    head: HEAD_BYTES,
    baseValues: forest.sumCount * 4,
    features: features.length * FEATURE_BYTES,
    columns: columns * COLUMN_BYTES,
    maps: mapEntries * 4,
    searchLevels: searched.reduce((sum, { limits }) => sum + bytesOf(searchLevelSizes(limits.length)), 0),
    groups: shape.groups.length * GROUP_BYTES,
    trees: treeCount * TREE_BYTES,
    stems: stems * 4,
    ends: tailed.trees * 2 ** STEM_LEVELS_MAX * 4,
    tails: tailed.branches * TAIL_BYTES,
    leaves: (plainLeaves + tailed.leaves) * leafBytes,
    masks: slotCount * MASK_BYTES_EACH,
    turns: slotCount + TURN_SPARE_BYTES,
    keys: BLOCK_ROWS * keyRowBytes,
    sums: BLOCK_ROWS * (isOneClassATree ? forest.sumCount * 4 : leafBytes),
    paths: BLOCK_ROWS * TREES_A_CHUNK,
    leafPlaces: BLOCK_ROWS * TREES_A_CHUNK * 4,
    values: CALL_ROWS * forest.featureCount * 4,
    scores: CALL_ROWS * forest.outputCount * 4,
    labels: CALL_ROWS * 4,
  };
}

function bytesOf(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size * 4, 0);
}

/** Of trees with tails: all leaves, and the branches below the stems. */
function tailedNodes({ nodes, treeStarts }: Forest, hasTails: Uint8Array) {
  const counts = { trees: 0, leaves: 0, branches: 0 };
  hasTails.forEach((isTailed, tree) => {
    if (isTailed === 0) return;
    counts.trees += 1;
    for (let node = treeStarts[tree] as number; node < (treeStarts[tree + 1] as number); node += 1) {
      if (nodes.features[node] === -1) counts.leaves += 1;
      else if ((nodes.depths[node] as number) >= STEM_LEVELS_MAX) counts.branches += 1;
    }
  });
  return counts;
}

/** Address of a slot's mask. */
export function maskOf(plan: ImagePlan, slot: number): number {
  return plan.at.masks + slot * MASK_BYTES_EACH;
}
