/** From the bytes of an ONNX file to a forest; everything that the kernel relies on is checked here. */
import type { Forest, ForestNodes, LeafWeights } from './forest.ts';
import { damaged, unsupported } from './forest-error.ts';
import { placeWeights } from './leaf-weights.ts';
import { type NodeColumns, nodeColumns, operatorOf, weightColumns } from './node-columns.ts';
import { FLOAT_ELEMENTS, type OnnxGraph, readOnnxFile } from './onnx-file.ts';
import { orderKey } from './order-key.ts';
import { type PlacedTrees, placeTrees } from './place-trees.ts';
import { labelsOf, scoringOf } from './score-form.ts';

const BRANCH_MODES = ['BRANCH_LT', 'BRANCH_LEQ'] as const;
const OTHER_MODES: readonly string[] = ['BRANCH_GT', 'BRANCH_GTE', 'BRANCH_EQ', 'BRANCH_NEQ'];
/** Covers of both sides add up to the branch's but for float32 sums in some other order. */
const COVER_TOLERANCE = 0.01;

/**
 * @throws {ForestError} `unsupported` for an ONNX file that is another model than a lone ensemble of decision trees
 * whose branches are `<` or `<=`, or one that means something rare; `damaged` for what no program may run.
 */
export function readForest(bytes: Uint8Array): Forest {
  const graph = readOnnxFile(bytes);
  const operator = operatorOf(graph.node);
  const featureCount = featureCountOf(graph);
  const outputNames = outputNamesOf(graph, operator === 'TreeEnsembleClassifier');
  const labels = labelsOf(graph.node, operator);
  const columns = nodeColumns(graph.node);
  const trees = placeTrees(columns);
  const nodes = readNodes(columns, trees, featureCount);
  const isLeaf = (node: number): boolean => nodes.features[node] === -1;
  const sumCount = Math.max(labels.length, 1);
  const weights = placeWeights(weightColumns(graph.node, operator), trees, isLeaf, sumCount);
  const covered = coveredSums(trees.starts, nodes, weights, sumCount);
  const scoring = scoringOf(graph.node, labels, weights, (sum) => covered[sum] === 1);
  return { featureCount, outputNames, ...scoring, treeStarts: trees.starts, nodes, weights };
}

function featureCountOf({ node, inputs }: OnnxGraph): number {
  const [input] = inputs;
  const isLone = inputs.length === 1 && node.inputs.length === 1 && input?.name === node.inputs[0];
  if (!isLone || input === undefined) throw unsupported('its node does not take the one input of the graph');
  if (input.elementType !== FLOAT_ELEMENTS) throw unsupported('its input is not float32');
  const [, width = -1] = input.dimensions;
  if (input.dimensions.length !== 2 || width < 1) throw unsupported('the width of its input is not said');
  return width;
}

function outputNamesOf({ node, outputs }: OnnxGraph, isClassifier: boolean): Forest['outputNames'] {
  const [first = '', second = ''] = node.outputs;
  const scores = isClassifier ? second : first;
  const others = outputs.filter(({ name }) => !node.outputs.includes(name));
  if (others.length > 0) throw unsupported(`nothing in the graph makes its output ${others[0]?.name}`);
  if (!outputs.some(({ name }) => name === scores))
    throw unsupported('its scores are no output of the graph');
  return { label: isClassifier && first !== '' ? first : undefined, scores };
}

function readNodes(columns: NodeColumns, trees: PlacedTrees, featureCount: number): ForestNodes {
  const { places, trueChildren, falseChildren, depths } = trees;
  const count = places.length;
  const features = new Int32Array(count);
  const limits = new Int32Array(count);
  const missingIsTrue = new Uint8Array(count);
  for (let node = 0; node < count; node += 1) {
    const place = places[node] as number;
    if (columns.modes[place] === 'LEAF') {
      features[node] = -1;
      continue;
    }
    features[node] = featureOf(columns, place, featureCount);
    limits[node] = limitOf(columns, place);
    missingIsTrue[node] = columns.missingTracksTrue[place] === 1 ? 1 : 0;
  }
  const read = { features, limits, missingIsTrue, trueChildren, falseChildren, depths };
  return { ...read, covers: coversOf(columns, trees, features) };
}

function featureOf({ trees, ids, features }: NodeColumns, place: number, featureCount: number): number {
  const feature = features[place] as number;
  const isThere = Number.isInteger(feature) && feature >= 0 && feature < featureCount;
  if (isThere) return feature;
  throw damaged(
    `tree ${trees[place]}: node ${ids[place]} looks at feature ${feature}, and rows have ${featureCount}`,
  );
}

function limitOf({ trees, ids, modes, thresholds }: NodeColumns, place: number): number {
  const written = modes[place] as string;
  const mode = BRANCH_MODES.find((name) => name === written);
  if (mode === undefined) {
    const at = `tree ${trees[place]}: node ${ids[place]} has the mode ${written}`;
    throw OTHER_MODES.includes(written) ? unsupported(at) : damaged(`${at}, which there is not`);
  }
  const threshold = thresholds[place] as number;
  if (Number.isNaN(threshold)) throw unsupported(`a threshold of tree ${trees[place]} is NaN`);
  return orderKey(threshold) + (mode === 'BRANCH_LEQ' ? 1 : 0);
}

/** Undefined where there are none, or none that mean a weight of rows. */
function coversOf(columns: NodeColumns, trees: PlacedTrees, features: Int32Array): Float32Array | undefined {
  if (columns.hitRates.length === 0) return undefined;
  const covers = Float32Array.from(trees.places, (place) => columns.hitRates[place] as number);
  for (let node = 0; node < covers.length; node += 1) {
    if (features[node] === -1) continue;
    const cover = covers[node] as number;
    const whenTrue = covers[trees.trueChildren[node] as number] as number;
    const whenFalse = covers[trees.falseChildren[node] as number] as number;
    const isWeight = cover > 0 && whenTrue >= 0 && whenFalse >= 0;
    const addsUp = Math.abs(cover - whenTrue - whenFalse) <= COVER_TOLERANCE * cover;
    if (!isWeight || !addsUp) return undefined;
  }
  return covers;
}

/** 1 for each sum that some tree adds to whatever the row. */
function coveredSums(
  starts: Int32Array,
  { features }: ForestNodes,
  weights: LeafWeights,
  sumCount: number,
): Uint8Array {
  const covered = new Uint8Array(sumCount);
  for (let tree = 0; tree + 1 < starts.length; tree += 1) {
    const counts = new Int32Array(sumCount);
    let leaves = 0;
    for (let node = starts[tree] as number; node < (starts[tree + 1] as number); node += 1) {
      if (features[node] !== -1) continue;
      leaves += 1;
      for (let at = weights.starts[node] as number; at < (weights.starts[node + 1] as number); at += 1) {
        const sum = weights.sums[at] as number;
        counts[sum] = (counts[sum] as number) + 1;
      }
    }
    counts.forEach((count, sum) => {
      if (count === leaves) covered[sum] = 1;
    });
  }
  return covered;
}
