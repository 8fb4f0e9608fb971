import { describe, expect, it } from 'vitest';
import { chiSquareQuantile } from '../../../core/statistics/chi-square-quantile.ts';
import { normalQuantile } from '../../../core/statistics/normal-quantile.ts';

describe('normalQuantile', () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.1, and its far tail.
  it.each([
    [0.5, 0],
    [0.8413447, 1],
    [0.975, 1.959964],
    [0.99, 2.326348],
    [0.999, 3.090232],
    [0.99998, 4.10748],
  ])('is at %f what the tables say', (probability, value) => {
    expect(Math.abs(normalQuantile(probability) - value)).toBeLessThan(4.5e-4);
    expect(Math.abs(normalQuantile(1 - probability) + value)).toBeLessThan(4.5e-4);
  });

  it.each([0, 1, -0.1, Number.NaN])('refuses a probability of %f', (probability) => {
    expect(() => normalQuantile(probability)).toThrow(RangeError);
  });
});

describe('chiSquareQuantile', () => {
  // NIST/SEMATECH e-Handbook, 1.3.6.7.4: critical values of the chi-square distribution.
  it.each([
    [0.95, 9, 16.919],
    [0.99, 9, 21.666],
    [0.999, 9, 27.877],
    [0.999, 4, 18.467],
    [0.95, 1, 3.841],
    [0.999, 1, 10.828],
  ])(
    'is at %f with %i degrees what the table says, and in the tail not below it',
    (probability, degrees, value) => {
      const quantile = chiSquareQuantile(probability, degrees);
      expect(quantile / value).toBeGreaterThan(0.97);
      expect(quantile / value).toBeLessThan(1.08);
      if (probability >= 0.99) expect(quantile).toBeGreaterThan(value * 0.999);
    },
  );

  it('is never below 0, and needs a degree of freedom', () => {
    expect(chiSquareQuantile(1e-6, 1)).toBe(0);
    expect(() => chiSquareQuantile(0.5, 0)).toThrow(RangeError);
  });
});
