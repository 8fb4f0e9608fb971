import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NUTRIENTS } from '../../core/items/nutrients.ts';
import { CATEGORY_ROLES } from '../../core/nutriscore/category-roles.ts';
import { foodGroupIndex } from '../../core/nutriscore/food-groups.ts';
import { NO_GRADE } from '../../schemas/grade.ts';
import { createRandom } from '../../trainer/random.ts';
import { completeRows, createDonors } from '../../trainer/rows/complete-items.ts';
import { drawFruitShare } from '../../trainer/rows/fruit-shares.ts';
import { drawGaps, gapsWithout, hide, hideInputs, readGapPatterns } from '../../trainer/rows/hide-inputs.ts';
import { copyInputs, createPool, type ItemPool, rowsWhere, thinRows } from '../../trainer/rows/item-pool.ts';
import { perturbRows } from '../../trainer/rows/perturb-items.ts';
import { isPlausibleCategory } from '../../trainer/rows/plausible-categories.ts';
import { productKey, productPlace } from '../../trainer/rows/product-key.ts';
import { gradeCompleteRows } from '../../trainer/rows/rule-labels.ts';
import { makeTrainingRows, splitProducts } from '../../trainer/rows/training-set.ts';
import { columnsOf, PLAIN, type RowValues } from '../core/validation/rows.ts';

const ABSENT = Number.NaN;

function poolOf(rows: readonly RowValues[]): ItemPool {
  const columns = columnsOf(rows);
  const pool = createPool(rows.length);
  rows.forEach((_, row) => {
    copyInputs(columns, row, pool.columns, row);
    pool.productKeys[row] = productKey(columns, row);
  });
  return pool;
}

const allRows = (pool: ItemPool): Int32Array => rowsWhere(pool, () => true);
const CHEESE: RowValues = {
  ...PLAIN,
  energyKj: 780,
  saturatedFat: 6,
  carbohydrates: 12,
  roles: ['known', 'cheese'],
  foodGroup: foodGroupIndex('cheese'),
};

describe('the split', () => {
  it('keeps copies of a product on one side, whatever their source calls them', () => {
    const columns = columnsOf([
      { ...PLAIN, code: '1' },
      { ...PLAIN, code: '2', salt: 0.504, fat: ABSENT },
      { ...PLAIN, code: '3', salt: 0.7 },
    ]);
    const [first, copy, other] = [0, 1, 2].map((row) => productKey(columns, row));
    expect(copy).toBe(first);
    expect(other).not.toBe(first);
  });

  it('tells products with hardly a value apart by their code', () => {
    const bare = { energyKj: 100, code: '1' };
    const columns = columnsOf([bare, { ...bare, code: '2' }]);
    expect(productKey(columns, 0)).not.toBe(productKey(columns, 1));
  });

  it('tells waters apart by their code, so that none of the parts goes without', () => {
    const zeros = { energyKj: 0, saturatedFat: 0, sugars: 0, proteins: 0, salt: 0.04 };
    const columns = columnsOf([
      { ...zeros, code: '1' },
      { ...zeros, code: '2' },
      { ...zeros, salt: 0.05, code: '1' },
      { ...zeros, salt: 0.05, code: '2' },
    ]);
    const [first, second, salted, saltedToo] = [0, 1, 2, 3].map((row) => productKey(columns, row));
    expect(second).not.toBe(first);
    expect(saltedToo).toBe(salted);
  });

  it('spreads products evenly over the parts, the same for the same seed', () => {
    const keys = Array.from({ length: 5000 }, (_, key) => key);
    const held = keys.filter((key) => productPlace(key, 1) < 0.2);
    expect(held.length / keys.length).toBeCloseTo(0.2, 1);
    expect(keys.filter((key) => productPlace(key, 1) < 0.2)).toEqual(held);
    expect(keys.filter((key) => productPlace(key, 2) < 0.2)).not.toEqual(held);
  });

  it('puts no product into two parts and drops rows that validation rejects', () => {
    const salts = Array.from({ length: 200 }, (_, row) => ({ ...PLAIN, salt: (row % 70) / 50 }));
    const split = splitProducts(poolOf([...salts, { ...PLAIN, fat: 200 }]), 1, 0.3, 0.2);
    const parts = [split.training, split.validation, split.heldOut];
    const keys = parts.map(({ productKeys }) => new Set(productKeys));
    const products = new Set(parts.flatMap(({ productKeys }) => [...productKeys]));
    expect(keys.reduce((sum, { size }) => sum + size, 0)).toBe(products.size);
    expect(keys.every(({ size }) => size > 0)).toBe(true);
    expect(parts.reduce((sum, { columns }) => sum + columns.rowCount, 0)).toBe(200);
  });
});

