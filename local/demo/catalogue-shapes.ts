/** The columns of a made catalogue in the two shapes that Open Food Facts publishes, as SQL over the products. */
import { bits, type Draw, uniform } from './catalogue-sql.ts';
import { sqlValue } from './duckdb.ts';

export const SHAPES = ['nested', 'flat'] as const;
export type Shape = (typeof SHAPES)[number];

type Column = readonly [name: string, sql: string];

/** Columns in file order, each with the SQL that fills it. */
export function shapeColumns(shape: Shape, seed: number): readonly Column[] {
  return shape === 'nested' ? nestedColumns(seed) : flatColumns(seed);
}

const BRANDS = [
  'Alder Creek',
  'Bonne Table',
  'Casa Verde',
  'Dorfmühle',
  'Ever Field',
  'Fjordgut',
  'Golden Mill',
  'Hafenküche',
  'Jolie Cuisine',
  'La Huerta',
  'Moulin Bleu',
  'North Quay',
  'Quinta Nova',
  'Rosenhof',
  'Sol y Mar',
  'Terra Buona',
];
const QUALITIES = ['', '', '', 'Organic ', 'Classic ', 'Family ', 'Premium ', 'Mini '];
const LANGUAGES = ['en', 'en', 'fr', 'fr', 'fr', 'de', 'de', 'es', 'it'];
const COUNTRIES: readonly Column[] = [
  ['en', 'en:united-kingdom'],
  ['fr', 'en:france'],
  ['de', 'en:germany'],
  ['es', 'en:spain'],
  ['it', 'en:italy'],
];

function oneOf(seed: number, draw: Draw, texts: readonly string[]): string {
  return `${sqlValue(texts)}[1 + ${bits(seed, draw)} % ${texts.length}]`;
}

function commonTexts(seed: number) {
  const brand = oneOf(seed, 'brand', BRANDS);
  const language = oneOf(seed, 'language', LANGUAGES);
  const country = COUNTRIES.map(([lang, tag]) => `WHEN ${sqlValue(lang)} THEN [${sqlValue(tag)}]`);
  return {
    brand,
    language,
    name: `${brand} || ' ' || ${oneOf(seed, 'quality', QUALITIES)} || kind`,
    countries: `CASE ${language} ${country.join(' ')} END`,
    created: `1325376000 + ${bits(seed, 'time')} % 441763200`,
  };
}

function flatColumns(seed: number): readonly Column[] {
  const { brand, name, countries, created } = commonTexts(seed);
  return [
    ['code', 'code'],
    ['created_t', created],
    ['product_name', name],
    ['brands', brand],
    ['categories_tags', 'categories'],
    ['countries_tags', countries],
    ['nova_group', 'nova::INTEGER'],
    ['food_groups_tags', 'food_groups'],
    ['energy-kcal_100g', 'kcal'],
    ['energy_100g', 'energy'],
    ['fat_100g', 'fat'],
    ['saturated-fat_100g', 'saturated'],
    ['carbohydrates_100g', 'carbohydrates'],
    ['sugars_100g', 'sugars'],
    ['fiber_100g', 'fibre'],
    ['proteins_100g', 'proteins'],
    ['salt_100g', 'salt'],
    ['sodium_100g', 'salt / 2.5'],
    ['alcohol_100g', 'nullif(alcohol, 0)'],
    ['fruits-vegetables-legumes_100g', 'fruit'],
  ].map(([column, sql]) => [column ?? '', sql ?? '']);
}

function nestedColumns(seed: number): readonly Column[] {
  const { brand, language, name, countries, created } = commonTexts(seed);
  const texts = (text: string) =>
    `[{'lang': 'main', 'text': ${text}}, {'lang': ${language}, 'text': ${text}}]`;
  return [
    ['brands', brand],
    ['categories', "array_to_string(list_transform(categories, lambda tag: tag[4:]), ',')"],
    ['categories_tags', 'categories'],
    ['code', 'code'],
    ['completeness', `round(0.3 + 0.7 * ${uniform(seed, 'scans')}, 2)::FLOAT`],
    ['countries_tags', countries],
    ['created_t', created],
    ['food_groups_tags', 'food_groups'],
    ['ingredients_text', texts('lower(kind)')],
    ['lang', language],
    ['last_modified_t', `${created} + 2592000`],
    ['no_nutrition_data', 'energy IS NULL AND fat IS NULL'],
    ['nova_group', 'nova::INTEGER'],
    ['nutriments', nutriments(seed)],
    // A made product has no published grade, and one computed here would only repeat what is to be graded.
    ['nutriscore_grade', "'unknown'"],
    ['nutriscore_score', 'NULL::INTEGER'],
    ['nutrition_data_per', `CASE WHEN ${isPerServing(seed)} THEN 'serving' ELSE '100g' END`],
    ['obsolete', 'false'],
    ['product_name', texts(name)],
    ['quantity', `(100 * (1 + ${bits(seed, 'serving')} % 9))::VARCHAR || ' g'`],
    ['rev', `(1 + ${bits(seed, 'scans')} % 40)::INTEGER`],
    ['scans_n', `(${bits(seed, 'scans')} % 900)::INTEGER`],
    ['serving_quantity', `${servingGrams(seed)}::VARCHAR`],
    ['serving_size', `${servingGrams(seed)}::VARCHAR || ' g'`],
  ];
}

