/** The columns of `products.parquet`, in their order: the flat shape that core/parquet reads. */
import { NUTRIENTS, type Nutrient } from '../../../core/items/nutrients.ts';
import { INPUT_SOURCES, type InputSource } from '../../../core/parquet/input-sources.ts';
import { COLUMN_NAMES } from '../../../core/validation/offending-values.ts';

export interface NutrientColumn {
  readonly nutrient: Nutrient;
  /** Such as `saturated-fat_100g`. */
  readonly name: string;
  /** What feeds it, by rank. */
  readonly sources: readonly InputSource[];
}

export const NUTRIENT_COLUMNS: readonly NutrientColumn[] = NUTRIENTS.map((nutrient) => ({
  nutrient,
  name: COLUMN_NAMES[nutrient],
  sources: INPUT_SOURCES.filter(({ target }) => target === nutrient),
}));

const BEFORE = ['code', 'product_name', 'categories_tags', 'categories', 'food_groups_tags'] as const;
const AFTER = ['with_non_nutritive_sweeteners', 'nutriscore_grade', 'source'] as const;

export type OtherColumn = (typeof BEFORE)[number] | (typeof AFTER)[number];

export const OTHER_OUTPUT_COLUMNS: readonly OtherColumn[] = [...BEFORE, ...AFTER];

export const OUTPUT_COLUMNS: readonly string[] = [
  ...BEFORE,
  ...NUTRIENT_COLUMNS.map(({ name }) => name),
  ...AFTER,
];

/** Columns of the staged rows that choose among them and are not written. */
export const CHOICE_COLUMNS = ['is_of_country', 'modified', 'inputs_given', 'has_withheld_grade'] as const;
export type ChoiceColumn = (typeof CHOICE_COLUMNS)[number];
