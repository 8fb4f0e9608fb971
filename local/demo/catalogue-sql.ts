/**
 * The SQL that makes the products of a catalogue. Every value is a function of (seed, row) alone, by a hash:
 * equal seeds give equal rows, the first rows of a large catalogue are the rows of a small one, and nothing
 * is held in memory.
 *
 * Steps, each a common table expression that adds to the one before: `picked` (what kind of product),
 * `drawn` (how much of each nutrient), `declared` (fits in 100 g, rounded as labels round, energy computed),
 * `gapped` (what the label leaves out), `dirty` (faults).
 */
import { FAULTS, GAPS } from './catalogue-faults.ts';

export interface ProductsPlan {
  readonly rows: number;
  readonly seed: number;
  /** Rows of the table `archetypes`. A number, not a subquery, which would make the join a nested loop. */
  readonly slots: number;
}

/** Independent random numbers of one row. */
const DRAWS = [
  'archetype',
  'fat',
  'saturated share',
  'carbohydrates',
  'sugars share',
  'fibre',
  'proteins',
  'salt',
  'fruit',
  'brand',
  'quality',
  'language',
  'energy unit',
  'salt unit',
  'energy in kJ too',
  'per serving',
  'serving',
  'order',
  'time',
  'scans',
  'fault',
  ...GAPS.map(({ name }) => `gap of ${name}`),
] as const;
export type Draw = (typeof DRAWS)[number];

/** The key of a draw is 20 bits of seed, 37 of row and 7 of draw. */
export const SEED_MAX = 2 ** 20 - 1;
export const ROWS_MAX = 2 ** 37;

/**
 * 53 random bits as BIGINT. Hashed as one number: DuckDB's hash of several is an exclusive or of theirs, so
 * two draws of a row would differ by a constant.
 */
export function bits(seed: number, draw: Draw): string {
  const key = (BigInt(seed) << 44n) + BigInt(DRAWS.indexOf(draw));
  return `(hash(${key}::UBIGINT + (i::UBIGINT << 7)) >> 11)::BIGINT`;
}

/** Uniform in [0, 1). */
export function uniform(seed: number, draw: Draw): string {
  return `(${bits(seed, draw)} / 9007199254740992e0)`;
}

/**
 * About normal, mean 0, variance 1, within ±3.5: the sum of four uniforms of 13 bits. `ln` and `cos` would
 * come nearer, but their last digits differ between platforms, and equal seeds must give equal files.
 */
function normal(seed: number, draw: Draw): string {
  const parts = [0, 13, 26, 39].map((shift) => `((${bits(seed, draw)} >> ${shift}) & 8191)`);
  return `((${parts.join(' + ')}) / 8191e0 - 2) * 1.7320508e0`;
}

/** A 13-digit code of the range that GS1 keeps for use within a shop: no real product has it. */
function code(row: string): string {
  return `CASE WHEN ${row} % 10 = 0 THEN '02' ELSE '29' END || lpad((${row} * 7393913 % 100000000000)::VARCHAR, 11, '0')`;
}

/** SQL text of the products, `WITH` and all, as the table `dirty`; needs the table `archetypes`. */
export function productsSql({ rows, seed, slots }: ProductsPlan): string {
  const amount = (column: string, draw: Draw) =>
    `greatest(0, ${column} * (1 + spread * ${normal(seed, draw)}))`;
  const share = (column: string, draw: Draw) =>
    `least(1, greatest(0, ${column} * (1 + 0.12 * ${normal(seed, draw)})))`;
  return `WITH picked AS (
  SELECT i, archetypes.*
  FROM range(${rows}) numbers (i)
  JOIN archetypes ON slot = ${bits(seed, 'archetype')} % ${slots}
), drawn AS (
  SELECT *,
    ${amount('fat_g', 'fat')} AS fat_drawn,
    ${amount('carbohydrates_g', 'carbohydrates')} AS carbohydrates_drawn,
    ${amount('fibre_g', 'fibre')} AS fibre_drawn,
    ${amount('proteins_g', 'proteins')} AS proteins_drawn,
    ${amount('salt_g', 'salt')} AS salt_drawn,
    ${share('saturated_share', 'saturated share')} AS saturated_part,
    ${share('sugars_share', 'sugars share')} AS sugars_part,
    99 / greatest(99, fat_drawn + carbohydrates_drawn + fibre_drawn + proteins_drawn + salt_drawn) AS fits
  FROM picked
), declared AS (
  SELECT i, name AS kind, nova, categories, food_groups,
    ${code('i')} AS code,
    ${code('greatest(0, i - 1)')} AS previous_code,
    round(fat_drawn * fits, 1) AS fat,
    round(fat_drawn * fits * saturated_part, 1) AS saturated,
    round(carbohydrates_drawn * fits, 1) AS carbohydrates,
    round(carbohydrates_drawn * fits * sugars_part, 1) AS sugars,
    round(fibre_drawn * fits, 1) AS fibre,
    round(proteins_drawn * fits, 1) AS proteins,
    round(salt_drawn * fits, 2) AS salt,
    round(least(100, ${amount('fruit_share', 'fruit')})) AS fruit,
    alcohol_volume AS alcohol,
    round(37 * fat + 17 * carbohydrates + 8 * fibre + 17 * proteins + 29 * 0.789 * alcohol) AS energy,
    round(energy / 4.184) AS kcal,
    ${faultSql(seed)} AS fault
  FROM drawn
), gapped AS (
  SELECT * REPLACE (${gapsSql(seed)}) FROM declared
), dirty AS (
  SELECT * REPLACE (${faultsSql()}) FROM gapped
)`;
}

/** Number of the row's fault, counted from 0; NULL for a sound row. */
function faultSql(seed: number): string {
  let upTo = 0;
  const cases = FAULTS.map(({ share }, number) => {
    upTo += share;
    return `WHEN ${uniform(seed, 'fault')} < ${upTo.toFixed(6)} THEN ${number}`;
  });
  return `CASE ${cases.join(' ')} END`;
}

function gapsSql(seed: number): string {
  const columns = [...new Set(GAPS.flatMap((gap) => gap.columns))];
  return columns
    .map((column) => {
      const chances = GAPS.filter((gap) => gap.columns.includes(column)).map(
        ({ name, share }) => `${uniform(seed, `gap of ${name}`)} < ${share}`,
      );
      return `CASE WHEN ${chances.join(' OR ')} THEN NULL ELSE ${column} END AS ${column}`;
    })
    .join(',\n');
}

function faultsSql(): string {
  const columns = [...new Set(FAULTS.flatMap((fault) => Object.keys(fault.becomes)))];
  return columns
    .map((column) => {
      const cases = FAULTS.flatMap(({ becomes }, number) => {
        const value = becomes[column];
        return value === undefined ? [] : [`WHEN ${number} THEN ${value}`];
      });
      return `CASE fault ${cases.join(' ')} ELSE ${column} END AS ${column}`;
    })
    .join(',\n');
}
