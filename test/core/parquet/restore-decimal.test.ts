import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restoreDecimal, roundProduct, scaleDown } from '../../../core/parquet/restore-decimal.ts';

/** Significant digits of the shortest text of a number. */
function digitsOf(number: number): number {
  const [mantissa = ''] = Math.abs(number).toExponential().split('e');
  return mantissa.replace('.', '').length;
}

/** Fewest digits of any decimal that rounds to a float: both neighbours of each length are tried. */
function fewestDigits(float: number): number {
  for (let digits = 1; digits <= 9; digits += 1) {
    const [mantissa = '', exponent = ''] = float.toExponential(digits - 1).split('e');
    const integer = BigInt(mantissa.replace('.', ''));
    for (const neighbour of [integer - 1n, integer, integer + 1n]) {
      const candidate = Number(`${neighbour}e${Number(exponent) - digits + 1}`);
      if (Math.fround(candidate) === float) return digits;
    }
  }
  throw new Error(`${float} needs more than nine digits`);
}

const anyFloat = fc.float({ noNaN: true, noDefaultInfinity: true }).filter((float) => float !== 0);

describe('restoreDecimal', () => {
  it('gives the 0.8 that a 32-bit float holds as 0.800000011920929', () => {
    expect(Math.fround(0.8)).toBeGreaterThan(0.8);
    expect(restoreDecimal(Math.fround(0.8))).toBe(0.8);
  });

  it('gives back every declared decimal of up to six digits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -999_999, max: 999_999 }),
        fc.integer({ min: 0, max: 8 }),
        (integer, scale) => {
          const declared = scaleDown(integer, scale);
          expect(restoreDecimal(Math.fround(declared)) + 0).toBe(declared + 0);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('rounds back to the float, with the fewest digits that do, for floats of every size', () => {
    fc.assert(
      fc.property(anyFloat, (float) => {
        const restored = restoreDecimal(float);
        expect(Math.fround(restored)).toBe(float);
        expect(digitsOf(restored)).toBe(fewestDigits(float));
      }),
      { numRuns: 10_000 },
    );
  });

  it('does so for floats of the sizes that labels declare', () => {
    fc.assert(
      fc.property(fc.double({ min: -40_000, max: 40_000, noNaN: true }), (double) => {
        const float = Math.fround(double);
        fc.pre(float !== 0);
        const restored = restoreDecimal(float);
        expect(Math.fround(restored)).toBe(float);
        expect(digitsOf(restored)).toBe(fewestDigits(float));
      }),
      { numRuns: 10_000 },
    );
  });

  it('does so for every power of two, where the floats below lie closer than those above', () => {
    for (let exponent = -149; exponent <= 127; exponent += 1) {
      const float = 2 ** exponent;
      expect(Math.fround(restoreDecimal(float))).toBe(float);
      expect(digitsOf(restoreDecimal(float)), `2^${exponent}`).toBe(fewestDigits(float));
    }
  });

  it('leaves what is no number or has no end as it is', () => {
    expect(restoreDecimal(Number.NaN)).toBeNaN();
    expect(restoreDecimal(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(restoreDecimal(Number.NEGATIVE_INFINITY)).toBe(Number.NEGATIVE_INFINITY);
    expect(restoreDecimal(0)).toBe(0);
  });
});

describe('roundProduct', () => {
  it('makes salt of sodium and kJ of kcal as on paper', () => {
    expect(0.28 * 2.5).not.toBe(0.7);
    expect(roundProduct(0.28 * 2.5)).toBe(0.7);
    expect(roundProduct(0.4 * 2.5)).toBe(1);
    expect(100 * 4.184).not.toBe(418.4);
    expect(roundProduct(100 * 4.184)).toBe(418.4);
    expect(roundProduct(-0.28 * 2.5)).toBe(-0.7);
    expect(roundProduct(1.1e-5 * 2.5)).toBe(2.75e-5);
    expect(roundProduct(123_456.7 * 4.184)).toBe(516_542.8328);
  });

  it('equals the product of the decimals done in integers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: 0, max: 6 }), (integer, scale) => {
        expect(roundProduct(scaleDown(integer, scale) * 2.5)).toBe(scaleDown(integer * 25, scale + 1));
        expect(roundProduct(scaleDown(integer, scale) * 4.184)).toBe(scaleDown(integer * 4184, scale + 3));
      }),
      { numRuns: 5_000 },
    );
  });

  it('keeps zero, infinity and absence', () => {
    expect(roundProduct(0)).toBe(0);
    expect(roundProduct(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(roundProduct(Number.NaN)).toBeNaN();
  });
});

describe('scaleDown', () => {
  it('is the decimal as it is written, also beyond the exact powers of ten', () => {
    expect(scaleDown(123, 2)).toBe(1.23);
    expect(scaleDown(5, 30)).toBeCloseTo(5e-30, 40);
  });
});
