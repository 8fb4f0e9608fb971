/** The datasets of a job as they lie on disk, outside of any server. */
import { join } from 'node:path';
import { PREFIXES } from '../../schemas/names.ts';
import { sqlValue, withDuckDb } from './duckdb.ts';

/** Pattern of a dataset's files: the embedded store keeps an object's bytes under its key and `.data`. */
export function datasetFiles(bucketFolder: string, dataset: 'grades' | 'rejects', job = '*'): string {
  return join(bucketFolder, PREFIXES[dataset], '*', `job=${job}`, '*.data');
}

export interface WrittenRows {
  readonly grades: number;
  readonly rejects: number;
}

/** Rows of a job in its Parquet files: a row written twice under one number counts once. */
export async function countWrittenRows(bucketFolder: string, job: string): Promise<WrittenRows> {
  return withDuckDb(async (connection) => {
    const count = async (dataset: 'grades' | 'rejects'): Promise<number> => {
      const pattern = sqlValue(datasetFiles(bucketFolder, dataset, job));
      // A job without rejects has no such files, which DuckDB would call an error.
      const files = await connection.runAndReadAll(`SELECT count(*) FROM glob(${pattern})`);
      if (Number(files.getRows()[0]?.[0]) === 0) return 0;
      const rows = await connection.runAndReadAll(
        `SELECT count(DISTINCT row_number) FROM read_parquet(${pattern})`,
      );
      return Number(rows.getRows()[0]?.[0]);
    };
    return { grades: await count('grades'), rejects: await count('rejects') };
  });
}
