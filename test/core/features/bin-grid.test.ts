import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBinGrid, gridBinOf } from '../../../core/features/bin-grid.ts';
import { binOf } from '../../../core/features/bin-of.ts';

it('puts every value where the search does, on the edges and a hair beside them too', () => {
  const edges = fc
    .uniqueArray(fc.double({ min: -1e5, max: 1e5, noNaN: true }), { maxLength: 40 })
    .map((unordered) => [...unordered].sort((left, right) => left - right));
  fc.assert(
    fc.property(edges, fc.double({ noNaN: true }), (ascending, anywhere) => {
      const grid = createBinGrid(ascending);
      const near = ascending.flatMap((edge) => [edge, edge * (1 - 1e-15), edge * (1 + 1e-15), edge + 1e-9]);
      for (const value of [anywhere, ...near, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
        expect(gridBinOf(grid, value)).toBe(binOf(ascending, value));
    }),
    { numRuns: 400 },
  );
});

it('has one bin without edges, and two with one', () => {
  expect(gridBinOf(createBinGrid([]), 3)).toBe(0);
  expect([0.5, 1, 2].map((value) => gridBinOf(createBinGrid([1]), value))).toEqual([0, 1, 1]);
});

it('finds its way among edges that lie close together', () => {
  const edges = [0, 1e-12, 2e-12, 50, 50 + 1e-12, 100];
  const grid = createBinGrid(edges);
  for (const value of [...edges, 1.5e-12, 50 + 5e-13, 99.999])
    expect(gridBinOf(grid, value)).toBe(binOf(edges, value));
});
