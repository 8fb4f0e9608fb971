/** Reads the trees out of XGBoost's own JSON, into the columns that ONNX's TreeEnsembleClassifier asks for. */
import Type from 'typebox';
import { createParser } from '../../schemas/parse.ts';

/** Nodes of all trees, one entry a node. */
export interface EnsembleNodes {
  readonly trees: readonly number[];
  readonly nodes: readonly number[];
  readonly isLeaf: readonly number[];
  readonly features: readonly number[];
  /** A branch goes to `trueNodes` where the feature is below the value (float32). */
  readonly values: readonly number[];
  readonly trueNodes: readonly number[];
  readonly falseNodes: readonly number[];
  readonly missingTracksTrue: readonly number[];
  /** Weight of the training rows that came here: the sum of their second derivatives. Explanations need it. */
  readonly covers: readonly number[];
}

/** Leaves of all trees, one entry a leaf: what it adds to which class. */
export interface EnsembleLeaves {
  readonly trees: readonly number[];
  readonly nodes: readonly number[];
  readonly classes: readonly number[];
  readonly weights: readonly number[];
}

export interface TreeEnsemble {
  readonly featureCount: number;
  readonly classCount: number;
  readonly treeCount: number;
  readonly maxDepth: number;
  readonly baseValues: readonly number[];
  readonly nodes: EnsembleNodes;
  readonly leaves: EnsembleLeaves;
}

const NumberLike = Type.Union([Type.Number(), Type.Boolean()]);
const Tree = Type.Object({
  left_children: Type.Array(Type.Integer()),
  right_children: Type.Array(Type.Integer()),
  split_indices: Type.Array(Type.Integer()),
  /** Threshold of a branch, weight of a leaf. */
  split_conditions: Type.Array(Type.Number()),
  default_left: Type.Array(NumberLike),
  sum_hessian: Type.Array(Type.Number()),
  split_type: Type.Optional(Type.Array(Type.Integer())),
});

/** The part of XGBoost's JSON that is read; equal in 1.7 and 3.x but for `base_score`. */
const BoosterJson = Type.Object({
  learner: Type.Object({
    gradient_booster: Type.Object({
      model: Type.Object({ trees: Type.Array(Tree), tree_info: Type.Array(Type.Integer()) }),
    }),
    learner_model_param: Type.Object({
      base_score: Type.String(),
      num_class: Type.String(),
      num_feature: Type.String(),
    }),
  }),
});
const parser = createParser('the booster’s JSON', BoosterJson);

/**
 * @throws {SchemaError} when the text is not a tree booster's JSON, {RangeError} when it splits on categories,
 * which ONNX's BRANCH_LT cannot say.
 */
export function readBoosterJson(json: string): TreeEnsemble {
  const { learner } = parser.parse(JSON.parse(json));
  const { trees, tree_info: classes } = learner.gradient_booster.model;
  const classCount = Number(learner.learner_model_param.num_class);
  const columns = emptyColumns();
  let maxDepth = 0;
  trees.forEach((tree, index) => {
    if (tree.split_type?.some((type) => type !== 0))
      throw new RangeError(`tree ${index} splits on categories`);
    appendTree(tree, index, classes[index] ?? 0, columns);
    maxDepth = Math.max(maxDepth, depthOf(tree, 0));
  });
  return {
    featureCount: Number(learner.learner_model_param.num_feature),
    classCount,
    treeCount: trees.length,
    maxDepth,
    baseValues: readBaseScore(learner.learner_model_param.base_score, classCount),
    ...columns,
  };
}

/** A number for all classes in 1.7 (`5E-1`), a list with one or one a class later (`[5E-1]`). */
export function readBaseScore(written: string, classCount: number): number[] {
  const parsed: unknown = JSON.parse(written);
  const scores = (Array.isArray(parsed) ? parsed : [parsed]).map(Number);
  const isUsable = scores.length === 1 || scores.length === classCount;
  if (!isUsable || scores.some(Number.isNaN)) throw new RangeError(`base_score ${written} is not understood`);
  return Array.from({ length: classCount }, (_, label) => scores[label] ?? scores[0] ?? 0);
}

function emptyColumns() {
  const list = (): number[] => [];
  return {
    nodes: {
      trees: list(),
      nodes: list(),
      isLeaf: list(),
      features: list(),
      values: list(),
      trueNodes: list(),
      falseNodes: list(),
      missingTracksTrue: list(),
      covers: list(),
    },
    leaves: { trees: list(), nodes: list(), classes: list(), weights: list() },
  };
}

type Columns = ReturnType<typeof emptyColumns>;
type Tree = Type.Static<typeof Tree>;

/**
 * Nodes that pruning deleted stay in XGBoost's lists, and ONNX Runtime takes a node that no other leads to for
 * a root: so only what the root leads to is written, breadth first, with new numbers.
 */
function appendTree(tree: Tree, index: number, label: number, { nodes, leaves }: Columns): void {
  const reached = [0];
  for (let node = 0; node < reached.length; node += 1) {
    const place = reached[node] ?? 0;
    const left = tree.left_children[place] ?? -1;
    const isLeaf = left === -1;
    const value = Math.fround(tree.split_conditions[place] ?? 0);
    nodes.trees.push(index);
    nodes.nodes.push(node);
    nodes.isLeaf.push(isLeaf ? 1 : 0);
    nodes.features.push(isLeaf ? 0 : (tree.split_indices[place] ?? 0));
    nodes.values.push(isLeaf ? 0 : value);
    nodes.trueNodes.push(isLeaf ? 0 : reached.length);
    nodes.falseNodes.push(isLeaf ? 0 : reached.length + 1);
    nodes.missingTracksTrue.push(!isLeaf && tree.default_left[place] ? 1 : 0);
    nodes.covers.push(Math.fround(tree.sum_hessian[place] ?? 0));
    if (!isLeaf) {
      reached.push(left, tree.right_children[place] ?? -1);
      continue;
    }
    leaves.trees.push(index);
    leaves.nodes.push(node);
    leaves.classes.push(label);
    leaves.weights.push(value);
  }
}

function depthOf(tree: Tree, node: number): number {
  const left = tree.left_children[node] ?? -1;
  if (left === -1) return 0;
  return 1 + Math.max(depthOf(tree, left), depthOf(tree, tree.right_children[node] ?? -1));
}
