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

/**
 * The decimal that a 32-bit float stands for, as `restoreDecimal` of core/parquet gives it: hundredths where
 * they round back to the same float, else the shortest text. The text alone would do and takes four times longer.
 */
export function restoredDecimal(float: string): string {
  const hundredths = `round(${float}::DOUBLE * 100) / 100`;
  return `CASE WHEN abs(${float}) < 16384 AND (${hundredths})::FLOAT = ${float} THEN ${hundredths}
    ELSE ${float}::VARCHAR::DOUBLE END`;
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
