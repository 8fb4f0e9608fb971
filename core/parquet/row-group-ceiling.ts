/** Refuses row groups that would take more memory than is configured, from what the footer says of them. */
import { NutrisageError } from '../errors.ts';
import type { RowGroup } from './item-file.ts';

/**
 * What a row counts against the ceiling, however few bytes it is encoded in: 12,000,000 rows of constant
 * columns are some 30 kB in the file and 5 GB while they are graded.
 *
 * At the peak, a graded row of ten columns takes 430 bytes: its batch in the reader, 66 as a column of the
 * shard, and the same again in each form that it is written through (250,000 and 1,000,000 rows compared; with
 * all rows rejected, 1,000). The ceiling is below the true peak for encoded bytes too. 250 is the most that
 * lets the default ceiling of 256 MiB take 1,048,576 rows, the row group that pyarrow writes unasked.
 */
export const ROW_BYTES = 250;

/** Rows that no ordinary writer's columns bring near a ceiling; also quick to grade as one shard. */
const ROWS_ADVISED_MAX = 100_000;

/**
 * @param name how errors name the file
 * @param bytesMax ceiling for the uncompressed bytes of the needed columns, and for `ROW_BYTES` a row
 * @throws {NutrisageError} `row-group-too-large` for the first group above it
 */
export function checkRowGroups(rowGroups: readonly RowGroup[], name: string, bytesMax: number): void {
  const number = rowGroups.findIndex(({ rows, bytes }) => bytes > bytesMax || rows * ROW_BYTES > bytesMax);
  const group = rowGroups[number];
  if (group === undefined) return;
  const { rows, bytes } = group;
  const size =
    bytes > bytesMax
      ? `${megabytes(bytes)} in the needed columns (${rows} rows)`
      : `${rows} rows, which take ${megabytes(rows * ROW_BYTES)} to grade (${ROW_BYTES} bytes a row)`;
  const fittingRows = Math.floor(Math.min((rows * bytesMax) / bytes, bytesMax / ROW_BYTES));
  const rowsAdvised = Math.max(1, Math.min(ROWS_ADVISED_MAX, fittingRows));
  throw new NutrisageError(
    'row-group-too-large',
    `Row group ${number} of ${name} has ${size}; the ceiling is ${megabytes(bytesMax)}.`,
    `Write it again with smaller row groups: pyarrow.parquet.write_table(table, path, row_group_size=${rowsAdvised}), ` +
      `or in DuckDB COPY (FROM 'in.parquet') TO 'out.parquet' (ROW_GROUP_SIZE ${rowsAdvised}).`,
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
