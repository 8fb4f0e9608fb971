/** DuckDB in this process, and values as SQL text. */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/**
 * Opens an in-memory DuckDB for as long as `use` runs. The memory limit is what keeps a file of any size
 * within bounds: what does not fit is refused by DuckDB, never taken from the rest of the machine.
 */
export async function withDuckDb<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB', threads: '2' });
  try {
    const connection = await instance.connect();
    try {
      return await use(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

export type SqlValue = string | number | null | readonly SqlValue[];

/** A value as SQL text: quoted text, number, NULL, or a list of these. */
export function sqlValue(value: SqlValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  return `[${value.map(sqlValue).join(', ')}]`;
}

/** Rows for a `VALUES` clause. */
export function sqlRows(rows: readonly (readonly SqlValue[])[]): string {
  return rows.map((row) => `(${row.map(sqlValue).join(', ')})`).join(',\n');
}
