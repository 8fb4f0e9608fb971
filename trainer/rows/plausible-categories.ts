/**
 * Which nutrition fits which kind of product. A category is lent between products by the nearness of their
 * nutrition, and sources hold rows filed wrongly (cereals of 1,500 kJ under waters): without this table 6 % of
 * the products made whole were solid waters, graded A, which no reader of a label could foresee.
 *
 * Wide on purpose: it refuses what cannot be, not what is rare. Per 100 g or 100 ml. Only made products are held
 * to it; real rows keep the category that they came with.
 */
import type { ItemColumns } from '../../core/items/item-columns.ts';
import type { Nutrient } from '../../core/items/nutrients.ts';
import { categoryFacts } from '../../core/nutriscore/category-facts.ts';
import { KINDS, type Kind } from '../../core/nutriscore/rules.ts';

interface Range {
  readonly nutrient: Nutrient;
  readonly min?: number;
  readonly max?: number;
}

const RANGES: Readonly<Record<Kind, readonly Range[]>> = {
  [KINDS.food]: [],
  [KINDS.water]: [
    { nutrient: 'energyKj', max: 10 },
    { nutrient: 'sugars', max: 0.5 },
    { nutrient: 'proteins', max: 0.5 },
    { nutrient: 'salt', max: 0.5 },
  ],
  // From diet soda to milk shakes and smoothies; powders and concentrates are graded as prepared.
  [KINDS.beverage]: [
    { nutrient: 'energyKj', max: 450 },
    { nutrient: 'saturatedFat', max: 5 },
    { nutrient: 'fat', max: 8 },
    { nutrient: 'carbohydrates', max: 22 },
    { nutrient: 'sugars', max: 20 },
    { nutrient: 'proteins', max: 10 },
    { nutrient: 'fibre', max: 3 },
    { nutrient: 'salt', max: 1 },
  ],
  // Light cream has 10 g of fat; seeds and nuts 30 g and more.
  [KINDS.fat]: [
    { nutrient: 'energyKj', min: 400 },
    { nutrient: 'fat', min: 9 },
  ],
  [KINDS.cheese]: [
    { nutrient: 'energyKj', min: 200, max: 2000 },
    { nutrient: 'proteins', min: 4, max: 45 },
    { nutrient: 'carbohydrates', max: 15 },
    { nutrient: 'sugars', max: 12 },
    { nutrient: 'fibre', max: 3 },
  ],
  [KINDS.redMeat]: [
    { nutrient: 'energyKj', min: 300 },
    { nutrient: 'proteins', min: 8 },
    { nutrient: 'carbohydrates', max: 20 },
    { nutrient: 'sugars', max: 12 },
    { nutrient: 'fibre', max: 4 },
  ],
};

/** Whether the row's nutrition fits its category; absent values fit anything. */
export function isPlausibleCategory(columns: ItemColumns, row: number): boolean {
  const { kind } = categoryFacts(columns.categoryRoles[row] ?? 0, '2023');
  return RANGES[kind].every(({ nutrient, min, max }) => {
    const value = columns.nutrients[nutrient][row] ?? Number.NaN;
    return !(value < (min ?? Number.NEGATIVE_INFINITY) || value > (max ?? Number.POSITIVE_INFINITY));
  });
}

/** Whether the row has a category that a Nutri-Score can be computed for as sold, and nutrition that fits it. */
export function canLendCategory(columns: ItemColumns, row: number): boolean {
  const facts = categoryFacts(columns.categoryRoles[row] ?? 0, '2023');
  const isGraded = facts.isKnown && facts.isApplicable && !facts.isAsPreparedOnly;
  return isGraded && isPlausibleCategory(columns, row);
}
