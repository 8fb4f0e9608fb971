import { describe, expect, it } from 'vitest';
import { orderKey, valueOfKey } from '../../../core/forest/order-key.ts';
import { probeRows } from '../../../core/forest/probe-rows.ts';
import { readForest } from '../../../core/forest/read-forest.ts';
import { madeOnnx } from './made-onnx.ts';
import { PLAIN_SHAPE, randomEnsemble } from './random-ensemble.ts';

describe('the rows that engines are tried on', () => {
  it('have each threshold of each feature, and the numbers next to it', () => {
    const ensemble = randomEnsemble(4, { ...PLAIN_SHAPE, featureCount: 4 });
    const { features, rowCount } = probeRows(readForest(madeOnnx(ensemble)));
    const columns = Array.from({ length: 4 }, (_, feature) => {
      const values = Array.from({ length: rowCount }, (__, row) => features[row * 4 + feature] ?? 0);
      return new Set(values.map((value) => (Number.isNaN(value) ? Number.NaN : orderKey(value))));
    });
    let found = 0;
    let wanted = 0;
    for (const { mode, feature = 0, value = 0 } of ensemble.nodes) {
      if (mode === undefined) continue;
      for (const step of [-1, 0, 1]) {
        wanted += 1;
        if (columns[feature]?.has(orderKey(Math.fround(value)) + step)) found += 1;
      }
    }
    // Here and there a missing value takes the place.
    expect(found / wanted).toBeGreaterThan(0.75);
    expect(columns.every((column) => column.has(Number.NaN))).toBe(true);
  });

  it('have infinities, zeros and the smallest numbers, also for features that no branch looks at', () => {
    const shape = { ...PLAIN_SHAPE, trees: 2, depthMax: 3, featureCount: 40 };
    const { features, rowCount } = probeRows(readForest(madeOnnx(randomEnsemble(4, shape))));
    expect(features).toHaveLength(rowCount * 40);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, valueOfKey(1)]) {
      expect(
        [...features].some((other) => Object.is(other, value)),
        String(value),
      ).toBe(true);
    }
  });

  it('are the same each time, and never many', () => {
    const many = readForest(
      madeOnnx(randomEnsemble(9, { ...PLAIN_SHAPE, featureCount: 1, depthMax: 20, branching: 1, trees: 30 })),
    );
    expect(probeRows(many)).toEqual(probeRows(many));
    expect(probeRows(many).rowCount).toBeLessThanOrEqual(4096);
  });
});
