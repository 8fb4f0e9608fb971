/** Finds the trees in the columns of a file, follows each from its root, and numbers its nodes depth first. */
import { TREE_DEPTH_MAX } from './forest.ts';
import { damaged, unsupported } from './forest-error.ts';
import type { NodeColumns } from './node-columns.ts';

export interface PlacedTrees {
  /** First node of each tree, and the number of nodes at the end. */
  readonly starts: Int32Array;
  /** Place in the file of each node. */
  readonly places: Int32Array;
  readonly trueChildren: Int32Array;
  readonly falseChildren: Int32Array;
  readonly depths: Uint16Array;
  /** Number of the node with this id; undefined where there is none. */
  find(tree: number, id: number): number | undefined;
}

/** A tree's nodes in the file, and where each id stands. */
interface Run {
  readonly begin: number;
  readonly end: number;
  readonly placeOf: (id: number) => number | undefined;
}

/**
 * @throws {ForestError} `damaged` when a branch leads nowhere, or to a node that is reached already (a cycle); when a
 * node is not reached, or a tree is deeper than `TREE_DEPTH_MAX`.
 */
export function placeTrees(columns: NodeColumns): PlacedTrees {
  const count = columns.trees.length;
  const runs = findRuns(columns);
  const starts = new Int32Array(runs.size + 1);
  const trees: Omit<PlacedTrees, 'find'> = {
    starts,
    places: new Int32Array(count),
    trueChildren: new Int32Array(count),
    falseChildren: new Int32Array(count),
    depths: new Uint16Array(count),
  };
  const numbers = new Int32Array(count).fill(-1);
  let tree = 0;
  for (const run of runs.values()) {
    starts[tree] = run.begin;
    numberTree(columns, run, trees, numbers);
    tree += 1;
  }
  starts[tree] = count;
  return {
    ...trees,
    find(treeId, id) {
      const place = runs.get(treeId)?.placeOf(id);
      return place === undefined ? undefined : numbers[place];
    },
  };
}

/** By tree id, in the order of the file: the order in which ONNX Runtime adds trees up. */
function findRuns({ trees, ids }: NodeColumns): Map<number, Run> {
  const runs = new Map<number, Run>();
  let begin = 0;
  for (let at = 1; at <= trees.length; at += 1) {
    const tree = trees[begin] as number;
    if (at < trees.length && trees[at] === tree) continue;
    if (runs.has(tree)) throw unsupported(`the nodes of tree ${tree} do not stand together`);
    runs.set(tree, { begin, end: at, placeOf: placesOf(ids, tree, begin, at) });
    begin = at;
  }
  return runs;
}

function placesOf(ids: Float64Array, tree: number, begin: number, end: number): Run['placeOf'] {
  const isCounted = ids.subarray(begin, end).every((id, index) => id === index);
  // Nearly all exporters count from 0 on; a map of a million entries takes 100 MB.
  if (isCounted) {
    return (id) => (Number.isInteger(id) && id >= 0 && id < end - begin ? begin + id : undefined);
  }
  const places = new Map<number, number>();
  for (let at = begin; at < end; at += 1) {
    const id = ids[at] as number;
    if (places.has(id)) throw damaged(`tree ${tree} has two nodes ${id}`);
    places.set(id, at);
  }
  return (id) => places.get(id);
}

/** What the stack of a walk through a tree holds; places, parents and sides of the nodes to number. */
interface Waiting {
  readonly places: Int32Array;
  readonly parents: Int32Array;
  readonly isTrueSide: Uint8Array;
}

function numberTree(
  columns: NodeColumns,
  run: Run,
  into: Omit<PlacedTrees, 'find'>,
  numbers: Int32Array,
): void {
  const { begin, end } = run;
  const tree = columns.trees[begin] as number;
  const size = end - begin;
  const isReached = new Uint8Array(size);
  // A stack without an object a node, and no recursion: a tree may be a chain. No node is on it twice.
  const waiting: Waiting = {
    places: new Int32Array(size),
    parents: new Int32Array(size),
    isTrueSide: new Uint8Array(size),
  };
  let top = 1;
  waiting.places[0] = begin;
  isReached[0] = 1;
  let next = begin;
  while (top > 0) {
    top -= 1;
    const place = waiting.places[top] as number;
    const node = next;
    next += 1;
    numbers[place] = node;
    into.places[node] = place;
    if (node !== begin) {
      const parent = waiting.parents[top] as number;
      const side = waiting.isTrueSide[top] === 1 ? into.trueChildren : into.falseChildren;
      side[parent] = node;
      into.depths[node] = (into.depths[parent] as number) + 1;
    }
    if (columns.modes[place] === 'LEAF') continue;
    if (into.depths[node] === TREE_DEPTH_MAX) {
      throw damaged(`tree ${tree} has more than ${TREE_DEPTH_MAX} levels`);
    }
    for (let isTrueSide = 0; isTrueSide <= 1; isTrueSide += 1) {
      const child = childOf(columns, run, place, isTrueSide === 1, isReached);
      waiting.places[top] = child;
      waiting.parents[top] = node;
      waiting.isTrueSide[top] = isTrueSide;
      top += 1;
    }
  }
  if (next !== end) throw damaged(`tree ${tree} has ${end - next} nodes that its first one does not lead to`);
}

/** Place of a branch's child, which is reached by this. */
function childOf(
  { trees, ids, trueIds, falseIds }: NodeColumns,
  { begin, placeOf }: Run,
  place: number,
  isTrueSide: boolean,
  isReached: Uint8Array,
): number {
  const id = (isTrueSide ? trueIds : falseIds)[place] as number;
  const child = placeOf(id);
  const leads = (): string => `tree ${trees[place]}: node ${ids[place]} leads to node ${id}, which`;
  if (child === undefined) throw damaged(`${leads()} is not there`);
  if (isReached[child - begin] === 1) throw damaged(`${leads()} is reached already: trees have no cycles`);
  isReached[child - begin] = 1;
  return child;
}
