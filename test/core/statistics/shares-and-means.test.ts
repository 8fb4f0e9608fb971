import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TooLittleDataError } from '../../../core/statistics/enough-rows.ts';
import { meanShift, meanShiftNoise } from '../../../core/statistics/mean-shift.ts';
import { shareChange, shareChangeNoise } from '../../../core/statistics/share-change.ts';
import { wilsonInterval } from '../../../core/statistics/wilson-interval.ts';

describe('meanShift', () => {
  it('is the difference of the means in standard deviations of the reference', () => {
    expect(meanShift({ rows: 1000, mean: 11.8 }, { rows: 500, mean: 13.6 }, 18)).toBeCloseTo(0.1, 12);
    expect(meanShift({ rows: 1000, mean: 3 }, { rows: 500, mean: 3 }, 2)).toBe(0);
  });

  it('changes its sign with the sides', () => {
    const one = { rows: 300, mean: 2 };
    const other = { rows: 900, mean: 5 };
    expect(meanShift(one, other, 4)).toBe(-meanShift(other, one, 4));
  });

  it('refuses too few rows, and a reference without spread', () => {
    const enough = { rows: 1000, mean: 1 };
    expect(() => meanShift({ rows: 199, mean: 1 }, enough, 1)).toThrow(TooLittleDataError);
    expect(() => meanShift(enough, { rows: 199, mean: 1 }, 1)).toThrow(TooLittleDataError);
    for (const spread of [0, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => meanShift(enough, enough, spread)).toThrow(/standard deviations/);
  });
});

describe('meanShiftNoise', () => {
  it('is the usual 1.96 standard errors where nothing is skewed', () => {
    expect(meanShiftNoise(1e12, 400, 0, 0.95)).toBeCloseTo(1.96 / 20, 3);
    expect(meanShiftNoise(800, 800, 0, 0.95)).toBeCloseTo(1.96 / 20, 3);
  });

  it('is wider where the values are skewed, to either side, and narrows with the rows', () => {
    const plain = meanShiftNoise(30_000, 500, 0, 0.9999);
    expect(meanShiftNoise(30_000, 500, 8, 0.9999)).toBeGreaterThan(plain * 1.2);
    expect(meanShiftNoise(30_000, 500, -8, 0.9999)).toBe(meanShiftNoise(30_000, 500, 8, 0.9999));
    expect(meanShiftNoise(30_000, 5000, 8, 0.9999)).toBeLessThan(plain);
  });
});

describe('shareChange', () => {
  it('is the difference of the shares', () => {
    expect(shareChange({ count: 100, rows: 1000 }, { count: 100, rows: 400 })).toBeCloseTo(0.15, 12);
    expect(shareChange({ count: 7, rows: 700 }, { count: 10, rows: 1000 })).toBe(0);
  });

  it('refuses too few rows', () => {
    expect(() => shareChange({ count: 1, rows: 10 }, { count: 1, rows: 1000 })).toThrow(TooLittleDataError);
    expect(() => shareChange({ count: 1, rows: 1000 }, { count: 1, rows: 10 })).toThrow(TooLittleDataError);
  });
});

describe('shareChangeNoise', () => {
  it('is Bernstein’s bound', () => {
    // sqrt(2 x 0.2 x 0.8 x ln(1000) / 5000) + ln(1000) / (3 x 5000), for two parts of 10,000 rows.
    const expected = Math.sqrt((2 * 0.16 * Math.log(1000)) / 5000) + Math.log(1000) / 15_000;
    const part = { count: 2000, rows: 10_000 };
    expect(shareChangeNoise(part, part, 0.999)).toBeCloseTo(expected, 6);
  });

  it('leaves room for a few rows where the reference has none', () => {
    expect(shareChangeNoise({ count: 0, rows: 30_000 }, { count: 2, rows: 200 }, 1 - 4e-5)).toBeGreaterThan(
      2 / 200,
    );
  });
});

describe('wilsonInterval', () => {
  // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is what Newcombe gives', (hits, rows, low, high) => {
    const interval = wilsonInterval(hits, rows);
    expect(interval.low).toBeCloseTo(low, 3);
    expect(interval.high).toBeCloseTo(high, 3);
  });

  it('holds the share, within 0 and 1, and mirrors hits and misses', () => {
    const counts = fc
      .integer({ min: 1, max: 1_000_000 })
      .chain((rows) => fc.tuple(fc.integer({ min: 0, max: rows }), fc.constant(rows)));
    fc.assert(
      fc.property(counts, ([hits, rows]) => {
        const { low, high } = wilsonInterval(hits, rows);
        expect(low).toBeLessThanOrEqual(hits / rows + 1e-12);
        expect(high).toBeGreaterThanOrEqual(hits / rows - 1e-12);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(wilsonInterval(rows - hits, rows).low).toBeCloseTo(1 - high, 9);
      }),
    );
  });

  it('refuses what is no share', () => {
    for (const [hits, rows] of [
      [0, 0],
      [3, 2],
      [-1, 5],
    ] as const)
      expect(() => wilsonInterval(hits, rows)).toThrow(RangeError);
  });
});
