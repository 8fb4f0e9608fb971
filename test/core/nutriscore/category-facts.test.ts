import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { categoryFacts } from '../../../core/nutriscore/category-facts.ts';
import { CATEGORY_ROLES, type CategoryRole, rolesOf } from '../../../core/nutriscore/category-roles.ts';
import { KINDS } from '../../../core/nutriscore/rules.ts';

function kindIn(rules: '2023' | '2021', ...roles: readonly CategoryRole[]): number {
  return categoryFacts(rolesOf('known', ...roles), rules).kind;
}

describe('the kind of a product', () => {
  it.each([
    ['a soda', ['beverage'], 'beverage', 'beverage'],
    ['milk', ['foodIn2021', 'beverageIn2023'], 'beverage', 'food'],
    ['a plant drink', ['beverage', 'foodIn2021', 'beverageIn2023'], 'beverage', 'food'],
    ['a soup', ['beverage', 'foodIn2021', 'foodIn2023'], 'food', 'food'],
    ['coconut milk for cooking', ['beverageIn2023', 'foodIn2023', 'foodIn2021'], 'food', 'food'],
    ['iced tea', ['beverage', 'foodIn2021', 'beverageIn2021', 'beverageIn2023'], 'beverage', 'beverage'],
    ['spring water', ['beverage', 'springWater'], 'water', 'water'],
    ['flavoured spring water', ['beverage', 'springWater', 'flavouredWater'], 'beverage', 'beverage'],
    ['oil', ['fat'], 'fat', 'fat'],
    ['cream', ['cream'], 'fat', 'food'],
    ['seeds', ['seed'], 'fat', 'food'],
    ['nuts', ['nut'], 'fat', 'food'],
    ['chestnuts among nuts', ['nut', 'chestnut'], 'food', 'food'],
    ['cheese', ['cheese'], 'cheese', 'cheese'],
    ['fromage blanc', ['cheese', 'fromageBlanc'], 'food', 'food'],
    ['beef', ['redMeat'], 'redMeat', 'redMeat'],
    ['ham', ['curedMeat'], 'redMeat', 'redMeat'],
    ['turkey ham', ['curedMeat', 'poultry'], 'food', 'food'],
    ['bread', [], 'food', 'food'],
  ] as const)('of %s', (_, roles, in2023, in2021) => {
    expect(kindIn('2023', ...roles)).toBe(KINDS[in2023]);
    expect(kindIn('2021', ...roles)).toBe(KINDS[in2021]);
  });
});

describe('what else follows from a category', () => {
  it('exempts honey in 2021 only, and coffee drinks in neither', () => {
    const honey = rolesOf('known', 'notApplicableIn2021');
    const latte = honey | CATEGORY_ROLES.applicableIn2021;
    expect([categoryFacts(honey, '2021').isApplicable, categoryFacts(honey, '2023').isApplicable]).toEqual([
      false,
      true,
    ]);
    expect(categoryFacts(latte, '2021').isApplicable).toBe(true);
    expect(categoryFacts(rolesOf('notApplicable', 'applicableIn2021'), '2021').isApplicable).toBe(false);
  });

  it.each([
    ['potatoes before vegetables', ['potato', 'fruitOrVegetable'], 0, 0],
    ['juice', ['juice'], 100, 100],
    ['vegetables', ['fruitOrVegetable'], 90, 90],
    ['jam', ['jam'], 50, 50],
    ['jam within fruits', ['jam', 'fruitOrVegetable'], 90, 50],
    ['fruit-based food', ['fruitBased'], Number.NaN, 85],
    ['walnuts', ['nut', 'fruitShareIn2021'], Number.NaN, 100],
    ['bread', [], Number.NaN, Number.NaN],
  ] as const)('gives the default fruit share of %s', (_, roles, in2023, in2021) => {
    expect(categoryFacts(rolesOf(...roles), '2023').defaultFruitShare).toBe(in2023);
    expect(categoryFacts(rolesOf(...roles), '2021').defaultFruitShare).toBe(in2021);
  });

  it('fixes the fruit share of olive oil', () => {
    expect(categoryFacts(rolesOf('fat', 'oliveOil'), '2023').fixedFruitShare).toBe(100);
    expect(categoryFacts(rolesOf('fat'), '2023').fixedFruitShare).toBeNaN();
  });

  it('is derived once for the same roles, and again for others after very many', () => {
    const bread = categoryFacts(CATEGORY_ROLES.known, '2023');
    expect(categoryFacts(CATEGORY_ROLES.known, '2023')).toBe(bread);
    for (let roles = 0; roles < 12_000; roles += 1) categoryFacts(roles, '2023');
    const again = categoryFacts(CATEGORY_ROLES.known, '2023');
    expect(again).not.toBe(bread);
    expect(again).toEqual(bread);
  });
});

describe('CATEGORY_ROLES', () => {
  it('gives each role one bit of its own, below 2^30', () => {
    const bits = Object.values(CATEGORY_ROLES);
    expect(bits.reduce((sum, bit) => sum + bit, 0)).toBe(bits.reduce((all, bit) => all | bit, 0));
    for (const bit of bits) expect([Math.log2(bit) % 1, bit < 2 ** 30]).toEqual([0, true]);
  });

  it('joins roles whatever their order', () => {
    const names = Object.keys(CATEGORY_ROLES) as CategoryRole[];
    fc.assert(
      fc.property(fc.shuffledSubarray(names), (subset) => {
        expect(rolesOf(...subset)).toBe(rolesOf(...[...subset].reverse()));
      }),
    );
  });
});
