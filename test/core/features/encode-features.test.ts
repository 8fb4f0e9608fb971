import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFeatures } from '../../../core/features/encode-features.ts';
import { FEATURE_NAMES, FEATURES } from '../../../core/features/feature-table.ts';
import { foodGroupIndex } from '../../../core/nutriscore/food-groups.ts';
import { validate } from '../../../core/validation/validate.ts';
import { columnsOf, PLAIN, type RowValues } from '../validation/rows.ts';

/** Features of each accepted row by name, as float32. */
function featuresOf(rows: readonly RowValues[]): Record<string, number>[] {
  const items = validate(columnsOf(rows));
  const { values, rowCount, featureCount } = encodeFeatures(items, items.acceptedRows);
  expect(featureCount).toBe(FEATURE_NAMES.length);
  return Array.from({ length: rowCount }, (_, row) =>
    Object.fromEntries(
      FEATURE_NAMES.map((name, column) => [name, values[row * featureCount + column] ?? 9e9]),
    ),
  );
}

function featuresOfOne(values: RowValues): Record<string, number> {
  return featuresOf([values])[0] ?? {};
}

describe('encodeFeatures', () => {
  it('gives the golden features of a cheese', () => {
    const cheese: RowValues = {
      ...PLAIN,
      roles: ['known', 'cheese'],
      foodGroup: foodGroupIndex('cheese'),
    };
    expect(featuresOfOne(cheese)).toEqual({
      energy_kj: 1000,
      fat: 10,
      saturated_fat: 4,
      carbohydrates: 25,
      sugars: 5,
      fibre: 3,
      proteins: 8,
      salt: 0.5,
      fruit_share: 0,
      saturated_ratio: 40,
      sugars_ratio: 20,
      energy_unexplained: 69,
      mass_unexplained: 56.5,
      // 1000 kJ is 2 points, 5 g of sugars 1, 4 g of saturated fat 3, 0.5 g of salt 2.
      unfavourable_points: 8,
      // 3 g of fibre are none yet, 8 g of proteins 3.
      favourable_points: 3,
      points_balance: 5,
      is_beverage: 0,
      is_water: 0,
      is_fat: 0,
      is_cheese: 1,
      is_red_meat: 0,
      is_sweetened: 0,
      food_group: foodGroupIndex('cheese'),
    });
  });

  it('puts the missing value where an input is absent, in what follows from it, and nowhere else', () => {
    const { NaN: missing } = Number;
    const features = featuresOfOne({ ...PLAIN, carbohydrates: missing, fibre: missing });
    const names = Object.keys(features).filter((name) => Number.isNaN(features[name]));
    expect(names).toEqual([
      'carbohydrates',
      'fibre',
      'sugars_ratio',
      'energy_unexplained',
      'mass_unexplained',
      'food_group',
    ]);
  });

  it('leaves every flag of the category missing where the category is unknown', () => {
    const features = featuresOfOne({ ...PLAIN, roles: [] });
    for (const flag of FEATURES.filter(({ unit }) => unit === 'flag')) expect(features[flag.name]).toBeNaN();
  });

  it.each([
    ['water', ['known', 'beverage', 'springWater'], ['is_beverage', 'is_water']],
    ['flavoured water', ['known', 'beverage', 'springWater', 'flavouredWater'], ['is_beverage']],
    ['a diet soda', ['known', 'beverage', 'sweetened'], ['is_beverage', 'is_sweetened']],
    ['oil', ['known', 'fat'], ['is_fat']],
    ['beef', ['known', 'redMeat'], ['is_red_meat']],
    ['bread', ['known'], []],
  ] as const)('flags %s', (_, roles, flags) => {
    const features = featuresOfOne({ ...PLAIN, roles });
    expect(Object.keys(features).filter((name) => name.startsWith('is_') && features[name] === 1)).toEqual(
      flags,
    );
  });

  it('takes the declared fruit share before that of the category, and olive oil as 100', () => {
    const [declared, implied, olive] = featuresOf([
      { ...PLAIN, fruitShare: 12, roles: ['known', 'fruitOrVegetable'] },
      { ...PLAIN, fruitShare: Number.NaN, roles: ['known', 'fruitOrVegetable'] },
      { ...PLAIN, fruitShare: 0, roles: ['known', 'fat', 'oliveOil'] },
    ]);
    expect([declared?.['fruit_share'], implied?.['fruit_share'], olive?.['fruit_share']]).toEqual([
      12, 90, 100,
    ]);
  });

  it.each([
    ['no saturated fat in no fat', 0, 0, 0],
    ['no saturated fat, fat absent', 0, Number.NaN, 0],
    ['saturated fat above fat by rounding', 0.001, 0, 100],
    ['fat absent', 2, Number.NaN, Number.NaN],
  ])('reads the saturated ratio of %s', (_, saturatedFat, fat, ratio) => {
    expect(featuresOfOne({ ...PLAIN, energyKj: Number.NaN, saturatedFat, fat })['saturated_ratio']).toBe(
      ratio,
    );
  });

  it.each([
    [
      'count what is absent as nothing',
      { saturatedFat: Number.NaN, energyKj: 670.1, sugars: 0, salt: 0.41 },
      4,
    ],
    ['end where the scales end', { energyKj: 3700, sugars: 100, saturatedFat: 0, salt: 60 }, 45],
  ] as const)('gives unfavourable points that %s', (_, values, points) => {
    expect(featuresOfOne({ roles: ['known'], ...values })['unfavourable_points']).toBe(points);
  });

  it('has no points where all of their nutrients are absent, and a balance without favourable ones', () => {
    const features = featuresOfOne({ energyKj: 500, roles: ['known'] });
    expect(features['favourable_points']).toBeNaN();
    expect(features['unfavourable_points']).toBe(1);
    expect(features['points_balance']).toBe(1);
    expect(featuresOfOne({ fibre: 5, roles: ['known'] })['points_balance']).toBeNaN();
  });

  it('takes favourable points off by the same scales for every kind of product', () => {
    const values = { energyKj: 400, sugars: 9, saturatedFat: 0, salt: 0, fibre: 4.2, proteins: 5 };
    for (const roles of [['known'], ['known', 'beverage'], ['known', 'fat'], []] as const) {
      expect(featuresOfOne({ ...values, roles: [...roles] })['points_balance']).toBe(1 + 2 - 2 - 2);
    }
  });

  it('encodes the asked rows in the asked order', () => {
    const items = validate(columnsOf([1, 2, 3].map((salt) => ({ ...PLAIN, salt }))));
    const { values, featureCount } = encodeFeatures(items, Int32Array.of(2, 0));
    const column = FEATURE_NAMES.indexOf('salt');
    expect([values[column], values[featureCount + column]]).toEqual([3, 1]);
  });

  it('gives finite or missing values for every accepted row', () => {
    const value = fc.oneof(fc.double({ min: 0, max: 105, noNaN: true }), fc.constantFrom(0, Number.NaN));
    const names = Object.keys(PLAIN).filter((name) => name !== 'roles');
    const row = fc.record(Object.fromEntries(names.map((name) => [name, value])));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
        const items = validate(columnsOf(rows));
        const { values } = encodeFeatures(items, items.acceptedRows);
        expect(values.every((feature) => Number.isFinite(feature) || Number.isNaN(feature))).toBe(true);
      }),
    );
  });

  it('has a name of its own for each feature', () => {
    expect(new Set(FEATURE_NAMES).size).toBe(FEATURE_NAMES.length);
  });

  it('writes over the whole of a room that is large enough, and leaves a smaller one alone', () => {
    const items = validate(columnsOf([PLAIN, { ...PLAIN, fat: Number.NaN, fibre: Number.NaN }]));
    const { values } = encodeFeatures(items, items.acceptedRows);
    const large = new Float32Array(values.length + 5).fill(7);
    const within = encodeFeatures(items, items.acceptedRows, large).values;
    expect(within).toEqual(values);
    expect(within.buffer).toBe(large.buffer);
    expect([...large.subarray(values.length)]).toEqual([7, 7, 7, 7, 7]);
    const small = new Float32Array(values.length - 1).fill(7);
    expect(encodeFeatures(items, items.acceptedRows, small).values).toEqual(values);
    expect(small.every((value) => value === 7)).toBe(true);
  });
});
