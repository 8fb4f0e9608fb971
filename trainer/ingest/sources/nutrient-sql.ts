/** The nutrients of a source as SQL: one expression per column of the dataset, and what they are taken from. */
import { flatName, INPUT_SOURCES, type InputSource } from '../../../core/parquet/input-sources.ts';
import {
  notNan,
  numberOfText,
  restoredDecimal,
  roundedProduct,
  sqlName,
  sqlText,
  sqlTexts,
} from '../sql-text.ts';
import { NUTRIENT_COLUMNS } from './output-columns.ts';
import { ENTERED_PER_100, ENTERED_PER_COLUMN, type SourceColumn, UNIT_FACTORS } from './source-columns.ts';

export interface NutrientSource {
  readonly isNested: boolean;
  readonly hasUnits: boolean;
  /** Selections of a first step, which the amounts refer to. */
  readonly prepared: readonly string[];
  /** Selections of a second step, from those of the first. */
  readonly split: readonly string[];
  /** One expression for each of `NUTRIENT_COLUMNS`. */
  readonly amounts: readonly string[];
}

/** Undefined where the source has no nutrient at all. */
export function nutrientSource(columns: readonly SourceColumn[]): NutrientSource | undefined {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const nested = byName.get('nutriments');
  const isNested = nested?.type.startsWith('STRUCT') === true && nested.type.endsWith('[]');
  if (isNested) return nestedSource(nested.type);
  const hasUnits = INPUT_SOURCES.some(
    ({ name }) => byName.has(`${name}_value`) && byName.has(`${name}_unit`),
  );
  const amountOf = hasUnits ? amountBesideUnit(byName) : flatAmount(byName);
  if (!INPUT_SOURCES.some((input) => amountOf(input) !== undefined)) return undefined;
  return { isNested: false, hasUnits, prepared: [], split: [], amounts: amountsByRank(amountOf) };
}

type AmountOf = (input: InputSource) => string | undefined;

/** Each column from its sources by their rank, as core/parquet ranks them. */
function amountsByRank(amountOf: AmountOf): string[] {
  return NUTRIENT_COLUMNS.map(({ sources }) => {
    const amounts = sources.flatMap((input) => {
      const amount = amountOf(input);
      if (amount === undefined) return [];
      return [input.factor === 1 ? amount : roundedProduct(amount, input.factor)];
    });
    return amounts.length === 0 ? 'NULL::DOUBLE' : `coalesce(${[...amounts, 'NULL'].join(', ')})::DOUBLE`;
  });
}

/**
 * A product's list is cut to the known names that have an amount, then split into names and amounts once, so
 * that each of the 27 inputs is one search among some ten texts. Filtering the list anew for every input took
 * six times longer, and a map refuses lists that hold a name twice.
 */
function nestedSource(type: string): NutrientSource {
  const isFloat32 = /"?_?100g"? FLOAT/.test(type);
  const field = type.includes('"100g"') ? '"100g"' : '"_100g"';
  const names = sqlTexts(INPUT_SOURCES.map(({ name }) => name));
  const amount = `entry.${field}`;
  const isKnown = `${amount} IS NOT NULL AND NOT isnan(${amount}) AND list_contains(${names}, entry.name)`;
  return {
    isNested: true,
    hasUnits: false,
    prepared: [`list_filter(nutriments, lambda entry: ${isKnown}) AS known_nutriments`],
    split: [
      'list_transform(known_nutriments, lambda entry: entry.name) AS nutriment_names',
      `list_transform(known_nutriments, lambda entry: ${
        isFloat32 ? restoredDecimal(amount) : `${amount}::DOUBLE`
      }) AS nutriment_amounts`,
    ],
    amounts: amountsByRank(
      ({ name }) => `nutriment_amounts[list_position(nutriment_names, ${sqlText(name)})]`,
    ),
  };
}

function flatAmount(byName: ReadonlyMap<string, SourceColumn>): AmountOf {
  return (input) => {
    const column = byName.get(flatName(input));
    if (column === undefined) return undefined;
    const name = sqlName(column.name);
    if (column.type === 'VARCHAR') return numberOfText(name);
    const isFloat32 = column.type === 'FLOAT';
    return notNan(isFloat32 ? `(${restoredDecimal(name)})` : `TRY_CAST(${name} AS DOUBLE)`);
  };
}

/** Amounts as entered: known only per 100 g or 100 ml, and in a unit that is known. */
function amountBesideUnit(byName: ReadonlyMap<string, SourceColumn>): AmountOf {
  const per = byName.get(ENTERED_PER_COLUMN);
  const isPer100 =
    per === undefined
      ? 'true'
      : `coalesce(list_contains(${sqlTexts(ENTERED_PER_100)}, lower(trim(${sqlName(per.name)}))), true)`;
  return ({ name, unit }) => {
    const value = `${name}_value`;
    if (!byName.has(value) || !byName.has(`${name}_unit`)) return undefined;
    const amount = numberOfText(`${sqlName(value)}::VARCHAR`);
    const cases = Object.entries(UNIT_FACTORS[unit]).map(([symbol, factor]) => {
      const inUnit = factor === 1 ? amount : roundedProduct(`(${amount})`, factor);
      return `WHEN ${sqlText(symbol)} THEN ${inUnit}`;
    });
    const given = `lower(trim(${sqlName(`${name}_unit`)}))`;
    return `CASE WHEN ${isPer100} THEN CASE ${given} ${cases.join(' ')} END END`;
  };
}
