/**
 * Parquet begins and ends with `PAR1` (github.com/apache/parquet-format, "File format"). Both ends are read
 * before anything is sent, so that a CSV, a half-copied file or an encrypted one (`PARE`) is refused at once.
 */
import { NutrisageError } from '../../core/errors.ts';

export const MAGIC_BYTES = 4;
/** Magic, footer length, magic: nothing shorter can be Parquet. */
const SMALLEST_PARQUET_BYTES = 12;
const EXPORT_AS_PARQUET =
  "Submit Parquet files; CSV and JSON convert with DuckDB: COPY (FROM 'products.csv') TO 'products.parquet'.";

/**
 * `name` is what the user wrote; `head` and `tail` are the first and last four bytes.
 * @throws {NutrisageError} `empty-file`, `truncated-parquet` or `not-parquet`.
 */
export function assertParquet(name: string, size: number, head: Uint8Array, tail: Uint8Array): void {
  if (size === 0) {
    throw new NutrisageError('empty-file', `${name} is empty (0 bytes)`, 'Export it again, or leave it out.');
  }
  const begins = asText(head);
  const ends = asText(tail);
  if (begins === 'PARE') {
    throw new NutrisageError('not-parquet', `${name} is encrypted Parquet`, 'Write it without encryption.');
  }
  if (size < SMALLEST_PARQUET_BYTES || begins !== 'PAR1') {
    throw new NutrisageError(
      'not-parquet',
      `${name} is not a Parquet file: it does not begin with PAR1`,
      EXPORT_AS_PARQUET,
    );
  }
  if (ends !== 'PAR1') {
    throw new NutrisageError(
      'truncated-parquet',
      `${name} begins as Parquet but does not end so: its last bytes are missing`,
      'Copy or export it again; a Parquet file is readable only when it is complete.',
    );
  }
}

export function assertNotEmpty(name: string, size: number): void {
  if (size === 0) assertParquet(name, 0, new Uint8Array(), new Uint8Array());
}

function asText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
