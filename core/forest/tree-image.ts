/** Lays the trees out: the branches of each stem level by level, its leaves by path, and what lies below. */
import { type Conditions, NEVER_SLOT } from './conditions.ts';
import type { Forest } from './forest.ts';
import * as fields from './image-fields.ts';
import { type ImagePlan, type MemoryViews, maskOf } from './image-plan.ts';

/** Where the next of each kind goes, in bytes. */
interface Cursor {
  stem: number;
  ends: number;
  tail: number;
  leaf: number;
}

/** The way to each node of a stem and to each end, as bits: the root's decision is the lowest, 1 is true. */
type Paths = Uint8Array;

export function writeTrees(
  views: MemoryViews,
  forest: Forest,
  conditions: Conditions,
  plan: ImagePlan,
): void {
  const { at } = plan;
  const { words } = views;
  const cursor: Cursor = { stem: at.stems, ends: at.ends, tail: at.tails, leaf: at.leaves };
  const paths = pathsOf(forest);
  let record = at.trees;
  plan.groups.forEach(({ trees, sum, hasTails }, index) => {
    const group = (at.groups + index * fields.GROUP_BYTES) / 4;
    words[group + fields.GROUP_TREES / 4] = record;
    words[group + fields.GROUP_TREE_COUNT / 4] = trees.length;
    words[group + fields.GROUP_SUM / 4] = plan.isOneClassATree ? sum * 4 * fields.BLOCK_ROWS : 0;
    words[group + fields.GROUP_HAS_TAILS / 4] = hasTails ? 1 : 0;
    for (const tree of trees) {
      writeTree(views, forest, conditions, plan, paths, tree, record, cursor);
      record += fields.TREE_BYTES;
    }
  });
}

function pathsOf({ nodes }: Forest): Paths {
  const { features, depths, trueChildren, falseChildren } = nodes;
  const paths = new Uint8Array(features.length);
  for (let node = 0; node < features.length; node += 1) {
    const depth = depths[node] as number;
    if (features[node] === -1 || depth >= fields.STEM_LEVELS_MAX) continue;
    const path = paths[node] as number;
    paths[trueChildren[node] as number] = path | (1 << depth);
    paths[falseChildren[node] as number] = path;
  }
  return paths;
}

function writeTree(
  views: MemoryViews,
  forest: Forest,
  conditions: Conditions,
  plan: ImagePlan,
  paths: Paths,
  tree: number,
  record: number,
  cursor: Cursor,
): void {
  const { words } = views;
  const levels = plan.stemLevels[tree] as number;
  words[(record + fields.TREE_NODES) / 4] = cursor.stem;
  words[(record + fields.TREE_LEVELS) / 4] = levels;
  words[(record + fields.TREE_LEAVES) / 4] = cursor.leaf;
  const range: Range = [forest.treeStarts[tree] as number, forest.treeStarts[tree + 1] as number];
  writeStem(words, forest, conditions, plan, paths, range, cursor.stem, levels);
  cursor.stem += (2 ** levels - 1) * 4;
  if (plan.hasTails[tree] === 1) {
    words[(record + fields.TREE_ENDS) / 4] = cursor.ends;
    writeTails(views, forest, plan, paths, range, cursor);
  } else {
    writeLeavesByPath(views, forest, plan, paths, range, cursor.leaf);
    cursor.leaf += 2 ** levels * plan.leafBytes;
  }
}

type Range = readonly [begin: number, end: number];

function writeStem(
  words: Uint32Array,
  { nodes }: Forest,
  conditions: Conditions,
  plan: ImagePlan,
  paths: Paths,
  [begin, end]: Range,
  stem: number,
  levels: number,
): void {
  words.fill(maskOf(plan, NEVER_SLOT), stem / 4, stem / 4 + 2 ** levels - 1);
  for (let node = begin; node < end; node += 1) {
    const depth = nodes.depths[node] as number;
    if (nodes.features[node] === -1 || depth >= fields.STEM_LEVELS_MAX) continue;
    const place = 2 ** depth - 1 + (paths[node] as number);
    words[stem / 4 + place] = maskOf(plan, conditions.slotOf(node));
  }
}

/** A leaf above the lowest level has the path that goes on by the false sides; no other of its paths is ever taken. */
function writeLeavesByPath(
  views: MemoryViews,
  forest: Forest,
  plan: ImagePlan,
  paths: Paths,
  [begin, end]: Range,
  leaves: number,
): void {
  for (let node = begin; node < end; node += 1) {
    if (forest.nodes.features[node] !== -1) continue;
    writeLeaf(views, forest, plan, node, leaves + (paths[node] as number) * plan.leafBytes);
  }
}

function writeTails(
  views: MemoryViews,
  forest: Forest,
  plan: ImagePlan,
  paths: Paths,
  [begin, end]: Range,
  cursor: Cursor,
): void {
  const { words, integers } = views;
  const { features, depths, limits, missingIsTrue, trueChildren, falseChildren } = forest.nodes;
  const levels = fields.STEM_LEVELS_MAX;
  // Backwards: children come after their branch, so that what it leads to is placed already.
  const placed = new Uint32Array(end - begin);
  for (let node = end - 1; node >= begin; node -= 1) {
    const feature = features[node] as number;
    const depth = depths[node] as number;
    if (feature === -1) {
      writeLeaf(views, forest, plan, node, cursor.leaf);
      placed[node - begin] = cursor.leaf;
      cursor.leaf += plan.leafBytes;
    } else if (depth >= levels) {
      const tail = cursor.tail / 4;
      integers[tail + fields.TAIL_LIMIT / 4] = limits[node] as number;
      words[tail + fields.TAIL_KEY / 4] = feature * 8 + (missingIsTrue[node] === 1 ? 4 : 0);
      words[tail + fields.TAIL_TRUE / 4] = placed[(trueChildren[node] as number) - begin] as number;
      words[tail + fields.TAIL_FALSE / 4] = placed[(falseChildren[node] as number) - begin] as number;
      placed[node - begin] = cursor.tail + fields.IS_TAIL;
      cursor.tail += fields.TAIL_BYTES;
    }
    const isEnd = feature === -1 ? depth <= levels : depth === levels;
    if (!isEnd) continue;
    words[cursor.ends / 4 + (paths[node] as number)] = placed[node - begin] as number;
  }
  cursor.ends += 2 ** levels * 4;
}

function writeLeaf(
  { floats }: MemoryViews,
  { weights }: Forest,
  plan: ImagePlan,
  node: number,
  leaf: number,
): void {
  for (let at = weights.starts[node] as number; at < (weights.starts[node + 1] as number); at += 1) {
    const sum = plan.isOneClassATree ? 0 : (weights.sums[at] as number);
    floats[leaf / 4 + sum] = weights.values[at] as number;
  }
}