describe('completeRows', () => {
  it('fills every gap from near rows and changes nothing that is there', () => {
    const pool = poolOf([
      CHEESE,
      { ...CHEESE, salt: 0.6, fruitShare: 7 },
      { energyKj: 790, sugars: 5, proteins: 8, salt: 0.5, saturatedFat: 5 },
    ]);
    const whole = completeRows(pool, Int32Array.of(2), createDonors(pool), createRandom(1, 'test'));
    const { nutrients } = whole.columns;
    expect([nutrients.energyKj[0], nutrients.sugars[0], nutrients.salt[0]]).toEqual([790, 5, 0.5]);
    expect([nutrients.fat[0], nutrients.carbohydrates[0], nutrients.fibre[0]]).toEqual([10, 12, 3]);
    expect(whole.columns.foodGroups[0]).toBe(foodGroupIndex('cheese'));
    expect([0, 7]).toContain(nutrients.fruitShare[0]);
  });

  it('draws evenly from donors that are equally near', () => {
    const fibres = Array.from({ length: 20 }, (_, fibre) => fibre);
    const pool = poolOf([...fibres.map((fibre) => ({ ...CHEESE, fibre })), { ...CHEESE, fibre: ABSENT }]);
    const rows = new Int32Array(400).fill(fibres.length);
    const { fibre } = completeRows(pool, rows, createDonors(pool), createRandom(1, 'even')).columns.nutrients;
    const drawn = fibres.map((of) => fibre.filter((value) => value === of).length);
    expect(Math.min(...drawn)).toBeGreaterThan(5);
  });

  it('never borrows a whole that is below the row’s own part', () => {
    const pool = poolOf([CHEESE, { saturatedFat: 20, sugars: 40, proteins: 8, salt: 1 }]);
    const { nutrients } = completeRows(
      pool,
      Int32Array.of(1),
      createDonors(pool),
      createRandom(1, 'x'),
    ).columns;
    expect([nutrients.fat[0], nutrients.carbohydrates[0]]).toEqual([20, 40]);
  });

  it('draws fibre that fits a reported grade, where near rows have such', () => {
    const bread: RowValues = { ...PLAIN, fruitShare: 0, foodGroup: foodGroupIndex('bread') };
    const pool = poolOf([
      { ...bread, fibre: 0 },
      { ...bread, fibre: 0.1 },
      { ...bread, fibre: 9 },
      { ...bread, fibre: ABSENT },
    ]);
    const graded = poolOf([{ ...bread, fibre: 9 }]);
    gradeCompleteRows(graded);
    pool.grades[3] = graded.grades[0] ?? NO_GRADE;
    const rows = new Int32Array(40).fill(3);
    const drawn = completeRows(pool, rows, createDonors(pool), createRandom(1, 'grade'));
    const fitting = drawn.columns.nutrients.fibre.filter((fibre) => fibre === 9).length;
    // A blind draw fits once in three; six draws fit eleven times in twelve.
    expect(fitting).toBeGreaterThan(30);
  });
});

