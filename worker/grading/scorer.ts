/** What runs a model: the kernel of `core/forest`, or ONNX Runtime. */
export const ENGINES = ['forest', 'onnxruntime'] as const;
export type Engine = (typeof ENGINES)[number];

/** Predicts grades from features. */
export interface Scorer {
  readonly modelVersion: string;
  readonly engine: Engine;
  /**
   * @param features `rowCount` rows of the model's features, row by row; NaN is "absent".
   * @returns probabilities of a … e, `rowCount` x 5, row by row.
   */
  score(features: Float32Array, rowCount: number): Promise<Float32Array>;
  /**
   * The same within the caller's turn, which it holds up (the kernel: 5 µs for a single row). Undefined where the
   * engine has no such call.
   */
  readonly scoreSync: ((features: Float32Array, rowCount: number) => Float32Array) | undefined;
}

/** A scorer that can be tried against another. */
export interface ComparableScorer extends Scorer {
  /** The engine's own labels of the rows: numbers of grades. */
  label(features: Float32Array, rowCount: number): Promise<Int32Array>;
  /** Gives its memory back; it scores no more. */
  release(): Promise<void>;
}
