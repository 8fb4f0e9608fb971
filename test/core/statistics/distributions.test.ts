import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROWS_MIN, TooLittleDataError } from '../../../core/statistics/enough-rows.ts';
import { jensenShannonDistance } from '../../../core/statistics/jensen-shannon-distance.ts';
import {
  populationStabilityIndex,
  stabilityIndexNoise,
} from '../../../core/statistics/population-stability-index.ts';

/** Two histograms over the same bins, each of enough rows. */
const histograms = fc
  .integer({ min: 1, max: 12 })
  .chain((bins) => fc.tuple(histogram(bins), histogram(bins)));

function histogram(bins: number) {
  return fc
    .array(fc.integer({ min: 0, max: 5000 }), { minLength: bins, maxLength: bins })
    .map((counts) => counts.map((count, bin) => (bin === 0 ? count + ROWS_MIN : count)));
}

describe('populationStabilityIndex', () => {
  it('is the sum of both divergences of Kullback’s example', () => {
    // Kullback, Information Theory and Statistics (1959), table 2.1: 0.36, 0.48, 0.16 against three thirds;
    // D(p||q) = 0.0852996 and D(q||p) = 0.0974550 nats.
    expect(populationStabilityIndex([900, 1200, 400], [1000, 1000, 1000])).toBeCloseTo(
      0.0852996 + 0.097455,
      6,
    );
  });

  it('is what it comes to by hand', () => {
    // (0.35 - 0.4) ln(0.35 / 0.4) + (0.25 - 0.3) ln(0.25 / 0.3) + (0.4 - 0.3) ln(0.4 / 0.3)
    // = 0.0066766 + 0.0091161 + 0.0287682
    expect(populationStabilityIndex([400, 300, 300], [350, 250, 400])).toBeCloseTo(0.0445609, 6);
  });

  it('takes an empty bin for half a row, and one that is empty in both for nothing', () => {
    const half = 0.5 / 1000;
    const expected = (0.1 - half) * Math.log(0.1 / half) + (0.9 - 1) * Math.log(0.9 / 1);
    expect(populationStabilityIndex([1000, 0, 0], [900, 100, 0])).toBeCloseTo(expected, 12);
  });

  it('is 0 of the same shares, and else above it', () => {
    fc.assert(
      fc.property(histograms, ([reference, current]) => {
        expect(populationStabilityIndex(reference, reference)).toBe(0);
        expect(populationStabilityIndex(reference, current)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('is the same from either side', () => {
    fc.assert(
      fc.property(histograms, ([reference, current]) => {
        const index = populationStabilityIndex(reference, current);
        expect(populationStabilityIndex(current, reference)).toBeCloseTo(index, 10);
      }),
    );
  });

  it('is 0 of ten times the rows in the same shares', () => {
    expect(populationStabilityIndex([200, 300], [2000, 3000])).toBeCloseTo(0, 12);
  });

  it('refuses too few rows, other bins and what is no count', () => {
    const few = [ROWS_MIN - 1, 0];
    expect(() => populationStabilityIndex(few, [500, 500])).toThrow(TooLittleDataError);
    expect(() => populationStabilityIndex([500, 500], few)).toThrow(/199 rows are too few/);
    expect(() => populationStabilityIndex([500, 500], [1000])).toThrow(/2 bins can not be compared with 1/);
    expect(() => populationStabilityIndex([500, Number.NaN], [500, 500])).toThrow(RangeError);
    expect(() => populationStabilityIndex([1500, -500], [500, 500])).toThrow(RangeError);
  });
});

describe('stabilityIndexNoise', () => {
  it('is the critical value of the published distribution', () => {
    // Of ten bins, 95 % and 100 rows on either side: 16.919 x (1/100 + 1/100).
    expect(stabilityIndexNoise(10, 100, 100, 0.95)).toBeCloseTo(16.919 * 0.02, 2);
  });

  it('is nothing of one bin', () => {
    expect(stabilityIndexNoise(1, 1000, 1000, 0.999)).toBe(0);
  });
});

describe('jensenShannonDistance', () => {
  // Documentation of scipy.spatial.distance.jensenshannon; its second example is to base e.
  it.each([
    [[200, 0, 0], [0, 200, 0], 1],
    [[200, 0], [100, 100], 0.46450140402245893 / Math.sqrt(Math.LN2)],
    [[200, 0, 0], [200, 0, 0], 0],
  ])('of %j and %j is what SciPy gives', (reference, current, distance) => {
    expect(jensenShannonDistance(reference, current)).toBeCloseTo(distance, 12);
  });

  it('is 0 of the same, the same from either side, and from 0 to 1', () => {
    fc.assert(
      fc.property(histograms, ([reference, current]) => {
        const distance = jensenShannonDistance(reference, current);
        expect(jensenShannonDistance(reference, reference)).toBeCloseTo(0, 7);
        expect(jensenShannonDistance(current, reference)).toBeCloseTo(distance, 10);
        expect(distance).toBeGreaterThanOrEqual(0);
        expect(distance).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('keeps the triangle’s inequality, being a metric', () => {
    const three = fc.integer({ min: 1, max: 6 }).chain((bins) => {
      const one = histogram(bins);
      return fc.tuple(one, one, one);
    });
    fc.assert(
      fc.property(three, ([a, b, c]) => {
        const detour = jensenShannonDistance(a, b) + jensenShannonDistance(b, c);
        expect(jensenShannonDistance(a, c)).toBeLessThanOrEqual(detour + 1e-9);
      }),
    );
  });

  it('refuses too few rows and other bins', () => {
    expect(() => jensenShannonDistance([10], [500])).toThrow(TooLittleDataError);
    expect(() => jensenShannonDistance([500], [500, 0])).toThrow(RangeError);
  });
});