describe('the categories of made products', () => {
  const SOLID: RowValues = {
    ...PLAIN,
    energyKj: 1500,
    carbohydrates: 75,
    sugars: 1,
    foodGroup: 0,
    roles: [],
  };

  it('never files a solid under beverages or waters, whatever its neighbours say', () => {
    const water: RowValues = {
      ...SOLID,
      roles: ['known', 'beverage', 'springWater'],
      foodGroup: foodGroupIndex('waters-and-flavored-waters'),
    };
    const pool = poolOf([water, { ...water, sugars: 2 }, SOLID]);
    const { columns } = completeRows(pool, Int32Array.of(2), createDonors(pool), createRandom(1, 'water'));
    expect(columns.categoryRoles[0]).toBe(CATEGORY_ROLES.known);
    expect(columns.foodGroups[0]).toBe(0);
  });

  it.each([
    ['a juice', { roles: ['known', 'beverage'], energyKj: 190, sugars: 10, proteins: 0.5, salt: 0 }, true],
    ['a biscuit as a beverage', { roles: ['known', 'beverage'], energyKj: 1900 }, false],
    ['an oil', { roles: ['known', 'fat'], energyKj: 3700, fat: 100 }, true],
    ['bread as an oil', { roles: ['known', 'fat'], energyKj: 1000, fat: 2 }, false],
    ['a bread of seeds as a fat', { roles: ['known', 'fat'], energyKj: 1434, fat: 10.6 }, false],
    ['a cake as a cheese', { roles: ['known', 'cheese'], energyKj: 1400, fat: 19, saturatedFat: 0.7 }, false],
    [
      'a powder as a beverage',
      { roles: ['known', 'beverage'], carbohydrates: 20, proteins: 9, fat: 3, salt: 0 },
      false,
    ],
    ['a sweet as a cheese', { roles: ['known', 'cheese'], sugars: 55, proteins: 5 }, false],
    ['a row that states nothing', { roles: ['known', 'cheese'] }, true],
  ] as const)('takes %s as plausible: %s', (_, values, isPlausible) => {
    expect(isPlausibleCategory(columnsOf([values]), 0)).toBe(isPlausible);
  });
});

describe('drawFruitShare', () => {
  const drawn = (values: RowValues): number[] => {
    const columns = columnsOf([{ ...values, fruitShare: ABSENT }]);
    const random = createRandom(1, 'fruit');
    return Array.from({ length: 200 }, () => drawFruitShare(columns, 0, random));
  };

  it('follows the category where that implies a share', () => {
    expect(Math.min(...drawn({ roles: ['known', 'fruitOrVegetable'] }))).toBeGreaterThanOrEqual(90);
    expect(new Set(drawn({ roles: ['known', 'juice'] }))).toEqual(new Set([100]));
    expect(new Set(drawn({ roles: ['known', 'fat', 'oliveOil'] }))).toEqual(new Set([100]));
  });

  it('gives most of a group none and some a share within the group’s range', () => {
    const biscuits = drawn({ roles: ['known'], foodGroup: foodGroupIndex('biscuits-and-cakes') });
    expect(biscuits.filter((share) => share === 0).length).toBeGreaterThan(100);
    expect(Math.max(...biscuits)).toBeGreaterThan(10);
    expect(Math.max(...biscuits)).toBeLessThanOrEqual(25);
  });

  it('gives none to a group that has none', () => {
    expect(new Set(drawn(CHEESE))).toEqual(new Set([0]));
  });
});

