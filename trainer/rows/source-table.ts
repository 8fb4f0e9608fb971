/**
 * The Open Food Facts files that the trainer knows, by the shape of their names, and how the columns of each
 * map to the flat names that the item reader takes. A file of any other name is not read.
 */

/**
 * Where a row's grade comes from: as reported, by the rules, or by the rules where none is reported. Labels of the
 * 2017/2021 rules are never read.
 */
export type LabelOrigin = 'reported' | 'rules' | 'reported or rules';

export interface SourceRule {
  /** Name in the manifest and the model card. */
  readonly name: string;
  readonly file: RegExp;
  readonly labels: LabelOrigin;
  /** DuckDB's select over the CSV `{file}`; without it the file is Parquet and read as it is. */
  readonly select?: string;
  readonly description: string;
}

const CSV = "read_csv('{file}', header = true, sample_size = -1)";

export const SOURCE_RULES: readonly SourceRule[] = [
  {
    name: 'official',
    file: /^off-official-.*\.parquet$/,
    labels: 'reported',
    description: 'official Parquet export; grades of the 2023 rules as Open Food Facts computed them',
  },
  {
    name: 'spain',
    file: /^off-spain-.*\.csv$/,
    labels: 'reported',
    // Values are as entered: rows per serving are left out, salt may be in mg, energy in kJ or kcal.
    select: `
      SELECT column00::VARCHAR AS code, categories, "off:food_groups_tags" AS food_groups_tags,
        "off:nutriscore_grade" AS nutriscore_grade,
        CASE lower(energy_unit) WHEN 'kj' THEN energy_value WHEN 'kcal' THEN energy_value * 4.184 END
          AS energy_100g,
        CASE "energy-kcal_unit" WHEN 'kcal' THEN "energy-kcal_value" END AS "energy-kcal_100g",
        fat_value AS fat_100g, "saturated-fat_value" AS "saturated-fat_100g",
        carbohydrates_value AS carbohydrates_100g, sugars_value AS sugars_100g,
        proteins_value AS proteins_100g,
        CASE salt_unit WHEN 'g' THEN salt_value WHEN 'mg' THEN salt_value / 1000 END AS salt_100g
      FROM ${CSV} WHERE nutrition_data_per = '100g'`,
    description: 'products sold in Spain; grades of the 2023 rules; no fibre, no fruit share',
  },
  {
    name: '2019',
    file: /^off-2019-raw.*\.csv$/,
    labels: 'rules',
    select: `
      SELECT (row_number() OVER ())::VARCHAR AS code, categories, pnns_groups_2, energy_100g,
        "saturated-fat_100g", sugars_100g, fiber_100g, proteins_100g, sodium_100g
      FROM ${CSV}`,
    description:
      'export of 2019; no fat, no carbohydrates, no fruit share; its own grades (2017 rules) unused',
  },
  {
    name: '2017',
    file: /^off-2017-imputed.*\.csv$/,
    labels: 'rules',
    select: `
      SELECT row::VARCHAR AS code, energy_100g, fat_100g, "saturated-fat_100g", carbohydrates_100g, sugars_100g,
        fiber_100g, proteins_100g, salt_100g
      FROM ${CSV}`,
    description:
      'gaps filled by its authors; no category, no fruit share; its own grades (2017 rules) unused',
  },
  {
    name: 'ingested',
    file: /^products\.parquet$/,
    labels: 'reported or rules',
    description: 'written by `npm run ingest`; grades of the 2023 rules where Open Food Facts reports them',
  },
];