/** A few rows were entered per serving, without a serving size that gives the amounts per 100 g. */
const PER_SERVING_SHARE = 0.01;

function isPerServing(seed: number): string {
  return `${uniform(seed, 'per serving')} < ${PER_SERVING_SHARE}`;
}

function servingGrams(seed: number): string {
  return `(15 + 5 * (${bits(seed, 'serving')} % 20))`;
}

interface Entry {
  readonly name: string;
  /** What `100g` holds: grams, kJ for `energy`, kcal for `energy-kcal`, percent. */
  readonly per100g: string;
  /** What was entered, in `unit`. */
  readonly value: string;
  readonly unit: string;
  readonly present: string;
}

function nutrimentEntries(seed: number): readonly Entry[] {
  const isKcal = `${uniform(seed, 'energy unit')} < 0.8`;
  const isMilligrams = `${uniform(seed, 'salt unit')} < 0.57`;
  const grams = (name: string, column: string): Entry => ({
    name,
    per100g: column,
    value: column,
    unit: "'g'",
    present: `${column} IS NOT NULL`,
  });
  const saltLike = (name: string, column: string): Entry => ({
    ...grams(name, column),
    value: `CASE WHEN ${isMilligrams} THEN 1000 * ${column} ELSE ${column} END`,
    unit: `CASE WHEN ${isMilligrams} THEN 'mg' ELSE 'g' END`,
    present: 'salt IS NOT NULL',
  });
  return [
    {
      name: 'energy',
      per100g: 'energy',
      value: `CASE WHEN ${isKcal} THEN kcal ELSE energy END`,
      unit: `CASE WHEN ${isKcal} THEN 'kcal' ELSE 'kJ' END`,
      present: 'energy IS NOT NULL',
    },
    { name: 'energy-kcal', per100g: 'kcal', value: 'kcal', unit: "'kcal'", present: 'kcal IS NOT NULL' },
    {
      name: 'energy-kj',
      per100g: 'energy',
      value: 'energy',
      unit: "'kJ'",
      present: `energy IS NOT NULL AND ${uniform(seed, 'energy in kJ too')} < 0.2`,
    },
    grams('proteins', 'proteins'),
    grams('fat', 'fat'),
    grams('saturated-fat', 'saturated'),
    grams('carbohydrates', 'carbohydrates'),
    grams('sugars', 'sugars'),
    grams('fiber', 'fibre'),
    saltLike('salt', 'salt'),
    saltLike('sodium', '(salt / 2.5)'),
    { ...grams('alcohol', 'alcohol'), unit: "'% vol'", present: 'alcohol > 0' },
    { name: 'nova-group', per100g: 'nova', value: 'NULL', unit: 'NULL', present: 'true' },
    {
      name: 'fruits-vegetables-legumes-estimate-from-ingredients',
      per100g: 'fruit',
      value: 'NULL',
      unit: 'NULL',
      present: 'fruit IS NOT NULL',
    },
  ];
}

/** The list `nutriments`, its entries in an order that differs from row to row as in the official export. */
function nutriments(seed: number): string {
  const entries = nutrimentEntries(seed).map(
    ({ name, per100g, value, unit, present }) => `CASE WHEN ${present} THEN {
      'name': ${sqlValue(name)},
      'value': (${value})::FLOAT,
      '100g': CASE WHEN ${isPerServing(seed)} AND ${value} IS NOT NULL THEN NULL ELSE (${per100g})::FLOAT END,
      'serving': (${per100g} * ${servingGrams(seed)} / 100)::FLOAT,
      'unit': ${unit}::VARCHAR,
      'prepared_value': NULL::FLOAT,
      'prepared_100g': NULL::FLOAT,
      'prepared_serving': NULL::FLOAT,
      'prepared_unit': NULL::VARCHAR
    } END`,
  );
  const turn = `(${bits(seed, 'order')} % ${entries.length})`;
  const list = `[${entries.join(', ')}]`;
  return `list_filter(list_concat(${list}[1 + ${turn}:], ${list}[:${turn}]), lambda entry: entry IS NOT NULL)`;
}
