/** The attributes of a tree ensemble as columns of equal length, and what they may be called. */
import { damaged, unsupported } from './forest-error.ts';
import type { OnnxAttribute, OnnxNode } from './onnx-file.ts';

/** One entry a node, in the order of the file. */
export interface NodeColumns {
  readonly trees: Float64Array;
  readonly ids: Float64Array;
  readonly modes: readonly string[];
  readonly features: Float64Array;
  readonly thresholds: Float32Array;
  readonly trueIds: Float64Array;
  readonly falseIds: Float64Array;
  /** Empty where no branch says where missing values go: then all take the false side. */
  readonly missingTracksTrue: Float64Array;
  /** Empty where there are none. */
  readonly hitRates: Float32Array;
}

/** One entry a weight: what it adds to which class or target, at which node of which tree. */
export interface WeightColumns {
  readonly trees: Float64Array;
  readonly ids: Float64Array;
  readonly sums: Float64Array;
  readonly values: Float32Array;
}

const KINDS = {
  TreeEnsembleClassifier: {
    weights: ['class_treeids', 'class_nodeids', 'class_ids', 'class_weights'],
    own: ['classlabels_int64s', 'classlabels_strings'],
  },
  TreeEnsembleRegressor: {
    weights: ['target_treeids', 'target_nodeids', 'target_ids', 'target_weights'],
    own: ['n_targets', 'aggregate_function'],
  },
} as const;
export type EnsembleOperator = keyof typeof KINDS;

const NODE_ATTRIBUTES = [
  'nodes_treeids',
  'nodes_nodeids',
  'nodes_modes',
  'nodes_featureids',
  'nodes_values',
  'nodes_truenodeids',
  'nodes_falsenodeids',
  'nodes_missing_value_tracks_true',
  'nodes_hitrates',
] as const;
const SHARED_ATTRIBUTES = ['base_values', 'post_transform'];

const NONE: OnnxAttribute = {
  floats: new Float32Array(0),
  integers: new Float64Array(0),
  strings: [],
  text: undefined,
  integer: undefined,
};

export function attributeOf(node: OnnxNode, name: string): OnnxAttribute {
  return node.attributes.get(name) ?? NONE;
}

/** @throws {ForestError} `unsupported` for another operator, or an attribute that changes what an ensemble means. */
export function operatorOf(node: OnnxNode): EnsembleOperator {
  const { operator, domain } = node;
  const isEnsemble = operator === 'TreeEnsembleClassifier' || operator === 'TreeEnsembleRegressor';
  if (!isEnsemble || domain !== 'ai.onnx.ml') {
    throw unsupported(`its node is ${domain}.${operator}, not a tree ensemble`);
  }
  const { weights, own } = KINDS[operator];
  const known: readonly string[] = [...NODE_ATTRIBUTES, ...SHARED_ATTRIBUTES, ...weights, ...own];
  for (const name of node.attributes.keys()) {
    if (!known.includes(name)) throw unsupported(`attribute ${name} is not known`);
  }
  return operator;
}

/** @throws {ForestError} `damaged` when columns differ in length or there is no node. */
export function nodeColumns(node: OnnxNode): NodeColumns {
  const integers = (name: string): Float64Array => attributeOf(node, name).integers;
  const floats = (name: string): Float32Array => attributeOf(node, name).floats;
  const columns: NodeColumns = {
    trees: integers('nodes_treeids'),
    ids: integers('nodes_nodeids'),
    modes: attributeOf(node, 'nodes_modes').strings,
    features: integers('nodes_featureids'),
    thresholds: floats('nodes_values'),
    trueIds: integers('nodes_truenodeids'),
    falseIds: integers('nodes_falsenodeids'),
    missingTracksTrue: integers('nodes_missing_value_tracks_true'),
    hitRates: floats('nodes_hitrates'),
  };
  const { missingTracksTrue, hitRates, ...needed } = columns;
  const count = columns.trees.length;
  if (count === 0) throw damaged('it has no tree');
  for (const [name, { length }] of Object.entries(needed)) checkLength(name, length, count);
  if (missingTracksTrue.length > 0) checkLength('missingTracksTrue', missingTracksTrue.length, count);
  if (hitRates.length > 0) checkLength('hitRates', hitRates.length, count);
  return columns;
}

/** @throws {ForestError} `damaged` when columns differ in length. */
export function weightColumns(node: OnnxNode, operator: EnsembleOperator): WeightColumns {
  const [trees, ids, sums, values] = KINDS[operator].weights;
  const columns: WeightColumns = {
    trees: attributeOf(node, trees).integers,
    ids: attributeOf(node, ids).integers,
    sums: attributeOf(node, sums).integers,
    values: attributeOf(node, values).floats,
  };
  for (const [name, { length }] of Object.entries(columns)) {
    checkLength(`weights: ${name}`, length, columns.values.length);
  }
  return columns;
}

function checkLength(name: string, length: number, count: number): void {
  if (length !== count) throw damaged(`${name} has ${length} entries where ${count} are needed`);
}
