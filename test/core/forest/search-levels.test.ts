import fc from 'fast-check';
import { expect, it } from 'vitest';
import { orderKey } from '../../../core/forest/order-key.ts';
import { searchLevelSizes, searchLevels } from '../../../core/forest/search-levels.ts';

/** The search as the kernel does it. */
function rankOf(levels: readonly Float32Array[], value: number): number {
  let rank = 0;
  for (const level of levels) {
    const block = level.subarray(rank * 16, rank * 16 + 16);
    expect(block).toHaveLength(16);
    rank = rank * 16 + block.filter((limit) => limit <= value).length;
  }
  return rank;
}

it('leads to the number of limits at or below a value, for any number of limits', () => {
  const counts = fc.oneof(
    fc.integer({ min: 1, max: 40 }),
    fc.constantFrom(15, 16, 17, 255, 256, 257, 4095, 4096, 5000),
  );
  fc.assert(
    fc.property(counts, fc.array(fc.integer({ min: -10, max: 6000 })), (count, values) => {
      const levels = searchLevels(Int32Array.from({ length: count }, (_, index) => orderKey(index)));
      for (const value of [...values, count - 1, count, -1, Number.POSITIVE_INFINITY]) {
        expect(rankOf(levels, value)).toBe(Math.max(0, Math.min(count, Math.floor(value) + 1)));
      }
    }),
    { numRuns: 60 },
  );
});

it('has one level for up to 15 limits and one more for each factor of 16', () => {
  expect([1, 15, 16, 255, 256, 4095, 4096].map((count) => searchLevelSizes(count).length)).toEqual([
    1, 1, 2, 2, 3, 3, 4,
  ]);
});
