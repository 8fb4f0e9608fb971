/** Reads the known files of a folder into one pool, with the same item reader that the worker uses. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { memoryByteSource } from '../../core/parquet/byte-source.ts';
import type { ItemBatch } from '../../core/parquet/item-file.ts';
import { openItemFile } from '../../core/parquet/open-item-file.ts';
import { copyInputs, createPool, type ItemPool, joinPools } from './item-pool.ts';
import { productKey } from './product-key.ts';
import { SOURCE_RULES } from './source-table.ts';

/** Nothing to train on. */
export class NoSourcesError extends Error {
  constructor(folder: string) {
    const names = SOURCE_RULES.map(({ file }) =>
      file.source.replaceAll(/[\^$\\]/g, '').replaceAll('.*', '*'),
    );
    super(`${folder} has no file that the trainer knows; it looks for ${names.join(', ')}`);
    this.name = 'NoSourcesError';
  }
}

export interface ReadSources {
  readonly pool: ItemPool;
  /** SHA-256 over the names and bytes of the files, in the order of their names. */
  readonly fingerprint: string;
  readonly files: readonly { readonly name: string; readonly source: number; readonly rows: number }[];
}

/** @throws {NoSourcesError}, or what the item reader throws for a file that it cannot read. */
export async function readSources(folder: string): Promise<ReadSources> {
  const names = readdirSync(folder).sort();
  const known = names.flatMap((name) => {
    const source = SOURCE_RULES.findIndex(({ file }) => file.test(name));
    return source === -1 ? [] : [{ name, source }];
  });
  if (known.length === 0) throw new NoSourcesError(folder);
  const hash = createHash('sha256');
  const pools: ItemPool[] = [];
  const files: { name: string; source: number; rows: number }[] = [];
  for (const { name, source } of known) {
    const path = join(folder, name);
    const bytes = readFileSync(path);
    hash.update(`${name}\0${bytes.length}\0`).update(bytes);
    const select = SOURCE_RULES[source]?.select;
    const parquet = select === undefined ? bytes : await toParquet(path, select);
    const pool = await readParquet(parquet, name, source);
    pools.push(pool);
    files.push({ name, source, rows: pool.columns.rowCount });
  }
  return { pool: joinPools(pools), fingerprint: hash.digest('hex'), files };
}

/** The selected columns of a CSV file as Parquet, so that one reader serves all sources. */
async function toParquet(path: string, select: string): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'nutrisage-train-'));
  const target = join(folder, 'rows.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const query = select.replaceAll('{file}', path.replaceAll("'", "''"));
    // Rows must keep the file's order in every run: the split and the draws follow it.
    await connection.run('SET preserve_insertion_order = true');
    await connection.run(`COPY (${query}) TO '${target.replaceAll("'", "''")}' (FORMAT parquet)`);
    return readFileSync(target);
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readParquet(bytes: Uint8Array, name: string, source: number): Promise<ItemPool> {
  const file = await openItemFile(memoryByteSource(bytes), {
    name,
    rowGroupBytesMax: Number.MAX_SAFE_INTEGER,
    withReportedGrades: SOURCE_RULES[source]?.labels !== 'rules',
  });
  try {
    const pools: ItemPool[] = [];
    const all = { first: 0, count: file.rowGroups.length };
    for await (const batch of file.readBatches(all, 0)) pools.push(poolOf(batch, source));
    return joinPools(pools);
  } finally {
    file.close();
  }
}

function poolOf(batch: ItemBatch, source: number): ItemPool {
  const pool = createPool(batch.rowCount);
  for (let row = 0; row < batch.rowCount; row += 1) {
    copyInputs(batch, row, pool.columns, row);
    pool.sources[row] = source;
    pool.productKeys[row] = productKey(batch, row);
    const reported = batch.reportedGrades?.[row];
    if (reported !== undefined) pool.grades[row] = reported;
  }
  return pool;
}
