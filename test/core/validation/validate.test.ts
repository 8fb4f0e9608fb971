import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NUTRIENTS } from '../../../core/items/nutrients.ts';
import { offendingValues } from '../../../core/validation/offending-values.ts';
import { validate } from '../../../core/validation/validate.ts';
import { columnsOf, PLAIN, type RowValues } from './rows.ts';

const value = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: 0, max: 110, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 3801) },
);
const row: fc.Arbitrary<RowValues> = fc.record({
  code: fc.constantFrom('', '1', '2', '3', '40', '400'),
  ...Object.fromEntries(NUTRIENTS.map((nutrient) => [nutrient, value])),
});

describe('validate', () => {
  it('ends every row in exactly one of accepted and rejected', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
        const items = validate(columnsOf(rows));
        const accepted = new Set(items.acceptedRows);
        const rejected = rows.map((_, at) => at).filter((at) => items.rejects[at] !== 0);
        expect(accepted.size + rejected.length).toBe(rows.length);
        expect(rejected.filter((at) => accepted.has(at))).toEqual([]);
        expect([...items.acceptedRows]).toEqual([...accepted].sort((left, right) => left - right));
      }),
    );
  });

  it('judges a row the same whatever rows stand beside it', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), (rows) => {
        const together = validate(columnsOf(rows));
        rows.forEach((values, at) => {
          const alone = validate(columnsOf([values]));
          expect(together.rejects[at]).toBe(alone.rejects[0]);
          expect(together.warnings[at]).toBe(alone.warnings[0]);
        });
      }),
    );
  });

  it('takes columns without rows', () => {
    expect(validate(columnsOf([])).acceptedRows).toHaveLength(0);
  });
});

describe('offendingValues', () => {
  it('names the columns that broke the rules and no others', () => {
    const items = validate(
      columnsOf([
        { ...PLAIN, code: '', fat: -1, fruitShare: 200 },
        { ...PLAIN, sugars: 30 },
        { ...PLAIN, energyKj: 100 },
        { ...PLAIN, energyKj: Number.NaN, energyKcal: 20 },
        { ...PLAIN, salt: Number.POSITIVE_INFINITY },
        PLAIN,
      ]),
    );
    expect(offendingValues(items, 0)).toEqual({
      code: '',
      fat_100g: -1,
      'saturated-fat_100g': 4,
      'fruits-vegetables-legumes_100g': 200,
      ...{ energy_100g: 1000, carbohydrates_100g: 25, proteins_100g: 8, fiber_100g: 3 },
      'computed-energy-kj': 548,
    });
    expect(offendingValues(items, 1)).toEqual({ carbohydrates_100g: 25, sugars_100g: 30 });
    expect(offendingValues(items, 2)).toMatchObject({ energy_100g: 100, 'computed-energy-kj': 955 });
    expect(offendingValues(items, 3)).toMatchObject({ 'energy-kcal_100g': 20, 'computed-energy-kcal': 228 });
    expect(offendingValues(items, 4)).toEqual({ salt_100g: 'Infinity' });
    expect(offendingValues(items, 5)).toEqual({});
  });
});
