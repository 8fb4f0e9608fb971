/** Makes Parquet files with DuckDB and parquet-wasm, and reads them back as rows that tests can compare. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type Table, tableToIPC } from 'apache-arrow';
import { Table as WasmTable, writeParquet } from 'parquet-wasm';
import { textAt } from '../../../core/items/item-columns.ts';
import { NUTRIENTS, type Nutrient } from '../../../core/items/nutrients.ts';
import { memoryByteSource } from '../../../core/parquet/byte-source.ts';
import type { ItemBatch, OpenItemFileOptions } from '../../../core/parquet/item-file.ts';
import { openItemFile } from '../../../core/parquet/open-item-file.ts';

async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'nutrisage-parquet-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Rows of a query, as plain values. `files` are there under their names while it runs. */
export function queryRows(
  sql: string,
  files: Readonly<Record<string, Uint8Array>> = {},
): Promise<Record<string, unknown>[]> {
  return inTemporaryFolder(async (folder) => {
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    try {
      await connection.run(`SET file_search_path = '${folder}'`);
      return (await connection.runAndReadAll(sql)).getRowObjectsJS();
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  });
}

/** The bytes of what DuckDB writes for a query; `options` as in `COPY … (FORMAT parquet, <options>)`. */
export function duckDbParquet(query: string, options = 'COMPRESSION zstd'): Promise<Uint8Array> {
  return inTemporaryFolder(async (folder) => {
    const path = join(folder, 'made.parquet');
    await queryRows(`COPY (${query}) TO '${path}' (FORMAT parquet, ${options})`);
    return new Uint8Array(await readFile(path));
  });
}

/** The bytes of an Arrow table as pyarrow and Polars write one: with its Arrow schema in the footer. */
export function arrowParquet(table: Table): Uint8Array {
  return writeParquet(WasmTable.fromIPCStream(tableToIPC(table, 'stream')));
}

export interface ReadItem extends Partial<Record<Nutrient, number>> {
  readonly code: string;
  readonly roles: number;
  readonly group: number;
  readonly rowNumber: number;
  readonly reported?: number;
}

export function openBytes(bytes: Uint8Array, options: Partial<OpenItemFileOptions> = {}) {
  return openItemFile(memoryByteSource(bytes), {
    name: 'made.parquet',
    rowGroupBytesMax: 2 ** 28,
    ...options,
  });
}

/** Every row of a file, without the nutrients it has not. */
export async function readItems(
  bytes: Uint8Array,
  options: Partial<OpenItemFileOptions> = {},
): Promise<ReadItem[]> {
  const file = await openBytes(bytes, options);
  const items: ReadItem[] = [];
  for await (const batch of file.readBatches({ first: 0, count: file.rowGroups.length }, 0)) {
    items.push(...itemsOf(batch));
  }
  file.close();
  return items;
}

export function itemsOf(batch: ItemBatch): ReadItem[] {
  return Array.from({ length: batch.rowCount }, (_, row) => {
    const present = NUTRIENTS.filter((nutrient) => !Number.isNaN(batch.nutrients[nutrient][row]));
    const nutrients = Object.fromEntries(
      present.map((nutrient) => [nutrient, batch.nutrients[nutrient][row]]),
    );
    return {
      code: textAt(batch.codes, row),
      rowNumber: batch.firstRowNumber + row,
      roles: batch.categoryRoles[row] ?? -1,
      group: batch.foodGroups[row] ?? -1,
      ...nutrients,
      ...(batch.reportedGrades === undefined ? {} : { reported: batch.reportedGrades[row] ?? -1 }),
    };
  });
}

/** The error a promise ends with; fails the test where it ends well. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => {
      throw new Error('It ended well where an error was expected.');
    },
    (error: unknown) => error,
  );
}
