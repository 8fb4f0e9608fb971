/**
 * Trains a forest whose trees each speak for all five grades.
 *
 * XGBoost's `multi:softprob` grows five trees a round, one a grade, and each of them has to find the same
 * thresholds. Here libxgboost grows one tree a round on the gradient along one direction in the space of the grades
 * (mostly their order: how far up or down), and its leaves get a value for every grade by a Newton step on the
 * softmax loss (`leaf-steps.ts`); in the end all leaves are gone through once more (`refit-leaves.ts`). At the same number of trees, so at the same speed, the forest has five times the
 * rounds. The idea: L. Iosipoi and A. Vakhrushev, SketchBoost (NeurIPS 2022), with directions that follow from the
 * order of the grades in place of random ones. Figures: docs/adr/0007-one-tree-for-all-grades.md.
 */
import { createRandom, type Random } from '../random.ts';
import { Booster, type BoosterParameters, TrainingMatrix } from '../xgboost/booster.ts';
import type { XgboostLibrary } from '../xgboost/xgboost-library.ts';
import {
  addSteps,
  type BoostingState,
  createState,
  type ForestRows,
  lossOf,
  priorMargins,
  type TreeSteps,
} from './boosting-state.ts';
import { leafSteps, sumLeaves } from './leaf-steps.ts';
import { type RefitPass, refitLeaves } from './refit-leaves.ts';

export interface ForestParameters {
  readonly num_boost_round: number;
  readonly max_depth: number;
  readonly max_leaves: number;
  readonly eta: number;
  readonly subsample: number;
  readonly colsample_bytree: number;
  readonly min_child_weight: number;
  readonly reg_lambda: number;
  readonly gamma: number;
  /** Rounds without a better validation loss after which training stops; 0 for never. */
  readonly early_stopping_rounds: number;
  /** Passes over all leaves after the last round, at most; a pass that makes the validation loss worse is undone. */
  readonly refit_passes: number;
  readonly seed: number;
  readonly nthread: number;
}

export interface GrownForest {
  /** XGBoost's JSON: the structure of the trees, one a round; its own leaf values mean nothing. */
  readonly structure: string;
  readonly steps: readonly TreeSteps[];
  /** Margins before the first tree. */
  readonly baseMargins: Float32Array;
  readonly classCount: number;
  /** Log losses after each round, also after those that were not kept. */
  readonly losses: readonly Losses[];
  /** Log losses after each pass of refitting that was kept. */
  readonly refits: readonly Losses[];
}

export interface Losses {
  readonly training: number;
  readonly validation: number;
}

/** Every sixth tree widens or narrows, the others move up or down: grades are ordered, spreads differ by what is missing. */
const SPREAD_EVERY = 6;
/** Steps shrink evenly over the second half of the rounds, to this share: large steps find the shape, small ones settle. */
const LAST_STEP_SHARE = 0.2;
/** A leaf of rows that are all certain has hardly a second derivative: no step goes further than this. */
const STEP_MAX = 8;
const HESSIAN_MIN = 1e-6;
/** Of lambda 2 to 60 and damping 0.3 to 1 on the project's rows: none was better, and smaller ones overfit. */
const REFIT = { lambda: 20, damping: 0.3, stepMax: STEP_MAX } as const;

/** A forest that grows by one tree at a time. */
export interface GrowingForest extends Disposable {
  /** Grows one tree; blocks until it is done. */
  grow(): GrownRound;
  /** Takes the newest trees back until there are so many. They stay in `structure`. */
  cutTo(rounds: number, steps: readonly TreeSteps[]): void;
  /** One pass over the leaves of all trees that count; their steps as they were, and as they become. */
  refit(steps: readonly TreeSteps[]): RefitPass;
  /** XGBoost's JSON of the trees so far, one a round; its leaf values mean nothing. */
  structure(): string;
  readonly baseMargins: Float32Array;
}

export interface GrownRound {
  readonly steps: TreeSteps;
  /** Log losses with the new tree, in nats, weighted. */
  readonly trainingLoss: number;
  readonly validationLoss: number;
}

/** @param validation rows of products that are not among `training`. */
export function createForest(
  library: XgboostLibrary,
  training: ForestRows,
  validation: ForestRows,
  classCount: number,
  parameters: ForestParameters,
): GrowingForest {
  const matrix = new TrainingMatrix(library, training.features, training.labels);
  const validationMatrix = new TrainingMatrix(library, validation.features, validation.labels);
  const booster = new Booster(library, [matrix, validationMatrix], structureParameters(parameters));
  const baseMargins = priorMargins(training, classCount);
  const own = createState(training, baseMargins);
  const other = createState(validation, baseMargins);
  const { rowCount } = training.features;
  const gradients = new Float32Array(rowCount);
  const hessians = new Float32Array(rowCount);
  const leavesOf = (tree: number) => ({
    training: booster.leavesOf(matrix, tree),
    validation: booster.leavesOf(validationMatrix, tree),
  });
  let round = 0;
  return {
    baseMargins,
    grow() {
      writeGradients(own, directionOf(round, classCount), gradients, hessians);
      dropRows(gradients, hessians, 1 - parameters.subsample, createRandom(parameters.seed, `rows ${round}`));
      booster.boost(matrix, gradients, hessians);
      const leaves = leavesOf(round);
      const leafCount = leaves.training.reduce((highest, leaf) => Math.max(highest, leaf), 0) + 1;
      const { labels, weights } = training;
      const sums = sumLeaves(leaves.training, leafCount, own.probabilities, labels, weights, classCount);
      const eta = parameters.eta * stepShare(round / parameters.num_boost_round);
      const steps = leafSteps(sums, { eta, lambda: parameters.reg_lambda, stepMax: STEP_MAX });
      addSteps(own, leaves.training, steps, classCount);
      addSteps(other, leaves.validation, steps, classCount);
      round += 1;
      return { steps, trainingLoss: lossOf(own), validationLoss: lossOf(other) };
    },
    cutTo(rounds, steps) {
      for (let tree = steps.length - 1; tree >= rounds; tree -= 1) {
        const taken = (steps[tree] as TreeSteps).map((step) => -step);
        const leaves = leavesOf(tree);
        addSteps(own, leaves.training, taken, classCount);
        addSteps(other, leaves.validation, taken, classCount);
      }
    },
    refit: (steps) => refitLeaves(own, other, steps, leavesOf, classCount, REFIT),
    structure: () => booster.toJson(),
    [Symbol.dispose]() {
      for (const held of [booster, validationMatrix, matrix]) held[Symbol.dispose]();
    },
  };
}

