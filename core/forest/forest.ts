/** Decision trees that are added up: a TreeEnsembleClassifier or TreeEnsembleRegressor, checked and in one shape. */

/**
 * How sums become labels and scores, as ONNX Runtime does it:
 * `multiclass`: a sum a class, the label is the first of the highest.
 * `pair`: two classes with a sum each; the second is the label where its sum is above 0.
 * `binary`: two classes and one sum; above 0 the second is the label, and scores are those of minus the sum and the sum.
 * `binary-positive`: the same of positive weights alone; above one half, and scores are 1 minus the sum and the sum.
 * `regression`: one sum, no label.
 */
export type ScoreForm = 'multiclass' | 'pair' | 'binary' | 'binary-positive' | 'regression';

export type Transform = 'NONE' | 'SOFTMAX' | 'LOGISTIC';

/**
 * All nodes of all trees in columns. A tree's nodes are numbered depth first, true side first: a node comes after
 * its parent and a tree's root is its first. What a number says of a leaf where it speaks of branches is nothing.
 */
export interface ForestNodes {
  /** Feature that a branch looks at; -1 for a leaf. */
  readonly features: Int32Array;
  /** A branch is true where the order key of the value is below its limit (`order-key.ts`). */
  readonly limits: Int32Array;
  /** 1 where a missing value takes the true side. */
  readonly missingIsTrue: Uint8Array;
  readonly trueChildren: Int32Array;
  readonly falseChildren: Int32Array;
  /** Branches from the root. */
  readonly depths: Uint16Array;
  /**
   * Weight of the training rows that came to each node; contributions need them. Absent where the file has none, or
   * such as do not add up: some exporters write 1 everywhere.
   */
  readonly covers: Float32Array | undefined;
}

/** What leaves add to which sum; of node n those from `starts[n]` to before `starts[n + 1]`, each sum at most once. */
export interface LeafWeights {
  readonly starts: Int32Array;
  readonly sums: Int32Array;
  readonly values: Float32Array;
}

export interface Forest {
  readonly featureCount: number;
  readonly form: ScoreForm;
  readonly transform: Transform;
  /** Sums a row. */
  readonly sumCount: number;
  /** Scores a row. */
  readonly outputCount: number;
  /** What label 0, 1, … stands for; empty for a regression. */
  readonly labels: readonly (number | string)[];
  /** Added to each sum after the last tree. */
  readonly baseValues: Float32Array;
  /** First node of each tree, and the number of nodes at the end. */
  readonly treeStarts: Int32Array;
  readonly nodes: ForestNodes;
  readonly weights: LeafWeights;
  /** Names of the file's output tensors. */
  readonly outputNames: { readonly label: string | undefined; readonly scores: string };
}

/** Deeper trees end ONNX Runtime's process by a stack overflow (at 8,000 levels in a thread), and nobody grows them. */
export const TREE_DEPTH_MAX = 1000;

export function treeCountOf(forest: Forest): number {
  return forest.treeStarts.length - 1;
}
