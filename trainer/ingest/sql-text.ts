/** Values, names and the few formulas that every select of the ingest shares, as DuckDB SQL. */

export function sqlText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function sqlTexts(values: readonly string[]): string {
  return `[${values.map(sqlText).join(', ')}]`;
}

/** From 1e-5 on 14 decimals hold the 9 digits that any 32-bit float needs. */
const DECIMALS_MAX = 14;

/**
 * The decimal that a 32-bit float stands for, as `restoreDecimal` of core/parquet gives it: the fewest decimals
 * that round back to the same float, hundredths first since labels have no more. DuckDB's own text of a float is
 * not it: 18.554688 becomes 18.5546875 there, with nine digits where eight do.
 */
export function restoredDecimal(float: string): string {
  const withDecimals = (decimals: number) => `round(${float}::DOUBLE * 1e${decimals}) / 1e${decimals}`;
  const roundsBack = (decimals: number) => `(${withDecimals(decimals)})::FLOAT = ${float}`;
  const steps = Array.from(
    { length: DECIMALS_MAX + 1 },
    (_, decimals) => `WHEN ${roundsBack(decimals)} THEN ${withDecimals(decimals)}`,
  );
  return `CASE WHEN abs(${float}) < 16384 AND ${roundsBack(2)} THEN ${withDecimals(2)}
    WHEN abs(${float}) NOT BETWEEN 1e-5 AND 16777216 THEN ${float}::VARCHAR::DOUBLE
    ${steps.join(' ')} ELSE ${float}::VARCHAR::DOUBLE END`;
}

/** A product of decimals without binary noise, as `roundProduct` of core/parquet gives it. */
export function roundedProduct(value: string, factor: number): string {
  const product = `(${value} * ${factor}::DOUBLE)`;
  return `CASE WHEN abs(${product}) >= 1 THEN round(${product} * 1e9) / 1e9 ELSE round(${product} * 1e12) / 1e12 END`;
}

/** Text as a number; what is none, and NaN, is NULL. Infinities stay: validation rejects them by name. */
export function numberOfText(text: string): string {
  return notNan(`TRY_CAST(${text} AS DOUBLE)`);
}

export function notNan(number: string): string {
  return `CASE WHEN isnan(${number}) THEN NULL ELSE ${number} END`;
}

/** Comma-separated text as a list without empty items; NULL where nothing is left. */
export function listOfText(text: string): string {
  return notEmpty(`list_transform(string_split(${text}, ','), lambda item: trim(item))`);
}

export function notEmpty(list: string): string {
  return `nullif(list_filter(${list}, lambda item: item <> ''), []::VARCHAR[])`;
}

/** `en:France`, ` france ` and `France` are one: no language, no case, no accents, hyphens for the rest. */
export function slugOf(text: string): string {
  const withoutLanguage = `regexp_replace(strip_accents(lower(trim(${text}))), '^[a-z]{2}:', '')`;
  return `trim(regexp_replace(${withoutLanguage}, '[^\\p{L}\\p{N}]+', '-', 'g'), '-')`;
}
