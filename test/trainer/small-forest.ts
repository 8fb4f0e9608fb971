/** A small forest trained on made numbers with gaps, for tests. */

import { createRandom } from '../../trainer/random.ts';
import {
  Booster,
  type BoosterParameters,
  type FeatureRows,
  TrainingMatrix,
} from '../../trainer/xgboost/booster.ts';
import { findXgboost, loadXgboost, type XgboostLibrary } from '../../trainer/xgboost/xgboost-library.ts';

export const CLASSES = 5;

/** Every fifth value is missing; classes follow the sum of the first two, so that there is something to learn. */
export function madeRows(
  rowCount: number,
  featureCount: number,
): { rows: FeatureRows; labels: Float32Array } {
  const random = createRandom(11, 'rows');
  const values = new Float32Array(rowCount * featureCount).map(() =>
    random.chance(0.2) ? Number.NaN : Math.round(random.next() * 100) / 10,
  );
  const labels = Float32Array.from({ length: rowCount }, (_, row) => {
    const first = values[row * featureCount] ?? 0;
    const second = values[row * featureCount + 1] ?? 0;
    return Math.min(CLASSES - 1, Math.floor(((first || 0) + (second || 5)) / 4));
  });
  return { rows: { values, rowCount, featureCount }, labels };
}

export function library(): XgboostLibrary {
  return loadXgboost(findXgboost(process.env));
}

export interface SmallForest {
  readonly json: string;
  readonly rows: FeatureRows;
  readonly labels: Float32Array;
  /** XGBoost's own predictions for the rows. */
  readonly probabilities: Float32Array;
}

export function trainSmallForest(rounds: number, parameters: BoosterParameters = {}): SmallForest {
  const xgboost = library();
  const { rows, labels } = madeRows(3000, 4);
  using matrix = new TrainingMatrix(xgboost, rows, labels);
  using booster = new Booster(xgboost, [matrix], {
    objective: 'multi:softprob',
    num_class: CLASSES,
    max_depth: 5,
    nthread: 1,
    ...parameters,
  });
  for (let round = 0; round < rounds; round += 1) booster.update(round, matrix);
  return { json: booster.toJson(), rows, labels, probabilities: booster.predict(matrix, CLASSES) };
}
