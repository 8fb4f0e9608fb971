/**
 * Which nutrition fits which kind of product. A category is lent between products by the nearness of their
 * nutrition, and sources hold rows filed wrongly (cereals of 1,500 kJ under waters): without this table 6 % of
 * the products made whole were solid waters, graded A, which no reader of a label could foresee.
 *
 * Wide on purpose: it refuses what cannot be, not what is rare. Per 100 g or 100 ml. Only products made whole are held to
 * it; real rows are trained on and judged with the category that they came with.
 */
import type { ItemColumns } from '../../core/items/item-columns.ts';
import type { Nutrient } from '../../core/items/nutrients.ts';
import { categoryFacts } from '../../core/nutriscore/category-facts.ts';
import { KINDS, type Kind } from '../../core/nutriscore/rules.ts';

/** What a range is about: a nutrient, or what follows from several. `NaN` where one of them is absent. */
const MEASURES = {
  /** g. */
  dryMatter: ({ fat, carbohydrates, proteins, salt }: Row) => fat + carbohydrates + proteins + salt,
  /** Share of the energy that fat gives. */
  fatEnergyShare: ({ fat, energyKj }: Row) => (fat * 37) / energyKj,
  /** Of all fat; little fat says nothing. */
  saturatedShare: ({ fat, saturatedFat }: Row) => (fat < 5 ? Number.NaN : saturatedFat / fat),
} as const;

type Row = Readonly<Record<Nutrient, number>>;
type Measure = keyof typeof MEASURES;

interface Range {
  readonly of: Nutrient | Measure;
  readonly min?: number;
  readonly max?: number;
}

const RANGES: Readonly<Record<Kind, readonly Range[]>> = {
  [KINDS.food]: [],
  [KINDS.water]: [
    { of: 'energyKj', max: 10 },
    { of: 'sugars', max: 0.5 },
    { of: 'proteins', max: 0.5 },
    { of: 'salt', max: 0.5 },
  ],
  // From diet soda to milk shakes and smoothies; powders and concentrates are graded as prepared.
  [KINDS.beverage]: [
    { of: 'energyKj', max: 450 },
    { of: 'saturatedFat', max: 5 },
    { of: 'fat', max: 8 },
    { of: 'sugars', max: 20 },
    { of: 'proteins', max: 10 },
    { of: 'fibre', max: 3 },
    { of: 'salt', max: 1 },
    { of: 'dryMatter', max: 25 },
  ],
  // Light cream has 10 g of fat, and fat gives 70 % of its energy; of that of chia seeds 57 %.
  [KINDS.fat]: [
    { of: 'energyKj', min: 400 },
    { of: 'fat', min: 9 },
    { of: 'fatEnergyShare', min: 0.45 },
  ],
  // Milk fat is two thirds saturated.
  [KINDS.cheese]: [
    { of: 'energyKj', min: 200, max: 2000 },
    { of: 'proteins', min: 4, max: 45 },
    { of: 'carbohydrates', max: 15 },
    { of: 'sugars', max: 12 },
    { of: 'fibre', max: 3 },
    { of: 'saturatedShare', min: 0.45 },
  ],
  [KINDS.redMeat]: [
    { of: 'energyKj', min: 300 },
    { of: 'proteins', min: 8 },
    { of: 'carbohydrates', max: 12 },
    { of: 'sugars', max: 8 },
    { of: 'fibre', max: 4 },
  ],
};

/** Whether the row's nutrition fits its category; absent values fit anything. */
export function isPlausibleCategory(columns: ItemColumns, row: number): boolean {
  const { kind } = categoryFacts(columns.categoryRoles[row] ?? 0, '2023');
  const values = rowOf(columns, row);
  return RANGES[kind].every(({ of, min, max }) => {
    const value = isMeasure(of) ? MEASURES[of](values) : values[of];
    return !(value < (min ?? Number.NEGATIVE_INFINITY) || value > (max ?? Number.POSITIVE_INFINITY));
  });
}

function isMeasure(name: Nutrient | Measure): name is Measure {
  return name in MEASURES;
}

function rowOf({ nutrients }: ItemColumns, row: number): Row {
  const entries = Object.entries(nutrients).map(([name, values]) => [name, values[row] ?? Number.NaN]);
  return Object.fromEntries(entries) as Row; // the keys are those of the columns
}

/** Whether the row has a category that a Nutri-Score can be computed for as sold, and nutrition that fits it. */
export function canLendCategory(columns: ItemColumns, row: number): boolean {
  const facts = categoryFacts(columns.categoryRoles[row] ?? 0, '2023');
  const isGraded = facts.isKnown && facts.isApplicable && !facts.isAsPreparedOnly;
  return isGraded && isPlausibleCategory(columns, row);
}
