/**
 * Made catalogues of products, for the demo and for tests that need large files.
 *
 *     node local/demo/made-catalogue.ts --rows 500000 --seed 7 --shape nested --out catalogue.parquet
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SHAPES, type Shape, shapeColumns } from './catalogue-shapes.ts';
import { productsSql, ROWS_MAX, SEED_MAX } from './catalogue-sql.ts';
import { sqlValue, withDuckDb } from './duckdb.ts';

export interface CatalogueOptions {
  readonly rows: number;
  /** @default 1 */
  readonly seed?: number;
  /** `nested`: the official Parquet export; `flat`: one column a nutrient. @default 'nested' */
  readonly shape?: Shape;
  /** A multiple of DuckDB's vector of 2,048 rows, or the groups come out larger. @default 20480 */
  readonly rowGroupRows?: number;
}

/**
 * Writes a catalogue: equal options give equal rows.
 * @throws {RangeError} when `rows` or `seed` is out of range.
 */
export async function writeMadeCatalogue(path: string, options: CatalogueOptions): Promise<void> {
  const { rows, seed = 1, shape = 'nested', rowGroupRows = 20_480 } = options;
  checkWhole('rows', rows, 1, ROWS_MAX);
  checkWhole('seed', seed, 0, SEED_MAX);
  checkWhole('row group rows', rowGroupRows, 1, 10_000_000);
  const columns = shapeColumns(shape, seed).map(([name, sql]) => `${sql} AS "${name}"`);
  await withDuckDb(async (connection) => {
    // Rows keep their order only while the numbers are the side that streams; for few rows DuckDB swaps them.
    await connection.run("SET disabled_optimizers = 'join_order,build_side_probe_side'");
    const created = await connection.runAndReadAll(archetypesSql());
    const slots = Number(created.getRows()[0]?.[0]);
    await connection.run(`COPY (
      ${productsSql({ rows, seed, slots })}
      SELECT ${columns.join(',\n')} FROM dirty
    ) TO ${sqlValue(path)} (FORMAT parquet, CODEC zstd, ROW_GROUP_SIZE ${rowGroupRows})`);
  });
}

/** The kinds of product, one row per unit of weight, so that a uniform number picks one by its weight. */
function archetypesSql(): string {
  const csv = fileURLToPath(new URL('./archetypes.csv', import.meta.url));
  const tags = (column: string) =>
    `list_transform(string_split(${column}, ' '), lambda tag: 'en:' || tag) AS ${column}`;
  return `CREATE TABLE archetypes AS
    SELECT row_number() OVER (ORDER BY line, copy) - 1 AS slot, * EXCLUDE (line, copy, weight)
    FROM (
      SELECT *, unnest(range(weight)) AS copy
      FROM (
        SELECT row_number() OVER () AS line, * REPLACE (${tags('categories')}, ${tags('food_groups')})
        FROM read_csv(${sqlValue(csv)}, header = true)
      )
    )`;
}

function checkWhole(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
}

function isShape(text: string): text is Shape {
  return SHAPES.some((shape) => shape === text);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      shape: { type: 'string', default: 'nested' },
      'row-group-rows': { type: 'string', default: '20480' },
      out: { type: 'string' },
    },
  });
  const { out, shape } = values;
  if (out === undefined) throw new RangeError('--out names the file to write');
  if (!isShape(shape)) throw new RangeError(`--shape is one of ${SHAPES.join(', ')}, not ${shape}`);
  await writeMadeCatalogue(out, {
    rows: Number(values.rows),
    seed: Number(values.seed),
    shape,
    rowGroupRows: Number(values['row-group-rows']),
  });
}

if (import.meta.main) await main();