/**
 * Grows to the round with the least validation loss.
 * @param report called after every round with the validation loss.
 */
export function growForest(
  library: XgboostLibrary,
  training: ForestRows,
  validation: ForestRows,
  classCount: number,
  parameters: ForestParameters,
  report: (round: number, loss: number) => void = () => {},
): GrownForest {
  using forest = createForest(library, training, validation, classCount, parameters);
  const rounds: GrownRound[] = [];
  const patience = parameters.early_stopping_rounds;
  let best = 0;
  for (let round = 0; round < parameters.num_boost_round; round += 1) {
    const grown = forest.grow();
    rounds.push(grown);
    report(round, grown.validationLoss);
    if (grown.validationLoss < (rounds[best]?.validationLoss ?? Number.POSITIVE_INFINITY)) best = round;
    if (patience > 0 && round - best >= patience) break;
  }
  const grownSteps = rounds.map(({ steps }) => steps);
  forest.cutTo(best + 1, grownSteps);
  const refits = refitWhileBetter(
    forest,
    grownSteps.slice(0, best + 1),
    rounds[best]?.validationLoss ?? 0,
    parameters,
  );
  return {
    structure: forest.structure(),
    steps: refits.steps,
    baseMargins: forest.baseMargins,
    classCount,
    losses: rounds.map(lossesOf),
    refits: refits.passes.map(lossesOf),
  };
}

function refitWhileBetter(
  forest: GrowingForest,
  grown: readonly TreeSteps[],
  validationLoss: number,
  { refit_passes }: ForestParameters,
): { readonly steps: readonly TreeSteps[]; readonly passes: readonly RefitPass[] } {
  const passes: RefitPass[] = [];
  while (passes.length < refit_passes) {
    const last = passes.at(-1);
    const pass = forest.refit(last?.steps ?? grown);
    if (pass.validationLoss >= (last?.validationLoss ?? validationLoss)) break;
    passes.push(pass);
  }
  return { steps: passes.at(-1)?.steps ?? grown, passes };
}

function lossesOf({
  trainingLoss,
  validationLoss,
}: Pick<RefitPass, 'trainingLoss' | 'validationLoss'>): Losses {
  return { training: trainingLoss, validation: validationLoss };
}

/** Share of `eta` that a round takes, by its place in [0, 1) among all rounds. */
export function stepShare(place: number): number {
  return 1 - (1 - LAST_STEP_SHARE) * Math.max(0, 2 * place - 1);
}

function structureParameters(parameters: ForestParameters): BoosterParameters {
  const {
    num_boost_round: _,
    early_stopping_rounds: __,
    eta: ___,
    refit_passes: ____,
    ...shared
  } = parameters;
  return {
    ...shared,
    objective: 'reg:squarederror',
    base_score: 0,
    eta: 1,
    subsample: 1,
    tree_method: 'hist',
    // Leaves where they gain most: at the same size of file more exact than full levels.
    grow_policy: 'lossguide',
  };
}

/**
 * Takes a share of the rows out of a tree. Not by the library's own `subsample`: from 3.1 on its draws depend on the
 * number of threads, and a model must not.
 */
function dropRows(gradients: Float32Array, hessians: Float32Array, share: number, random: Random): void {
  if (share <= 0) return;
  for (let row = 0; row < gradients.length; row += 1) {
    if (!random.chance(share)) continue;
    gradients[row] = 0;
    hessians[row] = 0;
  }
}

/** Values of the classes along which a round's tree is grown: their places in order, or the squares of those. */
export function directionOf(round: number, classCount: number): Float64Array {
  const middle = (classCount - 1) / 2;
  const places = Float64Array.from({ length: classCount }, (_, label) => label - middle);
  return round % SPREAD_EVERY === SPREAD_EVERY - 1 ? places.map((place) => place * place) : places;
}

/** First and second derivative of the loss when all margins move along the direction. */
function writeGradients(
  { rows: { labels, weights }, probabilities }: BoostingState,
  direction: Float64Array,
  gradients: Float32Array,
  hessians: Float32Array,
): void {
  const classCount = direction.length;
  for (let row = 0; row < labels.length; row += 1) {
    let mean = 0;
    let square = 0;
    for (let of = 0; of < classCount; of += 1) {
      const value = direction[of] as number;
      const part = (probabilities[row * classCount + of] as number) * value;
      mean += part;
      square += part * value;
    }
    const weight = weights[row] as number;
    gradients[row] = weight * (mean - (direction[labels[row] as number] as number));
    hessians[row] = weight * Math.max(square - mean * mean, HESSIAN_MIN);
  }
}
