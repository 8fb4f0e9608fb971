/**
 * The rules against grades that Open Food Facts published. The files are not part of the repository: the
 * tests run where `NUTRISAGE_REAL_DATA` names the folder that holds them.
 */
import { join } from 'node:path';
import { DuckDBInstance, type Json } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { createItemColumns, type ItemColumns, textColumn } from '../../../core/items/item-columns.ts';
import type { Nutrient } from '../../../core/items/nutrients.ts';
import {
  addCategoryTag,
  addCategoryText,
  addFoodGroupTag,
  addFoodGroupText,
} from '../../../core/nutriscore/category-tags.ts';
import { OFFICIAL_STATUS, officialGrades } from '../../../core/nutriscore/official-grades.ts';
import { GRADES, type Grade, type RulesVersion } from '../../../schemas/grade.ts';
import { ENVIRONMENT } from '../../../schemas/names.ts';

const folder = process.env[ENVIRONMENT.realData] ?? '';
const encoder = new TextEncoder();

type Row = Readonly<Record<string, Json>>;

async function rowsOf(sql: string): Promise<readonly Row[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson() as readonly Row[];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A float32 as the decimal that was declared; text of a CSV as it is. */
function decimal(value: Json | undefined): number {
  if (value === null || value === undefined || value === '') return Number.NaN;
  return typeof value === 'string' ? Number(value) : Number(Number(value).toPrecision(7));
}

/** Columns of rows whose fields are named like the nutrients. */
function columnsOf(rows: readonly Row[]): ItemColumns {
  const columns = createItemColumns(rows.length, 0, textColumn(rows.map(() => '')));
  rows.forEach((row, index) => {
    for (const name of Object.keys(columns.nutrients) as Nutrient[]) {
      columns.nutrients[name][index] = decimal(row[name]);
    }
    readTags(row['categories'], addCategoryTag, addCategoryText, columns, index);
    readTags(row['groups'], addFoodGroupTag, addFoodGroupText, columns, index);
  });
  return columns;
}

function readTags(
  value: Json | undefined,
  addTag: typeof addCategoryTag,
  addText: typeof addCategoryTag,
  columns: ItemColumns,
  row: number,
): void {
  const add = Array.isArray(value) ? addTag : addText;
  const texts = Array.isArray(value) ? value : [value ?? ''];
  for (const text of texts) {
    const bytes = encoder.encode(String(text));
    add(bytes, 0, bytes.length, row, columns.categoryRoles, columns.foodGroups);
  }
}

interface Agreement {
  readonly graded: number;
  readonly agreed: number;
  readonly disagreements: readonly string[];
}

/** Rows whose published grade is A to E and whose status here is one of those asked. */
function agreementOf(rows: readonly Row[], rules: RulesVersion, statuses: readonly number[]): Agreement {
  const { status, grade, score } = officialGrades(columnsOf(rows), rules);
  const disagreements: string[] = [];
  let graded = 0;
  rows.forEach((row, index) => {
    const published = GRADES.indexOf(row['grade'] as Grade);
    if (published < 0 || !statuses.includes(status[index] ?? 0)) return;
    graded += 1;
    if (published === grade[index]) return;
    const here = `${GRADES[grade[index] ?? 0]} (${score[index]})`;
    disagreements.push(`published ${row['grade']} (${row['score']}), here ${here}: ${row['categories']}`);
  });
  return { graded, agreed: graded - disagreements.length, disagreements };
}

function report(name: string, { graded, agreed, disagreements }: Agreement): void {
  process.stdout.write(`${name}: ${agreed} of ${graded} grades agree\n`);
  for (const line of disagreements.slice(0, 10)) process.stdout.write(`  ${line.slice(0, 200)}\n`);
}

const OFFICIAL_EXPORT = (file: string) => `
  WITH entries AS (
    SELECT code, entry.name AS name, entry."100g" AS amount
    FROM (SELECT code, unnest(nutriments) AS entry FROM '${file}')
  ), amounts AS (
    SELECT code,
      max(amount) FILTER (name = 'energy') AS "energyKj",
      max(amount) FILTER (name = 'fat') AS fat,
      max(amount) FILTER (name = 'saturated-fat') AS "saturatedFat",
      max(amount) FILTER (name = 'carbohydrates') AS carbohydrates,
      max(amount) FILTER (name = 'sugars') AS sugars,
      max(amount) FILTER (name = 'fiber') AS fibre,
      max(amount) FILTER (name = 'proteins') AS proteins,
      max(amount) FILTER (name = 'salt') AS salt,
      coalesce(
        max(amount) FILTER (name = 'fruits-vegetables-legumes-estimate-from-ingredients'),
        max(amount) FILTER (name = 'fruits-vegetables-legumes')
      ) AS "fruitShare"
    FROM entries GROUP BY code
  )
  SELECT amounts.*, nutriscore_grade AS grade, nutriscore_score AS score,
    categories_tags AS categories, food_groups_tags AS groups
  FROM '${file}' JOIN amounts USING (code)`;

/** No fibre, no fruit share; energy in kJ or kcal, salt in g or mg by row. */
const SPAIN = (file: string) => `
  SELECT "off:nutriscore_grade" AS grade, "off:nutriscore_score" AS score, categories,
    "off:food_groups_tags" AS groups,
    CASE WHEN energy_unit = 'kcal' THEN energy_value::DOUBLE * 4.184 ELSE energy_value::DOUBLE END AS "energyKj",
    fat_value AS fat, "saturated-fat_value" AS "saturatedFat", carbohydrates_value AS carbohydrates,
    sugars_value AS sugars, proteins_value AS proteins,
    CASE WHEN salt_unit = 'mg' THEN salt_value::DOUBLE / 1000 ELSE salt_value::DOUBLE END AS salt
  FROM read_csv('${file}', all_varchar = true)`;

/** No fat column; only the saturated ratio of fats needs it, so fats are left out and the rest given some. */
const OF_2019 = (file: string) => `
  SELECT nutrition_grade_fr AS grade, "nutrition-score-fr_100g" AS score, categories,
    concat_ws(',', pnns_groups_1, pnns_groups_2) AS groups, energy_100g AS "energyKj", '100' AS fat,
    "saturated-fat_100g" AS "saturatedFat", sugars_100g AS sugars, fiber_100g AS fibre,
    proteins_100g AS proteins, round(sodium_100g::DOUBLE * 2.5, 6) AS salt
  FROM read_csv('${file}', all_varchar = true)
  WHERE pnns_groups_2 IS DISTINCT FROM 'Fats' AND NOT regexp_matches(coalesce(categories, ''), 'grasses|Fats|Grasas')`;

const { final, provisional } = OFFICIAL_STATUS;

describe.skipIf(folder === '')('published grades (skipped unless NUTRISAGE_REAL_DATA is set)', () => {
  it('of 2026 with complete inputs are ours in 97 rows of 100 or more', async () => {
    const rows = await rowsOf(OFFICIAL_EXPORT(join(folder, 'off-official-2026-04.parquet')));
    const complete = rows.filter(({ fibre, fruitShare }) => fibre !== null && fruitShare !== null);
    const agreement = agreementOf(complete, '2023', [final]);
    report('2026, complete', agreement);
    expect(agreement.graded).toBeGreaterThan(100);
    expect(agreement.agreed / agreement.graded).toBeGreaterThanOrEqual(0.97);
  });

  it('of 2026 agree with what is reported of incomplete rows too', async () => {
    const rows = await rowsOf(OFFICIAL_EXPORT(join(folder, 'off-official-2026-04.parquet')));
    const agreement = agreementOf(rows, '2023', [final, provisional]);
    report('2026, all', agreement);
    expect(agreement.agreed / agreement.graded).toBeGreaterThanOrEqual(0.97);
  });

  it('of Spain agree with final grades, without any fibre or fruit share', async () => {
    const rows = await rowsOf(SPAIN(join(folder, 'off-spain-2025-11.csv')));
    const agreement = agreementOf(rows, '2023', [final]);
    report('Spain, final', agreement);
    expect(agreement.graded).toBeGreaterThan(400);
    expect(agreement.agreed / agreement.graded).toBeGreaterThanOrEqual(0.98);
  });

  it('of 2019 agree with final grades by the rules of 2017', async () => {
    const rows = await rowsOf(OF_2019(join(folder, 'off-2019-raw.csv')));
    const agreement = agreementOf(rows, '2021', [final]);
    report('2019, final', agreement);
    expect(agreement.graded).toBeGreaterThan(500);
    expect(agreement.agreed / agreement.graded).toBeGreaterThanOrEqual(0.98);
  });
});
