import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boosterJson } from '../../trainer/forest/booster-json.ts';
import {
  directionOf,
  type ForestParameters,
  growForest,
  stepShare,
} from '../../trainer/forest/grow-forest.ts';
import { leafSteps, sumLeaves } from '../../trainer/forest/leaf-steps.ts';
import { logLoss, softmaxInto } from '../../trainer/forest/softmax.ts';
import { fitTemperature } from '../../trainer/forest/temperature.ts';
import { onnxBytes } from '../../trainer/onnx/onnx-model.ts';
import { checkParity, PARITY_DIFFERENCE_MAX } from '../../trainer/onnx/onnx-parity.ts';
import { shareTrees } from '../../trainer/onnx/share-trees.ts';
import { readBoosterJson } from '../../trainer/onnx/tree-ensemble.ts';
import { createRandom } from '../../trainer/random.ts';
import { Booster, TrainingMatrix } from '../../trainer/xgboost/booster.ts';
import { CLASSES, library, madeRows, trainSmallForest } from './small-forest.ts';

const PARAMETERS: ForestParameters = {
  num_boost_round: 20,
  max_depth: 5,
  max_leaves: 20,
  eta: 0.3,
  subsample: 0.9,
  colsample_bytree: 1,
  min_child_weight: 0.3,
  reg_lambda: 1,
  gamma: 0,
  early_stopping_rounds: 0,
  refit_passes: 0,
  seed: 1,
  nthread: 1,
};

function smallRows() {
  const { rows, labels } = madeRows(3000, 4);
  return { features: rows, labels, weights: new Float32Array(3000).fill(1) };
}

function grown(parameters: Partial<ForestParameters> = {}) {
  const rows = smallRows();
  return growForest(library(), rows, rows, CLASSES, { ...PARAMETERS, ...parameters });
}

describe('growForest', () => {
  it('learns, with one tree a round, what softprob learns with five', () => {
    const { losses, steps } = grown();
    const { probabilities, labels } = trainSmallForest(4);
    expect(steps).toHaveLength(20);
    expect(losses.at(-1)?.validation).toBeLessThan(logLoss(probabilities, labels, CLASSES));
  });

  it('grows the same forest with one thread and with two', () => {
    expect(grown({ nthread: 2 })).toEqual(grown());
  });

  it('keeps the rounds up to the best and stops when none is better', () => {
    const rows = smallRows();
    const random = createRandom(1, 'labels');
    // Labels that follow from nothing: every tree makes the validation worse.
    const noise = { ...rows, labels: rows.labels.map(() => random.integer(CLASSES)) };
    const other = { ...rows, labels: rows.labels.map(() => random.integer(CLASSES)) };
    const { losses, steps } = growForest(library(), noise, other, CLASSES, {
      ...PARAMETERS,
      num_boost_round: 60,
      early_stopping_rounds: 3,
    });
    expect(losses.length).toBeLessThan(60);
    expect(steps).toHaveLength(losses.length - 3);
  });

  it('goes through the leaves again while that helps, and leaves the branches as they are', () => {
    const plain = grown();
    const { structure, losses, refits } = grown({ refit_passes: 9 });
    expect(structure).toBe(plain.structure);
    expect(losses).toEqual(plain.losses);
    const course = [losses.at(-1), ...refits].map((of) => of?.validation ?? Number.NaN);
    expect(course.length).toBeGreaterThan(1);
    expect(course.length).toBeLessThan(10);
    expect(course).toEqual([...course].sort((left, right) => right - left));
  });

  it('undoes a pass that makes the validation loss worse', () => {
    const random = createRandom(2, 'labels');
    const rows = smallRows();
    const noise = { ...rows, labels: rows.labels.map(() => random.integer(CLASSES)) };
    const other = { ...rows, labels: rows.labels.map(() => random.integer(CLASSES)) };
    const parameters = { ...PARAMETERS, num_boost_round: 60, early_stopping_rounds: 3 };
    const grow = (refit_passes: number) =>
      growForest(library(), noise, other, CLASSES, { ...parameters, refit_passes });
    expect(grow(2).refits).toEqual([]);
    expect(grow(2).steps).toEqual(grow(0).steps);
  });

  it('moves most trees along the order of the grades, some along their spread', () => {
    const directions = [0, 1, 2, 5].map((round) => [...directionOf(round, CLASSES)]);
    expect(directions[0]).toEqual([-2, -1, 0, 1, 2]);
    expect(directions[3]).toEqual([4, 1, 0, 1, 4]);
  });
});

