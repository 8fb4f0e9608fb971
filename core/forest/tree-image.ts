/** Lays the trees out: the branches of each stem level by level, its leaves by path, and what lies below. */
import { type Conditions, NEVER_SLOT } from './conditions.ts';
import type { Forest } from './forest.ts';
import * as fields from './image-fields.ts';
import { type ImagePlan, type MemoryViews, maskOf } from './image-plan.ts';

/** What the writing of trees goes by, and where the next of each kind goes, in bytes. */
interface Writing {
  readonly views: MemoryViews;
  readonly forest: Forest;
  readonly conditions: Conditions;
  readonly plan: ImagePlan;
  readonly paths: Paths;
  stem: number;
  ends: number;
  tail: number;
  leaf: number;
}

/** The way to each node of a stem and to each end, as bits: the root's decision is the lowest, 1 is true. */
type Paths = Uint8Array;

/** A tree's nodes. */
type Range = readonly [begin: number, end: number];

export function writeTrees(
  views: MemoryViews,
  forest: Forest,
  conditions: Conditions,
  plan: ImagePlan,
): void {
  const { at } = plan;
  const { words } = views;
  const given = { views, forest, conditions, plan, paths: pathsOf(forest) };
  const writing: Writing = { ...given, stem: at.stems, ends: at.ends, tail: at.tails, leaf: at.leaves };
  let record = at.trees;
  plan.groups.forEach(({ trees, sum, hasTails }, index) => {
    const group = (at.groups + index * fields.GROUP_BYTES) / 4;
    words[group + fields.GROUP_TREES / 4] = record;
    words[group + fields.GROUP_TREE_COUNT / 4] = trees.length;
    words[group + fields.GROUP_SUM / 4] = plan.isOneClassATree ? sum * 4 * fields.BLOCK_ROWS : 0;
    words[group + fields.GROUP_HAS_TAILS / 4] = hasTails ? 1 : 0;
    for (const tree of trees) {
      writeTree(writing, tree, record);
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

function writeTree(writing: Writing, tree: number, record: number): void {
  const { forest, plan, views } = writing;
  const levels = plan.stemLevels[tree] as number;
  const range: Range = [forest.treeStarts[tree] as number, forest.treeStarts[tree + 1] as number];
  const isTailed = plan.hasTails[tree] === 1;
  const { words } = views;
  words[(record + fields.TREE_NODES) / 4] = writing.stem;
  words[(record + fields.TREE_LEVELS) / 4] = levels;
  words[(record + fields.TREE_LEAVES) / 4] = writing.leaf;
  words[(record + fields.TREE_ENDS) / 4] = isTailed ? writing.ends : 0;
  writeStem(writing, range, levels);
  if (isTailed) writeTails(writing, range);
  else writeLeavesByPath(writing, range, levels);
}

function writeStem(writing: Writing, [begin, end]: Range, levels: number): void {
  const { conditions, plan, paths, views } = writing;
  const { features, depths } = writing.forest.nodes;
  const stem = writing.stem / 4;
  const size = 2 ** levels - 1;
  views.words.fill(maskOf(plan, NEVER_SLOT), stem, stem + size);
  for (let node = begin; node < end; node += 1) {
    const depth = depths[node] as number;
    if (features[node] === -1 || depth >= fields.STEM_LEVELS_MAX) continue;
    const place = 2 ** depth - 1 + (paths[node] as number);
    views.words[stem + place] = maskOf(plan, conditions.slotOf(node));
  }
  writing.stem += size * 4;
}

/** A leaf above the lowest level has the path that goes on by the false sides; no other of its paths is ever taken. */
function writeLeavesByPath(writing: Writing, [begin, end]: Range, levels: number): void {
  const { forest, plan, paths } = writing;
  for (let node = begin; node < end; node += 1) {
    if (forest.nodes.features[node] !== -1) continue;
    writeLeaf(writing, node, writing.leaf + (paths[node] as number) * plan.leafBytes);
  }
  writing.leaf += 2 ** levels * plan.leafBytes;
}

function writeTails(writing: Writing, [begin, end]: Range): void {
  const { plan, paths } = writing;
  const { words } = writing.views;
  const { features, depths, trueChildren, falseChildren } = writing.forest.nodes;
  const levels = fields.STEM_LEVELS_MAX;
  // Backwards: children come after their branch, so that what it leads to is placed already.
  const placed = new Uint32Array(end - begin);
  for (let node = end - 1; node >= begin; node -= 1) {
    const isLeaf = features[node] === -1;
    const depth = depths[node] as number;
    if (isLeaf) {
      writeLeaf(writing, node, writing.leaf);
      placed[node - begin] = writing.leaf;
      writing.leaf += plan.leafBytes;
    } else if (depth >= levels) {
      const whenTrue = placed[(trueChildren[node] as number) - begin] as number;
      const whenFalse = placed[(falseChildren[node] as number) - begin] as number;
      writeTail(writing, node, whenTrue, whenFalse);
      placed[node - begin] = writing.tail + fields.IS_TAIL;
      writing.tail += fields.TAIL_BYTES;
    }
    const isEnd = isLeaf ? depth <= levels : depth === levels;
    if (isEnd) words[writing.ends / 4 + (paths[node] as number)] = placed[node - begin] as number;
  }
  writing.ends += 2 ** levels * 4;
}

function writeTail(
  { views, forest, tail }: Writing,
  node: number,
  whenTrue: number,
  whenFalse: number,
): void {
  const { features, limits, missingIsTrue } = forest.nodes;
  const { words, integers } = views;
  integers[(tail + fields.TAIL_LIMIT) / 4] = limits[node] as number;
  words[(tail + fields.TAIL_KEY) / 4] = (features[node] as number) * 8 + (missingIsTrue[node] === 1 ? 4 : 0);
  words[(tail + fields.TAIL_TRUE) / 4] = whenTrue;
  words[(tail + fields.TAIL_FALSE) / 4] = whenFalse;
}

function writeLeaf({ views, forest, plan }: Writing, node: number, leaf: number): void {
  const { starts, sums, values } = forest.weights;
  for (let at = starts[node] as number; at < (starts[node + 1] as number); at += 1) {
    const sum = plan.isOneClassATree ? 0 : (sums[at] as number);
    views.floats[leaf / 4 + sum] = values[at] as number;
  }
}
