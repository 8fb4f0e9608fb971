/** Lays a forest out for explanations: its nodes depth first, each with the share of rows that come to it. */
import * as fields from './explanation-fields.ts';
import { type Forest, type ForestNodes, treeCountOf } from './forest.ts';
import { unsupported } from './forest-error.ts';
import { gaussLegendre } from './gauss-legendre.ts';
import { IMAGE_BEGIN } from './image-fields.ts';
import type { MemoryImage } from './packed-memory.ts';

export type ExplanationImage = MemoryImage<{
  readonly head: number;
  readonly contributions: number;
  readonly values: number;
}>;

const PAGE_BYTES = 65_536;
const PAIR = 16;

/** What each node's edge is: the feature asked, its last edge above, and the share of rows up to here. */
interface Edges {
  /** Feature that led here; -1 at a root. */
  readonly features: Int32Array;
  /** Depth of the node that the last edge of the same feature leads to; 0 where there is none. */
  readonly sameDepths: Uint16Array;
  readonly shares: Float64Array;
  /** Most different features on one path. */
  readonly pathFeaturesMax: number;
}

/** @throws {ForestError} `unsupported` when the file tells no covers. */
export function layExplanation(forest: Forest): ExplanationImage {
  const { nodes, featureCount, sumCount } = forest;
  const { covers } = nodes;
  if (covers === undefined) {
    throw unsupported(
      'it does not tell how many rows came to each node (nodes_hitrates), without which nothing can be attributed: ' +
        'export it with this version of the trainer',
    );
  }
  const edges = edgesOf(forest, covers);
  // m features on a path need m / 2 points; they go in pairs.
  const pairCount = Math.max(1, Math.ceil(edges.pathFeaturesMax / 4));
  const stepBytes = fields.STEP_PAIRS + pairCount * (fields.PAIR_BYTES + sumCount * PAIR);
  const depthMax = nodes.depths.reduce((most, depth) => Math.max(most, depth), 0);
  const nodeCount = nodes.features.length;
  const leafCount = nodes.features.reduce((count, feature) => count + (feature === -1 ? 1 : 0), 0);
  const sizes = {
    head: fields.HEAD_BYTES,
    points: pairCount * PAIR,
    pointWeights: pairCount * PAIR,
    keys: featureCount * 8,
    values: featureCount * 4,
    contributions: featureCount * sumCount * PAIR,
    // One for "no edge", then one for each depth.
    steps: (depthMax + 2) * stepBytes,
    nodes: nodeCount * fields.NODE_BYTES,
    leaves: leafCount * sumCount * 8,
  };
  const at = placesOf(sizes);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(at.end / PAGE_BYTES) });
  const words = new Uint32Array(memory.buffer);
  const doubles = new Float64Array(memory.buffer);
  const head: readonly (readonly [field: number, value: number])[] = [
    [fields.NODES, at.nodes],
    [fields.NODE_COUNT, nodeCount],
    [fields.FEATURE_COUNT, featureCount],
    [fields.SUM_COUNT, sumCount],
    [fields.PAIR_COUNT, pairCount],
    [fields.POINTS, at.points],
    [fields.POINT_WEIGHTS, at.pointWeights],
    [fields.KEYS, at.keys],
    [fields.STEPS, at.steps],
    [fields.CONTRIBUTIONS, at.contributions],
  ];
  for (const [field, value] of head) words[(at.head + field) / 4] = value;
  const { points, weights } = gaussLegendre(pairCount * 2);
  doubles.set(points, at.points / 8);
  doubles.set(weights, at.pointWeights / 8);
  words[(at.steps + fields.STEP_IS_TAKEN) / 4] = 1;
  for (let pair = 0; pair < pairCount; pair += 1) {
    const inverse = at.steps + fields.STEP_PAIRS + pair * fields.PAIR_BYTES + fields.PAIR_INVERSE;
    doubles.fill(1, inverse / 8, inverse / 8 + 2);
  }
  writeNodes(memory, forest, edges, at, stepBytes);
  return { memory, at };
}

type Places<Part extends string> = Readonly<Record<Part | 'end', number>>;

function placesOf<Part extends string>(sizes: Readonly<Record<Part, number>>): Places<Part> {
  const at = { end: IMAGE_BEGIN } as Record<Part | 'end', number>; // filled for every part just below
  for (const part of Object.keys(sizes) as Part[]) {
    at[part] = at.end;
    at.end += Math.ceil(sizes[part] / PAIR) * PAIR;
  }
  return at;
}

