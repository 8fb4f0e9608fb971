/** The one table of what is read: each Open Food Facts nutrient name, and the input it feeds. */
import type { Nutrient } from '../items/nutrients.ts';
import { SALT_PER_SODIUM } from '../items/nutrients.ts';

/** What a target is measured in. `g` may be mapped from mg, `kJ` and `kcal` from one another. */
export type TargetUnit = 'g' | 'kJ' | 'kcal' | '%';

export interface InputSource {
  /** Name in the nested `nutriments`; `<name>_100g` is the flat column. */
  readonly name: string;
  readonly target: Nutrient;
  readonly unit: TargetUnit;
  /** What a value is multiplied by to be the target. */
  readonly factor: number;
}

const source = (name: string, target: Nutrient, unit: TargetUnit = 'g', factor = 1): InputSource => ({
  name,
  target,
  unit,
  factor,
});

/**
 * Sources of one target stand in the order of their rank: a row takes the first that it has. `energy` comes
 * before `energy-kj`, which the official export has for a fifth of the products only; both are kJ. The fruit
 * share declared comes before its estimates, and the 2023 rules' share (legumes) before the older (nuts).
 * Sources: openfoodfacts.org/data/data-fields.txt and the export of April 2026.
 */
export const INPUT_SOURCES: readonly InputSource[] = [
  source('energy', 'energyKj', 'kJ'),
  source('energy-kj', 'energyKj', 'kJ'),
  source('energy-kcal', 'energyKcal', 'kcal'),
  source('fat', 'fat'),
  source('saturated-fat', 'saturatedFat'),
  source('carbohydrates', 'carbohydrates'),
  source('sugars', 'sugars'),
  source('fiber', 'fibre'),
  source('proteins', 'proteins'),
  source('salt', 'salt'),
  source('sodium', 'salt', 'g', SALT_PER_SODIUM),
  source('fruits-vegetables-legumes', 'fruitShare', '%'),
  source('fruits-vegetables-legumes-estimate-from-ingredients', 'fruitShare', '%'),
  source('fruits-vegetables-nuts', 'fruitShare', '%'),
  source('fruits-vegetables-nuts-estimate', 'fruitShare', '%'),
  source('fruits-vegetables-nuts-estimate-from-ingredients', 'fruitShare', '%'),
  source('alcohol', 'alcohol', '%'),
  source('starch', 'starch'),
  source('polyols', 'polyols'),
  source('erythritol', 'erythritol'),
  source('fructose', 'fructose'),
  source('glucose', 'glucose'),
  source('maltose', 'maltose'),
  source('lactose', 'lactose'),
  source('sucrose', 'sucrose'),
  source('soluble-fiber', 'solubleFibre'),
  source('insoluble-fiber', 'insolubleFibre'),
];

export function flatName(input: InputSource): string {
  return `${input.name}_100g`;
}

/**
 * What a source measures: its target, but for energy, where kJ and kcal are one thing measured twice and kcal is
 * used where kJ is absent.
 */
export function quantityOf({ target }: InputSource): Nutrient {
  return target === 'energyKcal' ? 'energyKj' : target;
}

/** Columns that are not nutrients, by their role; of several names the first that the file has is read. */
export const OTHER_COLUMNS = {
  code: ['code'],
  categories: ['categories_tags', 'categories'],
  foodGroups: ['food_groups_tags', 'food_groups', 'pnns_groups_2'],
  sweeteners: ['with_non_nutritive_sweeteners'],
  reportedGrade: ['nutriscore_grade', 'nutrition_grade_fr'],
} as const;

export type OtherRole = keyof typeof OTHER_COLUMNS;

/** What other trades call these columns: for suggestions in errors only, never guessed silently. */
export const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  code: ['barcode', 'ean', 'ean13', 'gtin', 'upc', 'product_code', '_id', 'id', 'sku'],
  energy_100g: ['energy', 'kilojoules', 'kj', 'energie'],
  'energy-kcal_100g': ['kcal', 'calories', 'energy_kcal'],
  fat_100g: ['lipids', 'total_fat', 'fat_total'],
  'saturated-fat_100g': ['saturates', 'saturated_fatty_acids', 'sat_fat', 'of_which_saturates'],
  carbohydrates_100g: ['carbs', 'carbohydrate', 'glucides'],
  sugars_100g: ['sugar', 'total_sugars', 'of_which_sugars'],
  fiber_100g: ['fibre', 'fibres', 'dietary_fiber', 'dietary_fibre'],
  proteins_100g: ['protein'],
  salt_100g: ['sel'],
  sodium_100g: ['na'],
  categories_tags: ['category', 'product_category'],
};
