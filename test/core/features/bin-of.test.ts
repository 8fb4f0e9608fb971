import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binOf } from '../../../core/features/bin-of.ts';

describe('binOf', () => {
  it('puts a value on an edge into the bin above it', () => {
    expect([0.5, 1, 1.5, 2, 9].map((value) => binOf([1, 2], value))).toEqual([0, 1, 1, 2, 2]);
  });

  it('has one bin without edges', () => {
    expect(binOf([], 3)).toBe(0);
  });

  it('counts the edges that are not above the value', () => {
    const edges = fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { maxLength: 12 });
    fc.assert(
      fc.property(edges, fc.integer({ min: -60, max: 60 }), (unordered, value) => {
        const ascending = unordered.sort((left, right) => left - right);
        expect(binOf(ascending, value)).toBe(ascending.filter((edge) => edge <= value).length);
      }),
    );
  });
});
