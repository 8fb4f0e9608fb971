/**
 * Puts trees that differ only in their class and their leaf values together: one tree whose leaves add to several
 * classes, as TreeEnsembleClassifier allows. A runtime then walks one tree where it walked five.
 */
import type { EnsembleLeaves, EnsembleNodes, TreeEnsemble } from './tree-ensemble.ts';

/** Equal to the ensemble given on every input; unchanged where no two neighbouring trees are alike. */
export function shareTrees(ensemble: TreeEnsemble): TreeEnsemble {
  const { nodes, leaves } = ensemble;
  const nodeRanges = rangesOf(nodes.trees);
  const leafRanges = rangesOf(leaves.trees);
  const groups: number[][] = [];
  nodeRanges.forEach((range, tree) => {
    const group = groups.at(-1);
    const first = nodeRanges[group?.[0] ?? tree];
    const isAlike = group !== undefined && first !== undefined && haveSameShape(nodes, first, range);
    if (isAlike) group.push(tree);
    else groups.push([tree]);
  });
  const shared = groups.map((group, at) => ({
    nodes: copyNodes(nodes, nodeRanges[group[0] ?? 0] ?? EMPTY, at),
    leaves: joinLeaves(
      leaves,
      group.map((tree) => leafRanges[tree] ?? EMPTY),
      at,
    ),
  }));
  return {
    ...ensemble,
    treeCount: groups.length,
    nodes: joinColumns(shared.map(({ nodes: part }) => part)),
    leaves: joinColumns(shared.map(({ leaves: part }) => part)),
  };
}

interface Range {
  readonly begin: number;
  readonly end: number;
}
const EMPTY: Range = { begin: 0, end: 0 };

/** Range of each tree's entries; trees are numbered from 0 and stand one after the other. */
function rangesOf(trees: readonly number[]): Range[] {
  const ranges: Range[] = [];
  trees.forEach((tree, at) => {
    ranges[tree] = { begin: ranges[tree]?.begin ?? at, end: at + 1 };
  });
  return ranges;
}

const SHAPE = [
  'nodes',
  'isLeaf',
  'features',
  'values',
  'trueNodes',
  'falseNodes',
  'missingTracksTrue',
  'covers',
] as const satisfies readonly (keyof EnsembleNodes)[];

function haveSameShape(nodes: EnsembleNodes, one: Range, other: Range): boolean {
  if (one.end - one.begin !== other.end - other.begin) return false;
  for (const name of SHAPE) {
    const column = nodes[name];
    for (let at = 0; at < one.end - one.begin; at += 1) {
      if (column[one.begin + at] !== column[other.begin + at]) return false;
    }
  }
  return true;
}

function copyNodes(nodes: EnsembleNodes, { begin, end }: Range, tree: number): EnsembleNodes {
  const part = (column: readonly number[]): number[] => column.slice(begin, end);
  return {
    trees: new Array<number>(end - begin).fill(tree),
    nodes: part(nodes.nodes),
    isLeaf: part(nodes.isLeaf),
    features: part(nodes.features),
    values: part(nodes.values),
    trueNodes: part(nodes.trueNodes),
    falseNodes: part(nodes.falseNodes),
    missingTracksTrue: part(nodes.missingTracksTrue),
    covers: part(nodes.covers),
  };
}

/** Leaf by leaf, so that a runtime finds what a leaf adds in one place. */
function joinLeaves(leaves: EnsembleLeaves, ranges: readonly Range[], tree: number): EnsembleLeaves {
  const places: number[] = [];
  const [first = EMPTY] = ranges;
  for (let leaf = 0; leaf < first.end - first.begin; leaf += 1) {
    for (const { begin } of ranges) places.push(begin + leaf);
  }
  const part = (column: readonly number[]): number[] => places.map((place) => column[place] ?? 0);
  return {
    trees: new Array<number>(places.length).fill(tree),
    nodes: part(leaves.nodes),
    classes: part(leaves.classes),
    weights: part(leaves.weights),
  };
}

function joinColumns<Columns extends EnsembleNodes | EnsembleLeaves>(parts: readonly Columns[]): Columns {
  const [first] = parts;
  const names = Object.keys(first ?? {}) as (keyof Columns)[];
  const joined = names.map((name) => [name, parts.flatMap((part) => part[name] as readonly number[])]);
  // The keys are those of the parts, which all have the same columns.
  return Object.fromEntries(joined) as Columns;
}
