/** A forest that grows by one round at a time and says after each how good and how slow it has become. */
import { GRADES } from '../../../schemas/grade.ts';
import { ModelParameters } from '../../../schemas/model-parameters.ts';
import { createParser } from '../../../schemas/parse.ts';
import { createForest, type GrowingForest } from '../../forest/grow-forest.ts';
import { readBoosterJson } from '../../onnx/tree-ensemble.ts';
import type { FeatureRows } from '../../xgboost/booster.ts';
import type { XgboostLibrary } from '../../xgboost/xgboost-library.ts';
import type { ParameterValues } from '../tpe/search-space.ts';
import { visitsAllowed, visitsPerRow } from './predicted-speed.ts';

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
export interface TrialForest extends Disposable {
  /** Rounds that it is grown for; no more may be asked of it. */
  readonly roundsMax: number;
  grow(): GrownRound;
}

/** Rows that are walked through the trees: their depth is known to 1 % from so many. */
const WALKED_ROWS = 256;
/**
 * A forest is walked again when it has grown by this factor. Reading all its trees takes longer than growing one;
 * between two walks trees are taken for those before the first, which was within 2 % on the project's rows.
 */
const WALK_GROWTH = 1.25;
const ROUNDS_MAX = 2000;
/** Rounds of a first forest that only tells how large its trees are. */
const PROBE_ROUNDS = 8;

const parser = createParser('the parameters of a trial', ModelParameters);

/**
 * The forest that `npm run train` grows, on one thread. Blocks while it grows. Its steps depend on how many rounds
 * there will be: as many as fit into the budget, by the size of its first trees.
 */
export function createTrialForest(
  library: XgboostLibrary,
  { training, validation }: TuningRows,
  parameters: ParameterValues,
  seed: number,
  rowsPerSecond: number,
): TrialForest {
  const create = (rounds: number) =>
    createForest(library, training, validation, GRADES.length, {
      ...parser.parse({ ...parameters, num_boost_round: rounds }),
      early_stopping_rounds: 0,
      refit_passes: 0,
      seed,
      nthread: 1,
    });
  const walked = spreadRows(validation.features, WALKED_ROWS);
  const walk = (of: GrowingForest): number => visitsPerRow(readBoosterJson(of.structure()), walked);
  const roundsMax = roundsWithin(rowsPerSecond, create(ROUNDS_MAX), walk);
  const forest = create(roundsMax);
  let rounds = 0;
  let visits = 0;
  let lastWalk = { rounds: 0, visits: 0 };
  let nextWalk = 1;
  let visitsPerRound = 0;
  return {
    roundsMax,
    grow() {
      const { validationLoss } = forest.grow();
      rounds += 1;
      let total = visits + visitsPerRound;
      if (rounds >= nextWalk) {
        total = walk(forest);
        visitsPerRound = (total - lastWalk.visits) / (rounds - lastWalk.rounds);
        lastWalk = { rounds, visits: total };
        nextWalk = Math.ceil(rounds * WALK_GROWTH);
      }
      const addedVisits = total - visits;
      visits = total;
      return { logLoss: validationLoss, addedVisits };
    },
    [Symbol.dispose]: () => forest[Symbol.dispose](),
  };
}

function roundsWithin(
  rowsPerSecond: number,
  probe: GrowingForest,
  walk: (of: GrowingForest) => number,
): number {
  using grown = probe;
  for (let round = 0; round < PROBE_ROUNDS; round += 1) grown.grow();
  const rounds = (visitsAllowed(rowsPerSecond) / Math.max(1, walk(grown))) * PROBE_ROUNDS;
  return Math.max(1, Math.min(ROUNDS_MAX, Math.round(rounds)));
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