function edgesOf({ nodes, treeStarts, featureCount }: Forest, covers: Float32Array): Edges {
  const count = nodes.features.length;
  const features = new Int32Array(count).fill(-1);
  const sameDepths = new Uint16Array(count);
  const shares = new Float64Array(count).fill(1);
  let pathFeaturesMax = 0;
  // Of the path to the node at hand: for each feature, its last edge's node; features are put back on the way up.
  const lastNodes = new Int32Array(featureCount).fill(-1);
  const path: number[] = [];
  const hidden: number[] = [];
  let pathFeatures = 0;
  const leave = (): void => {
    // Called only while there is a path.
    const node = path.pop() as number;
    const before = hidden.pop() as number;
    lastNodes[features[node] as number] = before;
    if (before === -1) pathFeatures -= 1;
  };
  const parents = parentsOf(nodes);
  for (let tree = 0; tree + 1 < treeStarts.length; tree += 1) {
    for (let node = (treeStarts[tree] as number) + 1; node < (treeStarts[tree + 1] as number); node += 1) {
      while (path.length >= (nodes.depths[node] as number)) leave();
      const parent = parents[node] as number;
      const feature = nodes.features[parent] as number;
      const same = lastNodes[feature] as number;
      features[node] = feature;
      sameDepths[node] = same === -1 ? 0 : (nodes.depths[same] as number);
      const before = same === -1 ? 1 : (shares[same] as number);
      shares[node] = before * ((covers[node] as number) / (covers[parent] as number));
      path.push(node);
      hidden.push(same);
      lastNodes[feature] = node;
      if (same === -1) pathFeatures += 1;
      pathFeaturesMax = Math.max(pathFeaturesMax, pathFeatures);
    }
    while (path.length > 0) leave();
  }
  return { features, sameDepths, shares, pathFeaturesMax };
}

function parentsOf({ features, trueChildren, falseChildren }: ForestNodes): Int32Array {
  const parents = new Int32Array(features.length).fill(-1);
  features.forEach((feature, node) => {
    if (feature === -1) return;
    parents[trueChildren[node] as number] = node;
    parents[falseChildren[node] as number] = node;
  });
  return parents;
}

function writeNodes(
  memory: WebAssembly.Memory,
  { nodes, weights, sumCount }: Forest,
  { features, sameDepths, shares }: Edges,
  at: Places<'nodes' | 'leaves'>,
  stepBytes: number,
): void {
  const words = new Uint32Array(memory.buffer);
  const integers = new Int32Array(memory.buffer);
  const doubles = new Float64Array(memory.buffer);
  let leaf = at.leaves;
  const isTrueSide = new Uint8Array(nodes.features.length);
  for (let node = 0; node < nodes.features.length; node += 1) {
    const record = at.nodes + node * fields.NODE_BYTES;
    const set = (field: number, value: number): void => {
      words[(record + field) / 4] = value;
    };
    const feature = nodes.features[node] as number;
    const edgeFeature = features[node] as number;
    const same = sameDepths[node] as number;
    set(fields.NODE_STEP, ((nodes.depths[node] as number) + 1) * stepBytes);
    set(fields.NODE_SAME, same === 0 ? 0 : (same + 1) * stepBytes);
    set(fields.NODE_FEATURE, Math.max(edgeFeature, 0) * sumCount * PAIR);
    set(
      fields.NODE_KIND,
      (isTrueSide[node] === 1 ? fields.KIND_TRUE_SIDE : 0) |
        (feature === -1 ? fields.KIND_LEAF : 0) |
        (edgeFeature === -1 ? fields.KIND_ROOT : 0),
    );
    doubles[(record + fields.NODE_SHARE) / 8] = shares[node] as number;
    if (feature === -1) {
      set(fields.NODE_LEAF, leaf);
      for (let of = weights.starts[node] as number; of < (weights.starts[node + 1] as number); of += 1) {
        doubles[leaf / 8 + (weights.sums[of] as number)] = weights.values[of] as number;
      }
      leaf += sumCount * 8;
    } else {
      integers[(record + fields.NODE_LIMIT) / 4] = nodes.limits[node] as number;
      set(fields.NODE_KEY, feature * 8 + (nodes.missingIsTrue[node] === 1 ? 4 : 0));
      isTrueSide[nodes.trueChildren[node] as number] = 1;
    }
  }
}

/**
 * What the forest says before it sees anything: for each sum the base value and, of each tree, the mean of its
 * leaves over the rows of training.
 */
export function expectedSums(forest: Forest, covers: Float32Array): Float64Array {
  const { nodes, weights, treeStarts } = forest;
  const expected = Float64Array.from(forest.baseValues);
  const reach = new Float64Array(nodes.features.length);
  for (let tree = 0; tree < treeCountOf(forest); tree += 1) reach[treeStarts[tree] as number] = 1;
  for (let node = 0; node < reach.length; node += 1) {
    const share = reach[node] as number;
    if (nodes.features[node] !== -1) {
      for (const side of [nodes.trueChildren, nodes.falseChildren]) {
        const child = side[node] as number;
        reach[child] = share * ((covers[child] as number) / (covers[node] as number));
      }
      continue;
    }
    for (let at = weights.starts[node] as number; at < (weights.starts[node + 1] as number); at += 1) {
      const sum = weights.sums[at] as number;
      expected[sum] = (expected[sum] as number) + share * (weights.values[at] as number);
    }
  }
  return expected;
}
