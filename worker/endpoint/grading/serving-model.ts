import type { Scorer } from '../../grading/scorer.ts';

/** The model that requests are graded with. */
export interface ServingModel {
  readonly version: string;
  readonly scorer: Scorer;
  /**
   * What each feature adds to each grade's log-odds: grade by grade, the features in their order and last what holds for no
   * product in particular. Takes 1 ms. Undefined where the model's file does not tell what that needs.
   */
  readonly explain: ((features: Float32Array) => Float64Array) | undefined;
}
