/** A forest that grows by one round at a time and says after each how good and how slow it has become. */
import { GRADES } from '../../../schemas/grade.ts';
import { readBoosterJson } from '../../onnx/tree-ensemble.ts';
import { Booster, type FeatureRows, TrainingMatrix } from '../../xgboost/booster.ts';
import type { XgboostLibrary } from '../../xgboost/xgboost-library.ts';
import type { ParameterValues } from '../tpe/search-space.ts';
import { visitsPerRow } from './predicted-speed.ts';

/** Rows with labels and weights, as they are handed to threads: on shared memory. */
export interface WeightedRows {
  readonly features: FeatureRows;
  readonly labels: Float32Array;
  readonly weights: Float32Array;
}

export interface TuningRows {
  readonly training: WeightedRows;
  /** Of products that are not among those of `training`. */
  readonly validation: WeightedRows;
}

export interface GrownRound {
  /** Of the validation rows, weighted, nats. */
  readonly logLoss: number;
  /** Branches that the round's trees add to what a row visits. */
  readonly addedVisits: number;
}

/** The smallest port of a trial: what is trained may be any forest. */
export interface GrowingForest extends Disposable {
  grow(): GrownRound;
}

/** Rows that are walked through the newest trees: their depth is known to 1 % from so many. */
const WALKED_ROWS = 256;

/** `multi:softprob` of libxgboost, one tree for each grade a round, on one thread. Blocks while it grows. */
export function createSoftprobForest(
  library: XgboostLibrary,
  { training, validation }: TuningRows,
  parameters: ParameterValues,
  seed: number,
): GrowingForest {
  const matrices = [training, validation].map(
    ({ features, labels, weights }) => new TrainingMatrix(library, features, labels, weights),
  ) as [TrainingMatrix, TrainingMatrix]; // map forgets that there are two
  const [trainingMatrix, validationMatrix] = matrices;
  const booster = new Booster(library, matrices, {
    objective: 'multi:softprob',
    num_class: GRADES.length,
    tree_method: 'hist',
    // As the trainer does; `max_leaves` needs it.
    grow_policy: 'lossguide',
    ...parameters,
    seed,
    nthread: 1,
  });
  const walked = spreadRows(validation.features, WALKED_ROWS);
  let round = 0;
  return {
    grow() {
      booster.update(round, trainingMatrix);
      const logLoss = booster.evaluate(round, validationMatrix);
      using newest = booster.slice(round, round + 1);
      round += 1;
      return { logLoss, addedVisits: visitsPerRow(readBoosterJson(newest.toJson()), walked) };
    },
    [Symbol.dispose]() {
      booster[Symbol.dispose]();
      for (const matrix of matrices) matrix[Symbol.dispose]();
    },
  };
}

/** Every so manieth row: the first ones are all of one source. */
function spreadRows({ values, rowCount, featureCount }: FeatureRows, count: number): FeatureRows {
  const kept = Math.min(count, rowCount);
  const picked = new Float32Array(kept * featureCount);
  for (let at = 0; at < kept; at += 1) {
    const row = Math.floor((at * rowCount) / kept);
    picked.set(values.subarray(row * featureCount, (row + 1) * featureCount), at * featureCount);
  }
  return { values: picked, rowCount: kept, featureCount };
}
