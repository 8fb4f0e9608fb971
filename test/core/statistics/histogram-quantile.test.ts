import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histogramQuantile } from '../../../core/statistics/histogram-quantile.ts';

const ENDS = [1, 2, 5];

describe('histogramQuantile', () => {
  it.each([
    // By hand, as Prometheus does it: the rank's share of its bucket, from the bucket's lower end on.
    ['the middle of one bucket', [0, 10, 0, 0], 0.5, 1.5],
    ['the end of a bucket', [5, 5, 0, 0], 0.5, 1],
    ['a share of the third', [50, 30, 20, 0], 0.9, 3.5],
    ['the smallest', [0, 4, 4, 0], 0, 1],
    ['the largest', [1, 1, 2, 0], 1, 5],
    ['the bucket without an end', [1, 0, 0, 9], 0.99, 5],
  ] as const)('reads %s', (_, counts, quantile, expected) => {
    expect(histogramQuantile(counts, ENDS, quantile)).toBeCloseTo(expected, 12);
  });

  it('has nothing to say without values', () => {
    expect(histogramQuantile([0, 0, 0, 0], ENDS, 0.5)).toBeUndefined();
  });

  it('refuses what is no quantile and what does not fit', () => {
    for (const quantile of [-0.1, 1.1, Number.NaN])
      expect(() => histogramQuantile([1, 1, 1, 1], ENDS, quantile)).toThrow(RangeError);
    expect(() => histogramQuantile([1, 1, 1], ENDS, 0.5)).toThrow('3 counts do not fit 3 ends');
  });

  it('is off by a bucket at most, and grows with the quantile', () => {
    const values = fc.array(fc.double({ min: 0.001, max: 4.99, noNaN: true }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (all, quantile) => {
        const counts = [0, 0, 0, 0];
        const bucketOf = (value: number): number => {
          const bucket = ENDS.findIndex((end) => value <= end);
          return bucket === -1 ? ENDS.length : bucket;
        };
        for (const value of all) counts[bucketOf(value)] = (counts[bucketOf(value)] ?? 0) + 1;
        const sorted = all.toSorted((left, right) => left - right);
        const exact = sorted[Math.max(0, Math.ceil(quantile * all.length) - 1)] ?? 0;
        const told = histogramQuantile(counts, ENDS, quantile) ?? Number.NaN;
        const bucket = bucketOf(exact);
        expect(told).toBeGreaterThanOrEqual(ENDS[bucket - 1] ?? 0);
        expect(told).toBeLessThanOrEqual(ENDS[bucket] ?? 5);
        expect(histogramQuantile(counts, ENDS, 1)).toBeGreaterThanOrEqual(told);
      }),
    );
  });
});
