/** One hash of the whole content of a dataset, whoever wrote its bytes and with how many threads. */
import { createHash } from 'node:crypto';
import type { Database } from './database.ts';
import { OUTPUT_COLUMNS } from './sources/output-columns.ts';
import { sqlName, sqlText } from './sql-text.ts';

/** Rows hashed together before their hash comes to JavaScript: 4 M rows are 1,000 texts, and never one of 300 MB. */
const BLOCK_ROWS = 4096;

/**
 * SHA-256, hex, over the rows in the order of the file, which is that of their codes: each row by its values as
 * text, then blocks of rows, then the blocks. Absent is told from empty.
 */
export async function fingerprintOf(database: Database, path: string): Promise<string> {
  const values = OUTPUT_COLUMNS.map((column) => `coalesce(${sqlName(column)}::VARCHAR, chr(30))`);
  const blocks =
    await database.rows(`SELECT sha256(string_agg(row_hash, '' ORDER BY row_number)) AS block_hash
    FROM (
      SELECT file_row_number AS row_number, sha256(concat_ws(chr(31), ${values.join(', ')})) AS row_hash
      FROM read_parquet(${sqlText(path)}, file_row_number = true)
    ) GROUP BY row_number // ${BLOCK_ROWS} ORDER BY row_number // ${BLOCK_ROWS}`);
  const hash = createHash('sha256');
  for (const block of blocks) hash.update(String(block['block_hash']));
  return hash.digest('hex');
}