describe('perturbRows', () => {
  it('draws no blind category or fruit share for rows that will not show them', () => {
    const rows = Array.from({ length: 200 }, (_, row) =>
      row % 2 === 0 ? CHEESE : { ...CHEESE, foodGroup: 1 },
    );
    const pool = poolOf(rows);
    const before = [...pool.columns.foodGroups];
    const gaps = new Uint16Array(200).fill(gapsWithout(['fruitShare'], true));
    perturbRows(pool, gaps, createRandom(1, 'blind'));
    expect([...pool.columns.foodGroups]).toEqual(before);
    expect(new Set(pool.columns.nutrients.fruitShare)).toEqual(new Set([0]));
    perturbRows(pool, new Uint16Array(200), createRandom(1, 'blind'));
    expect([...pool.columns.foodGroups]).not.toEqual(before);
  });

  it('keeps parts within their wholes and everything at or above zero', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const pool = poolOf(Array.from({ length: 30 }, () => CHEESE));
        perturbRows(pool, new Uint16Array(30), createRandom(seed, 'perturb'));
        const { nutrients } = pool.columns;
        for (let row = 0; row < 30; row += 1) {
          expect(nutrients.saturatedFat[row]).toBeLessThanOrEqual(nutrients.fat[row] ?? 0);
          expect(nutrients.sugars[row]).toBeLessThanOrEqual(nutrients.carbohydrates[row] ?? 0);
          expect(nutrients.energyKj[row]).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('hideInputs', () => {
  it('gives rows the gaps that real rows have, and hides nothing else by a pattern', () => {
    const pool = poolOf([CHEESE]);
    hide(pool, 0, gapsWithout(['fibre', 'fruitShare'], true));
    const absent = NUTRIENTS.filter((nutrient) => Number.isNaN(pool.columns.nutrients[nutrient][0]));
    expect(absent).toContain('fibre');
    expect(absent).toContain('fruitShare');
    expect(absent).not.toContain('salt');
    expect([pool.columns.categoryRoles[0], pool.columns.foodGroups[0]]).toEqual([0, 0]);
  });

  it('leaves some rows whole and hides fibre of others', () => {
    const pool = poolOf(Array.from({ length: 200 }, () => CHEESE));
    const patterns = readGapPatterns(poolOf([{ ...CHEESE, fibre: ABSENT }]));
    hideInputs(pool, drawGaps(200, patterns, createRandom(1, 'hide')));
    const hidden = pool.columns.nutrients.fibre.filter((fibre) => Number.isNaN(fibre)).length;
    expect(hidden).toBeGreaterThan(40);
    expect(hidden).toBeLessThan(140);
  });
});

describe('gradeCompleteRows', () => {
  it.each([
    ['a whole row', CHEESE, true],
    ['a row without fibre', { ...CHEESE, fibre: ABSENT }, false],
    ['a food without fat, which its score does not use', { ...CHEESE, fat: ABSENT }, true],
    ['a row whose fruit share could change the grade', { ...CHEESE, fruitShare: ABSENT }, false],
    [
      'a row whose category implies the fruit share',
      { ...PLAIN, roles: ['known', 'fruitOrVegetable'], fruitShare: ABSENT },
      true,
    ],
    ['an oil without fat', { ...CHEESE, roles: ['known', 'fat'], fat: ABSENT }, false],
    ['a row without a category', { ...CHEESE, roles: [] }, false],
    ['water without anything', { roles: ['known', 'beverage', 'springWater'] }, true],
  ] as const)('grades %s: %s', (_, values, isGraded) => {
    const pool = poolOf([values]);
    gradeCompleteRows(pool);
    expect(pool.grades[0] !== NO_GRADE).toBe(isGraded);
  });
});

describe('makeTrainingRows', () => {
  it('makes the asked copies of each row beside the real ones, the same for the same seed', () => {
    const training = poolOf(Array.from({ length: 20 }, (_, row) => ({ ...CHEESE, salt: row / 20 })));
    training.grades.fill(2);
    const rows = makeTrainingRows(training, 1, 2);
    expect(rows.realRowCount).toBe(20);
    expect(rows.features.rowCount).toBeGreaterThan(40);
    expect(rows.features.rowCount).toBeLessThanOrEqual(60);
    expect(makeTrainingRows(training, 1, 2)).toEqual(rows);
    expect(allRows(rows.pool)).toHaveLength(rows.labels.length);
  });
});

describe('thinRows', () => {
  it('leaves a small pool as it is and spreads what it keeps of a large one', () => {
    const pool = poolOf(Array.from({ length: 100 }, (_, row) => ({ ...CHEESE, salt: row })));
    expect(thinRows(pool, 100)).toBe(pool);
    expect([...thinRows(pool, 4).columns.nutrients.salt]).toEqual([0, 25, 50, 75]);
  });
});
