/** Puts a file's weights to its leaves. */
import type { LeafWeights } from './forest.ts';
import { damaged, unsupported } from './forest-error.ts';
import type { WeightColumns } from './node-columns.ts';
import type { PlacedTrees } from './place-trees.ts';

/**
 * @param isLeaf by node.
 * @throws {ForestError} `damaged` when a weight belongs to no leaf or to no class, or a leaf has none; `unsupported`
 * when a leaf has two for the same class, or one is no finite number.
 */
export function placeWeights(
  columns: WeightColumns,
  trees: PlacedTrees,
  isLeaf: (node: number) => boolean,
  sumCount: number,
): LeafWeights {
  const nodeCount = trees.places.length;
  const count = columns.values.length;
  const nodes = new Int32Array(count);
  const starts = new Int32Array(nodeCount + 1);
  for (let at = 0; at < count; at += 1) {
    const node = leafOf(columns, at, trees, isLeaf);
    const sum = columns.sums[at] as number;
    if (!(Number.isInteger(sum) && sum >= 0 && sum < sumCount)) {
      throw damaged(`a weight of tree ${columns.trees[at]} is for class ${sum} of ${sumCount}`);
    }
    nodes[at] = node;
    starts[node + 1] = (starts[node + 1] as number) + 1;
  }
  for (let node = 0; node < nodeCount; node += 1) {
    if (isLeaf(node) && starts[node + 1] === 0)
      throw damaged(`a leaf has no weight (${nameOf(trees, node)})`);
    starts[node + 1] = (starts[node + 1] as number) + (starts[node] as number);
  }
  const weights = { starts, sums: new Int32Array(count), values: new Float32Array(count) };
  fill(weights, columns, nodes);
  checkSums(weights, sumCount);
  return weights;
}

function leafOf(
  { trees: treeIds, ids, values }: WeightColumns,
  at: number,
  trees: PlacedTrees,
  isLeaf: (node: number) => boolean,
): number {
  const [tree, id] = [treeIds[at] as number, ids[at] as number];
  const node = trees.find(tree, id);
  if (node === undefined) throw damaged(`a weight is for node ${id} of tree ${tree}, which is not there`);
  if (!isLeaf(node)) throw unsupported(`a weight is for node ${id} of tree ${tree}, which is no leaf`);
  if (!Number.isFinite(values[at])) throw unsupported(`a weight of tree ${tree} is ${values[at]}`);
  return node;
}

function fill({ starts, sums, values }: LeafWeights, columns: WeightColumns, nodes: Int32Array): void {
  const next = starts.slice(0, -1);
  for (let at = 0; at < nodes.length; at += 1) {
    const node = nodes[at] as number;
    const to = next[node] as number;
    next[node] = to + 1;
    sums[to] = columns.sums[at] as number;
    values[to] = columns.values[at] as number;
  }
}

/** A leaf that adds twice to one sum would add in one step where ONNX Runtime takes two, with another rounding. */
function checkSums({ starts, sums }: LeafWeights, sumCount: number): void {
  const lastNode = new Int32Array(sumCount).fill(-1);
  for (let node = 0; node + 1 < starts.length; node += 1) {
    for (let at = starts[node] as number; at < (starts[node + 1] as number); at += 1) {
      const sum = sums[at] as number;
      if (lastNode[sum] === node) throw unsupported(`a leaf has two weights for class ${sum}`);
      lastNode[sum] = node;
    }
  }
}

function nameOf({ places, starts }: PlacedTrees, node: number): string {
  const tree = starts.findLastIndex((start) => start <= node);
  return `tree ${tree} of the file, entry ${places[node]} of its nodes`;
}
