import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mostProbable } from '../../trainer/onnx/onnx-parity.ts';
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
