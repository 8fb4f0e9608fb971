import { describe, expect, it } from 'vitest';
import { FEATURE_NAMES } from '../../../core/features/feature-table.ts';
import { createRandom } from '../../../trainer/random.ts';
import {
  featureImportance,
  meanAbsoluteShap,
  sampleRows,
  splitGains,
} from '../../../trainer/report/feature-importance.ts';
import { Booster, type FeatureRows, TrainingMatrix } from '../../../trainer/xgboost/booster.ts';
import { CLASSES, library, madeRows } from '../small-forest.ts';

const ROUNDS = 8;

/** Classes follow from the first two of the features; whatever else there is says nothing. */
function withBooster<T>(featureCount: number, use: (booster: Booster, rows: FeatureRows) => T): T {
  const { rows, labels } = madeRows(1500, featureCount);
  using matrix = new TrainingMatrix(library(), rows, labels);
  using booster = new Booster(library(), [matrix], {
    objective: 'multi:softprob',
    num_class: CLASSES,
    max_depth: 4,
    nthread: 1,
    seed: 1,
  });
  for (let round = 0; round < ROUNDS; round += 1) booster.update(round, matrix);
  return use(booster, rows);
}

function stump(feature: number, loss: number) {
  return { left_children: [1, -1, -1], split_indices: [feature, 0, 0], loss_changes: [loss, 99, 99] };
}

function jsonOf(trees: readonly ReturnType<typeof stump>[]): string {
  return JSON.stringify({ learner: { gradient_booster: { model: { trees } } } });
}

describe('gain', () => {
  it('lies with the features that the classes follow from', () => {
    const { gains, splits } = withBooster(4, (booster) => splitGains(booster.toJson(), 4));
    const [first = 0, second = 0, third = 0, fourth = 0] = gains;
    expect(first + second).toBeGreaterThan(9 * (third + fourth));
    expect(splits.every((count) => count > 0)).toBe(true);
  });

  it('is the sum of the losses that splits saved, leaves apart', () => {
    const json = jsonOf([stump(2, 7.5), stump(2, 2.5), stump(0, 1)]);
    expect(splitGains(json, 3)).toEqual({
      gains: Float64Array.of(1, 0, 10),
      splits: Uint32Array.of(1, 0, 2),
    });
  });

  it('counts a tree once that is written for each of the grades', () => {
    const [first, second] = [stump(2, 7.5), stump(1, 2.5)];
    const json = jsonOf([first, first, first, first, first, second, second, second, second, second]);
    expect(splitGains(json, 3).gains).toEqual(Float64Array.of(0, 2.5, 7.5));
  });

  it('refuses what is not a booster', () => {
    expect(() => splitGains('{}', 3)).toThrow('the booster’s JSON is not as expected');
  });
});

describe('contributions', () => {
  it('add up to the margins: their softmax is the prediction', () => {
    withBooster(4, (booster, rows) => {
      using matrix = new TrainingMatrix(library(), rows);
      const contributions = booster.contributions(matrix, CLASSES, 4);
      const predicted = booster.predict(matrix, CLASSES);
      for (let row = 0; row < 50; row += 1) {
        const margins = Array.from({ length: CLASSES }, (_, label) => {
          const from = (row * CLASSES + label) * 5;
          return contributions.subarray(from, from + 5).reduce((sum, value) => sum + value, 0);
        });
        const total = margins.reduce((sum, margin) => sum + Math.exp(margin), 0);
        margins.forEach((margin, label) => {
          expect(Math.exp(margin) / total).toBeCloseTo(predicted[row * CLASSES + label] ?? Number.NaN, 4);
        });
      }
    });
  });

  it('are largest for the features that the classes follow from, in every class', () => {
    const shap = withBooster(4, (booster, rows) => meanAbsoluteShap(library(), booster, rows, CLASSES));
    for (let label = 0; label < CLASSES; label += 1) {
      const [first = 0, second = 0, third = 0, fourth = 0] = shap.map((ofFeature) => ofFeature[label] ?? 0);
      expect(Math.min(first, second)).toBeGreaterThan(2 * Math.max(third, fourth));
    }
  });

  it('are nothing where there are no rows', () => {
    const none = { values: new Float32Array(0), rowCount: 0, featureCount: 4 };
    withBooster(4, (booster) => {
      expect(meanAbsoluteShap(library(), booster, none, 2)).toEqual([0, 1, 2, 3].map(() => [0, 0]));
    });
  });
});

describe('a sample of rows', () => {
  const rows = { values: Float32Array.from({ length: 300 }, (_, at) => at), rowCount: 100, featureCount: 3 };

  it('holds whole rows, each once, in their order', () => {
    const { values, rowCount } = sampleRows(rows, 20, 7);
    expect(rowCount).toBe(20);
    const firsts = Array.from({ length: 20 }, (_, row) => values[row * 3] ?? 0);
    expect(firsts).toEqual([...new Set(firsts)].sort((left, right) => left - right));
    firsts.forEach((first, row) => {
      expect(first % 3).toBe(0);
      expect([...values.subarray(row * 3, row * 3 + 3)]).toEqual([first, first + 1, first + 2]);
    });
  });

  it('follows from its seed', () => {
    expect(sampleRows(rows, 20, 7)).toEqual(sampleRows(rows, 20, 7));
    expect(sampleRows(rows, 20, 7)).not.toEqual(sampleRows(rows, 20, 8));
  });

  it('is all rows where they are few', () => {
    expect(sampleRows(rows, 100, 7)).toBe(rows);
  });
});

describe('the importance of features', () => {
  it('names every feature of the model, its gains adding up to one', () => {
    withBooster(FEATURE_NAMES.length, (booster, rows) => {
      const input = { library: library(), booster, boosterJson: booster.toJson(), rows, seed: 1 };
      const { features, rows: sampled } = featureImportance(input);
      expect(sampled).toBe(1500);
      expect(features.map(({ name }) => name)).toEqual(FEATURE_NAMES);
      expect(features.reduce((sum, { gain }) => sum + gain, 0)).toBeCloseTo(1, 4);
      const scaled = featureImportance({ ...input, marginScale: 0.5 }).features;
      const label = createRandom(1, 'label').integer(CLASSES);
      expect(scaled[0]?.shap[label]).toBeCloseTo((features[0]?.shap[label] ?? 0) / 2, 4);
    });
  });
});
