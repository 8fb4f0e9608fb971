import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ColumnBins, createHistogramCounter } from '../../../core/drift/count-histograms.ts';
import { DRIFT_COLUMNS } from '../../../core/drift/drift-columns.ts';
import { mergeHistograms } from '../../../core/drift/merge-histograms.ts';
import { encodeFeatures } from '../../../core/features/encode-features.ts';
import type { Nutrient } from '../../../core/items/nutrients.ts';
import { validate } from '../../../core/validation/validate.ts';
import type { RowHistograms } from '../../../schemas/histograms.ts';
import { columnsOf, PLAIN, type RowValues } from '../validation/rows.ts';

/** Coarse bins for every feature. */
const BINS: readonly ColumnBins[] = DRIFT_COLUMNS.map(({ unit }) =>
  unit === 'flag' ? { edges: [1], min: 0, max: 1 } : { edges: [0.3, 2, 10.1, 40], min: 0, max: 100 },
);

const emptyCounts = { counts: [], missing: 0, below: 0, above: 0, impossible: 0, sum: '0' };

/** @param grades of the accepted rows of all batches together. */
function counted(batches: readonly (readonly RowValues[])[], gradeOf = (row: number) => row % 5) {
  const counter = createHistogramCounter(BINS);
  let accepted = 0;
  for (const rows of batches) {
    const items = validate(columnsOf(rows));
    counter.add(items, encodeFeatures(items, items.acceptedRows));
    accepted += items.acceptedRows.length;
  }
  return counter.finish(Uint8Array.from({ length: accepted }, (_, row) => gradeOf(row)));
}

const value = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: 0, max: 105, noNaN: true }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 1050 }).map((tenths) => tenths / 10) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, 0, -1, 1e9, 1e14, Number.POSITIVE_INFINITY) },
);
const NUTRIENTS: readonly Nutrient[] = ['energyKj', 'fat', 'saturatedFat', 'carbohydrates', 'sugars', 'salt'];
const rowValues: fc.Arbitrary<RowValues> = fc.record(
  Object.fromEntries([
    ...NUTRIENTS.map((nutrient) => [nutrient, value] as const),
    ['roles', fc.constantFrom([], ['known'], ['known', 'beverage'])] as const,
  ]),
  { requiredKeys: [] },
);

describe('histograms', () => {
  it('of any split of a file, merged, are those of the whole file, bit for bit', () => {
    const split = fc
      .array(rowValues, { minLength: 1, maxLength: 60 })
      .chain((rows) =>
        fc.tuple(fc.constant(rows), fc.array(fc.integer({ min: 0, max: rows.length }), { maxLength: 5 })),
      );
    fc.assert(
      fc.property(split, fc.integer(), ([rows, cuts], seed) => {
        const ends = [0, ...cuts.sort((left, right) => left - right), rows.length];
        const parts = ends.slice(1).map((end, index) => rows.slice(ends[index], end));
        const whole = counted([rows], () => 0);
        const merged = parts.map((part) => counted([part], () => 0));
        expect(JSON.stringify(mergeHistograms(merged))).toBe(JSON.stringify(whole));
        // Nor does the order of parts count, nor how they lie in batches.
        const turned = [...merged.slice(seed % parts.length), ...merged.slice(0, seed % parts.length)];
        expect(JSON.stringify(mergeHistograms(turned))).toBe(JSON.stringify(whole));
        expect(JSON.stringify(counted(parts, () => 0))).toBe(JSON.stringify(whole));
      }),
      { numRuns: 200 },
    );
  });

  it('have exact sums over more rows than a double holds', () => {
    const rows = Array.from({ length: 20_000 }, (_, row) => ({
      ...PLAIN,
      fat: 99.999_999 - (row % 7) / 1e6,
    }));
    const { columns } = counted([rows]);
    const millionths = rows.reduce((sum, { fat }) => sum + BigInt(Math.round(fat * 1e6)), 0n);
    expect(columns['fat']?.sum).toBe(String(millionths));
    expect(columns['fat']?.counts).toEqual([0, 0, 0, 0, 20_000]);
  });

  it('count every row once, missing and impossible values apart', () => {
    fc.assert(
      fc.property(fc.array(rowValues, { maxLength: 30 }), (rows) => {
        const { rows: all, accepted, columns, grades } = counted([rows]);
        expect(all).toBe(rows.length);
        expect(grades.reduce((sum, count) => sum + count, 0)).toBe(accepted);
        for (const { feature, nutrient } of DRIFT_COLUMNS) {
          const { counts = [], missing = 0 } = columns[feature] ?? {};
          const of = nutrient === undefined ? accepted : all;
          expect(counts.reduce((sum, count) => sum + count, missing)).toBe(of);
        }
      }),
    );
  });

  it('see salt in milligrams, although its rows are rejected', () => {
    const { rows, accepted, columns } = counted([Array.from({ length: 3 }, () => ({ ...PLAIN, salt: 500 }))]);
    expect([rows, accepted]).toEqual([3, 0]);
    expect(columns['salt']).toEqual({
      counts: [0, 0, 0, 0, 3],
      missing: 0,
      below: 0,
      above: 3,
      impossible: 3,
      sum: '0',
    });
    expect(columns['fat']).toMatchObject({ impossible: 0, sum: '30000000' });
    expect(columns['fruit_share']).toMatchObject({ counts: [0, 0, 0, 0, 0], missing: 0 });
  });

  it.each<[string, RowValues, readonly string[]]>([
    ['nothing in a plain row', {}, []],
    ['sugars that are more than the carbohydrates', { sugars: 30 }, ['carbohydrates', 'sugars']],
    ['saturated fat that is more than the fat', { saturatedFat: 11 }, ['fat', 'saturated_fat']],
    [
      'sugars that alone give more energy than there is',
      { energyKj: 400, sugars: 25, fat: Number.NaN, saturatedFat: Number.NaN, carbohydrates: Number.NaN },
      ['energy_kj', 'sugars'],
    ],
    ['energy above that of pure fat', { energyKj: 3900, fat: 100, saturatedFat: 5 }, ['energy_kj']],
    ['energy whose two units contradict each other', { energyKcal: 900 }, ['energy_kj']],
    ['a value below 0', { proteins: -1 }, ['proteins']],
    ['an infinite one', { fibre: Number.POSITIVE_INFINITY }, ['fibre']],
  ])('say what is impossible: %s', (_, changes, expected) => {
    const { columns } = counted([[{ ...PLAIN, ...changes }]]);
    const impossible = Object.entries(columns).filter(([, counts]) => counts.impossible > 0);
    expect(impossible.map(([name]) => name)).toEqual(expected);
  });

  it('are refused with bins of other features, and not added to those of other bins', () => {
    expect(() => createHistogramCounter(BINS.slice(1))).toThrow(/bins of 22 features can not count 23/);
    expect(mergeHistograms([])).toBeUndefined();
    const one = counted([[PLAIN]]);
    const without = (name: string): RowHistograms => {
      const { [name]: _, ...columns } = one.columns;
      return { ...one, columns };
    };
    expect(() => mergeHistograms([one, without('fat')])).toThrow(/of 22 features can not be added to 23/);
    expect(() => mergeHistograms([without('fat'), one])).toThrow(/of 23 features can not be added to 22/);
    const { fat, ...others } = one.columns;
    const renamed = { ...one, columns: { ...others, fats: fat ?? emptyCounts } };
    expect(() => mergeHistograms([one, renamed])).toThrow(/without fats/);
    expect(() => mergeHistograms([one, { ...one, grades: [1] }])).toThrow(/1 bins can not be added to 5/);
  });
});
