/** The tables of what is looked for in a source beside its nutrients, by the names that exports have used. */

/** A column of a source, with DuckDB's name of its type. */
export interface SourceColumn {
  readonly name: string;
  readonly type: string;
}

/** Barcode columns, and columns that only number the rows of one file: such a number says nothing elsewhere. */
export const CODE_COLUMNS = ['code'] as const;
export const ROW_NUMBER_COLUMNS = ['row', 'column00', 'Unnamed: 0'] as const;

export const CATEGORY_TAG_COLUMNS = ['categories_tags'] as const;
export const CATEGORY_NAME_COLUMNS = ['categories'] as const;
/** The first that a row has counts. */
export const FOOD_GROUP_COLUMNS = [
  'food_groups_tags',
  'off:food_groups_tags',
  'food_groups',
  'off:food_groups',
  'pnns_groups_2',
] as const;
export const SWEETENER_COLUMNS = ['with_non_nutritive_sweeteners'] as const;
export const COUNTRY_COLUMNS = ['countries_tags', 'countries', 'countries_en'] as const;
export const MODIFIED_COLUMNS = ['last_modified_t'] as const;
/** `product_name`, or in one language: `product_name_es`. */
export const PRODUCT_NAME = /^product_name(_[a-z]{2})?$/;

/** What each source calls the grade that may follow the 2023 rules. */
export const GRADE_COLUMNS = ['nutriscore_grade', 'off:nutriscore_grade'] as const;
/** Says of each row which rules its grade follows, where an export has it. */
export const GRADE_VERSION_COLUMN = 'nutriscore_version';
/** Grades of the 2017 rules by their very name; `score` is what the imputed set of 2017 calls them. */
export const OLD_GRADE_COLUMNS = ['nutrition_grade_fr', 'nutrition_grade_uk', 'score'] as const;

/**
 * Columns that came with or after the move to the 2023 rules. `nutriscore_grade` alone says nothing: dumps of
 * 2020 to 2023 use that name for grades of the older rules, so without one of these it is not taken.
 */
export const SIGNS_OF_2023_RULES = [
  'fruits-vegetables-legumes_100g',
  'environmental_score_grade',
  'environmental_score_score',
  'off:environmental_score_grade',
] as const;

/** Names by which an older dump is known: for its name in the data card alone. */
export const SIGNS_OF_OLDER_DUMP = [
  ...OLD_GRADE_COLUMNS,
  'nutrition-score-fr_100g',
  'nutrition-score-uk_100g',
] as const;

/** Beside amounts as entered: only what was entered per 100 g or 100 ml is an amount per 100 g. */
export const ENTERED_PER_COLUMN = 'nutrition_data_per';
export const ENTERED_PER_100 = ['100g', '100ml'] as const;

/** To the unit of each kind of amount; a unit that is not here makes the amount unknown. */
export const UNIT_FACTORS = {
  g: { g: 1, mg: 0.001, µg: 0.000001, ug: 0.000001, mcg: 0.000001 },
  kJ: { kj: 1, kcal: 4.184 },
  kcal: { kcal: 1, kj: 1 / 4.184 },
  '%': { '%': 1, '% vol': 1, '%vol': 1 },
} as const;
