import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mostProbable } from '../../trainer/onnx/onnx-parity.ts';
import { readBoosterJson } from '../../trainer/onnx/tree-ensemble.ts';
import { Booster, TrainingMatrix } from '../../trainer/xgboost/booster.ts';
import {
  findXgboost,
  LIBRARY_VARIABLE,
  loadXgboost,
  XgboostMissingError,
} from '../../trainer/xgboost/xgboost-library.ts';
import { CLASSES, library, madeRows, trainSmallForest } from './small-forest.ts';

describe('the binding of libxgboost', () => {
  it('knows the version of the library', () => {
    expect(library().version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('learns classes that follow from the features, gaps and all', () => {
    const { labels, probabilities, rows } = trainSmallForest(20);
    const isRight = (label: number, row: number) =>
      mostProbable(probabilities, row * CLASSES, CLASSES) === label;
    expect(labels.filter(isRight).length / rows.rowCount).toBeGreaterThan(0.95);
  });

  it('predicts probabilities that add up to one', () => {
    const { probabilities, rows } = trainSmallForest(2);
    expect(probabilities).toHaveLength(rows.rowCount * CLASSES);
    for (let at = 0; at < probabilities.length; at += CLASSES) {
      const sum = probabilities.subarray(at, at + CLASSES).reduce((total, share) => total + share, 0);
      expect(sum).toBeCloseTo(1, 5);
    }
  });

  it('trains the same bytes again', () => {
    expect(trainSmallForest(4, { subsample: 0.7, seed: 3 }).json).toBe(
      trainSmallForest(4, { subsample: 0.7, seed: 3 }).json,
    );
  });

  it('reports what XGBoost says about a wrong parameter', () => {
    const { rows, labels } = madeRows(50, 3);
    using matrix = new TrainingMatrix(library(), rows, labels);
    using booster = new Booster(library(), [matrix], { objective: 'no-such-objective' });
    expect(() => booster.update(0, matrix)).toThrow(/no-such-objective/);
  });
});

describe('findXgboost', () => {
  it('says how to install the library where the named file is not there', () => {
    const find = () => findXgboost({ [LIBRARY_VARIABLE]: '/no/such/libxgboost.so' });
    expect(find).toThrow(XgboostMissingError);
    expect(find).toThrow(/apt-get install libxgboost0.*brew install xgboost/);
  });

  it('takes the named file before the usual places', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'nutrisage-')), 'libxgboost.so');
    writeFileSync(file, 'no library');
    expect(findXgboost({ [LIBRARY_VARIABLE]: file })).toBe(file);
    expect(() => loadXgboost(file)).toThrow(XgboostMissingError);
  });
});

describe('a booster in training', () => {
  const train = (rounds: number) => {
    const { rows, labels } = madeRows(800, 4);
    const matrix = new TrainingMatrix(library(), rows, labels);
    const parameters = { objective: 'multi:softprob', num_class: CLASSES, max_depth: 4, nthread: 1 };
    const booster = new Booster(library(), [matrix], parameters);
    const losses: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      booster.update(round, matrix);
      losses.push(booster.evaluate(round, matrix));
    }
    return { booster, matrix, labels, losses };
  };

  it('says its log loss after every round, the one of its own predictions', () => {
    const { booster, matrix, labels, losses } = train(5);
    const probabilities = booster.predict(matrix, CLASSES);
    const logLoss = labels.reduce(
      (sum, label, row) => sum - Math.log(probabilities[row * CLASSES + label] ?? 0) / labels.length,
      0,
    );
    expect(losses.at(-1)).toBeCloseTo(logLoss, 5);
    expect(losses).toEqual([...losses].sort((left, right) => right - left));
  });

  it('gives the trees of some rounds as a booster of their own', () => {
    const { booster } = train(4);
    using last = booster.slice(3, 4);
    expect(readBoosterJson(last.toJson()).treeCount).toBe(CLASSES);
  });
});
