/**
 * What the model sees of a product, in the order of its input columns. The order is part of every trained
 * model (`features` in its manifest): a change here needs a new training.
 *
 * Neither the official score nor the grade is a feature: the share of rows on which model and rules agree is a live
 * accuracy figure, and a model that is fed the rules' answer would agree with them whatever it had learned. The points
 * are sums on the scales of food, which know no kind, protein rule, fruit share or cut-off (docs/adr/0005-model-features.md).
 */
import type { Nutrient } from '../items/nutrients.ts';

export interface Feature {
  readonly name: string;
  readonly unit: 'kJ' | 'g' | '%' | 'points' | 'flag' | 'index';
  readonly meaning: string;
}

export const FEATURES = [
  { name: 'energy_kj', unit: 'kJ', meaning: 'declared energy' },
  { name: 'fat', unit: 'g', meaning: 'fat' },
  { name: 'saturated_fat', unit: 'g', meaning: 'saturated fat' },
  { name: 'carbohydrates', unit: 'g', meaning: 'carbohydrates' },
  { name: 'sugars', unit: 'g', meaning: 'sugars' },
  { name: 'fibre', unit: 'g', meaning: 'fibre' },
  { name: 'proteins', unit: 'g', meaning: 'proteins' },
  { name: 'salt', unit: 'g', meaning: 'salt' },
  {
    name: 'fruit_share',
    unit: '%',
    meaning: 'fruit, vegetables and legumes: as declared, else what the category implies',
  },
  { name: 'saturated_ratio', unit: '%', meaning: 'saturated fat of all fat' },
  { name: 'sugars_ratio', unit: '%', meaning: 'sugars of all carbohydrates' },
  {
    name: 'energy_unexplained',
    unit: 'kJ',
    meaning: 'energy that fat, carbohydrates and proteins do not give: mostly fibre, alcohol or an error',
  },
  {
    name: 'mass_unexplained',
    unit: 'g',
    meaning: 'what fat, carbohydrates, proteins and salt leave of 100 g: water, fibre and ash',
  },
  {
    name: 'unfavourable_points',
    unit: 'points',
    meaning:
      'points of energy, sugars, saturated fat and salt on the scales of food; absent ones add nothing',
  },
  {
    name: 'favourable_points',
    unit: 'points',
    meaning: 'points of fibre and proteins on the scales of food; absent ones add nothing',
  },
  {
    name: 'points_balance',
    unit: 'points',
    meaning: 'unfavourable points less favourable ones, where these are absent less none',
  },
  { name: 'is_beverage', unit: 'flag', meaning: 'a beverage or water by its category (2023 rules)' },
  { name: 'is_water', unit: 'flag', meaning: 'plain water' },
  { name: 'is_fat', unit: 'flag', meaning: 'a fat, oil, nut or seed' },
  { name: 'is_cheese', unit: 'flag', meaning: 'a cheese' },
  { name: 'is_red_meat', unit: 'flag', meaning: 'red meat' },
  { name: 'is_sweetened', unit: 'flag', meaning: 'has a non-nutritive sweetener' },
  { name: 'food_group', unit: 'index', meaning: 'index of the food group; neighbours eat alike' },
] as const satisfies readonly Feature[];

export type FeatureName = (typeof FEATURES)[number]['name'];

export const FEATURE_NAMES: readonly FeatureName[] = FEATURES.map(({ name }) => name);

/** Column of a feature in the model's input. */
export function featureIndex(name: FeatureName): number {
  return FEATURE_NAMES.indexOf(name);
}

/** Features that are a declared nutrient as it stands. */
export const DECLARED_FEATURES = [
  ['energy_kj', 'energyKj'],
  ['fat', 'fat'],
  ['saturated_fat', 'saturatedFat'],
  ['carbohydrates', 'carbohydrates'],
  ['sugars', 'sugars'],
  ['fibre', 'fibre'],
  ['proteins', 'proteins'],
  ['salt', 'salt'],
] as const satisfies readonly (readonly [FeatureName, Nutrient])[];
