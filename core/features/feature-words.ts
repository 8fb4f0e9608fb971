/** A product's features in words, as one says them of it: `sugars 32 g`, `no beverage`, `fibre not given`. */
import { FOOD_GROUPS } from '../nutriscore/food-groups.ts';
import { FEATURES, type FeatureName } from './feature-table.ts';

/** How a feature is called; `{}` stands for its value with the unit. */
const PHRASES: Readonly<Record<Exclude<FeatureName, FlagName | 'food_group'>, string>> = {
  energy_kj: 'energy {}',
  fat: 'fat {}',
  saturated_fat: 'saturated fat {}',
  carbohydrates: 'carbohydrates {}',
  sugars: 'sugars {}',
  fibre: 'fibre {}',
  proteins: 'proteins {}',
  salt: 'salt {}',
  fruit_share: 'fruit, vegetables and legumes {}',
  saturated_ratio: 'saturated fat {} of all fat',
  sugars_ratio: 'sugars {} of all carbohydrates',
  energy_unexplained: 'energy from other sources than fat, carbohydrates and proteins {}',
  mass_unexplained: 'water, fibre and the rest {}',
  unfavourable_points: 'energy, sugars, saturated fat and salt together {}',
  favourable_points: 'fibre and proteins together {}',
  points_balance: 'unfavourable less favourable nutrients {}',
};

type FlagName = keyof typeof FLAGS;

/** Yes, no, and unknown. */
const FLAGS = {
  is_beverage: ['a beverage', 'no beverage'],
  is_water: ['plain water', 'no plain water'],
  is_fat: ['a fat, oil, nut or seed', 'no fat, oil, nut or seed'],
  is_cheese: ['a cheese', 'no cheese'],
  is_red_meat: ['red meat', 'no red meat'],
  is_sweetened: ['with sweeteners', 'without sweeteners'],
} as const satisfies Partial<Record<FeatureName, readonly [string, string]>>;

const NOT_KNOWN = 'category not known';
const DECIMALS = 100;

/** @param index in `FEATURES` @param value NaN where it is missing */
export function featureWords(index: number, value: number): string {
  const { name, unit } = FEATURES[index] as (typeof FEATURES)[number];
  if (name === 'food_group')
    return Number.isNaN(value) ? 'food group not known' : `food group ${FOOD_GROUPS[value]}`;
  if (isFlag(name)) {
    const [yes, no] = FLAGS[name];
    if (Number.isNaN(value)) return `${yes} or not: ${NOT_KNOWN}`;
    return value === 1 ? yes : no;
  }
  const phrase = PHRASES[name];
  if (Number.isNaN(value)) return `${phrase.replace(' {}', '')} not known`;
  return phrase.replace('{}', `${Math.round(value * DECIMALS) / DECIMALS} ${unit}`);
}

function isFlag(name: FeatureName): name is FlagName {
  return name in FLAGS;
}
