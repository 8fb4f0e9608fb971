/**
 * The columns that drift is measured on: one for each feature of the model. A declared nutrient is counted over all
 * rows, rejected ones too: salt in milligrams is rejected before it becomes a feature, and would never be seen to drift.
 * What is derived of several inputs exists for graded rows alone.
 */
import { DECLARED_FEATURES, FEATURES, type Feature, type FeatureName } from '../features/feature-table.ts';
import type { Nutrient } from '../items/nutrients.ts';

export interface DriftColumn {
  readonly feature: FeatureName;
  /** The feature in words; of a flag, what has it. */
  readonly label: string;
  readonly unit: Feature['unit'];
  /** The nutrient that it is as declared; undefined: derived. */
  readonly nutrient: Nutrient | undefined;
  /** Whether an average of it says something: of an index it says nothing, of a flag its bins say it all. */
  readonly hasMean: boolean;
  /**
   * What is missing where its value is; undefined where that follows from the gaps of others and would be told twice:
   * the flags of all kinds are unknown together.
   */
  readonly gap: string | undefined;
}

const NUTRIENTS: ReadonlyMap<string, Nutrient> = new Map(DECLARED_FEATURES);
/** Where the name of a feature is no word for it, or says its unit again. */
const LABELS: Partial<Readonly<Record<FeatureName, string>>> = {
  energy_kj: 'energy',
  unfavourable_points: 'unfavourable nutrients',
  favourable_points: 'favourable nutrients',
  points_balance: 'unfavourable less favourable nutrients',
  is_beverage: 'beverages',
  is_water: 'waters',
  is_fat: 'fats, oils, nuts and seeds',
  is_cheese: 'cheeses',
  is_red_meat: 'red meats',
  is_sweetened: 'sweetened products',
  food_group: 'food groups',
};

/** Gaps of their own, besides those of declared nutrients. */
const GAPS: Partial<Readonly<Record<FeatureName, string>>> = {
  fruit_share: 'fruit share',
  is_beverage: 'category',
  food_group: 'food group',
};

export const DRIFT_COLUMNS: readonly DriftColumn[] = FEATURES.map(({ name, unit }) => {
  const label = LABELS[name] ?? name.replaceAll('_', ' ');
  const nutrient = NUTRIENTS.get(name);
  return {
    feature: name,
    label,
    unit,
    nutrient,
    hasMean: unit !== 'flag' && unit !== 'index',
    gap: nutrient === undefined ? GAPS[name] : label,
  };
});
