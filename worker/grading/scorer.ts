/** Predicts grades from features. */
export interface Scorer {
  readonly modelVersion: string;
  /**
   * @param features `rowCount` rows of the model's features, row by row; NaN is "absent".
   * @returns probabilities of a … e, `rowCount` x 5, row by row.
   */
  score(features: Float32Array, rowCount: number): Promise<Float32Array>;
}