describe('stepShare', () => {
  it('takes whole steps in the first half and a fifth of one in the end', () => {
    expect([0, 0.5, 0.75, 1].map(stepShare)).toEqual([1, 1, 0.6, expect.closeTo(0.2, 9)]);
  });
});

describe('leafSteps', () => {
  it('sets the one step that gives each leaf its own shares, where the loss is nearly square', () => {
    const labels = Float32Array.from({ length: 1000 }, (_, row) => (row % 10 < 5 ? 0 : row % 10 < 8 ? 1 : 2));
    const probabilities = new Float32Array(3000).fill(1 / 3);
    const sums = sumLeaves(
      new Float32Array(1000),
      1,
      probabilities,
      labels,
      new Float32Array(1000).fill(1),
      3,
    );
    const steps = leafSteps(sums, { eta: 1, lambda: 1e-3, stepMax: 8 });
    const margins = Float32Array.from(steps);
    const after = new Float32Array(3);
    softmaxInto(margins, after, 3);
    [0.5, 0.3, 0.2].forEach((share, label) => {
      expect(after[label]).toBeCloseTo(share, 1);
    });
  });

  it('never makes the loss of its rows worse with a short step', () => {
    const label = fc.integer({ min: 0, max: 4 });
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 40 }), fc.nat(1000), (given, seed) => {
        const random = createRandom(seed, 'margins');
        const margins = new Float32Array(given.length * 5).map(() => random.normal());
        const probabilities = new Float32Array(margins.length);
        softmaxInto(margins, probabilities, 5);
        const labels = Float32Array.from(given);
        const before = logLoss(probabilities, labels, 5);
        const ones = new Float32Array(given.length).fill(1);
        const sums = sumLeaves(new Float32Array(given.length), 1, probabilities, labels, ones, 5);
        const steps = leafSteps(sums, { eta: 0.1, lambda: 1, stepMax: 8 });
        const moved = margins.map((margin, at) => margin + (steps[at % 5] ?? 0));
        softmaxInto(moved, probabilities, 5);
        expect(logLoss(probabilities, labels, 5)).toBeLessThanOrEqual(before + 1e-6);
      }),
    );
  });
});

describe('a grown forest as a booster of XGBoost and as ONNX', () => {
  it.each([
    [1, 0],
    [1, 2],
    [1.3, 0],
  ])(
    'predicts the same in both, one tree a round, at temperature %d after %d passes',
    async (temperature, passes) => {
      const forest = grown({ refit_passes: passes });
      const json = boosterJson(forest, temperature);
      const { features, labels } = smallRows();
      using booster = new Booster(library(), [], {});
      booster.load(json);
      using matrix = new TrainingMatrix(library(), features);
      const probabilities = booster.predict(matrix, CLASSES);
      const ensemble = shareTrees(readBoosterJson(json));
      expect(ensemble.treeCount).toBe(20);
      const { differenceMax } = await checkParity(onnxBytes(ensemble), features, probabilities);
      expect(differenceMax).toBeLessThanOrEqual(PARITY_DIFFERENCE_MAX);
      const loss = logLoss(probabilities, labels, CLASSES);
      const { validation } = forest.refits.at(-1) ?? forest.losses.at(-1) ?? { validation: 0 };
      if (temperature === 1) expect(loss).toBeCloseTo(validation, 4);
    },
  );

  it('leaves an ensemble without like neighbours as it is', () => {
    const ensemble = readBoosterJson(trainSmallForest(3).json);
    expect(shareTrees(ensemble)).toEqual(ensemble);
  });
});

describe('fitTemperature', () => {
  it('finds the factor that margins were made too sharp by', () => {
    const random = createRandom(4, 'temperature');
    const fair = new Float32Array(20_000 * 3).map(() => 1.5 * random.normal());
    const probabilities = new Float32Array(fair.length);
    softmaxInto(fair, probabilities, 3);
    const labels = Float32Array.from({ length: 20_000 }, (_, row) => {
      const lot = random.next();
      const first = probabilities[row * 3] ?? 0;
      return lot < first ? 0 : lot < first + (probabilities[row * 3 + 1] ?? 0) ? 1 : 2;
    });
    const sharp = fair.map((margin) => margin * 1.8);
    expect(fitTemperature(sharp, labels, 3)).toBeCloseTo(1.8, 1);
  });
});
