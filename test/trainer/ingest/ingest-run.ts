/** Runs the ingest into folders that are gone after the test, and reads what it wrote. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { onTestFinished } from 'vitest';
import type { DataCard } from '../../../schemas/data-card.ts';
import { type IngestOptions, ingest } from '../../../trainer/ingest/ingest.ts';
import { createProgress } from '../../../trainer/ingest/progress.ts';

export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/exports/${name}`, import.meta.url));

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nutrisage-ingest-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const SILENT = createProgress({ write() {} });

export interface Run {
  readonly out: string;
  readonly card: DataCard;
}

export async function run(
  source: string,
  options: Partial<IngestOptions> = {},
  signal = new AbortController().signal,
): Promise<Run> {
  const out = options.out ?? join(temporaryFolder(), 'out');
  const card = await ingest(
    { source, memoryBytes: 1e9, threads: 2, seed: 1, ...options, out },
    SILENT,
    signal,
  );
  return { out, card };
}

export async function rowsOf(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

export function productsOf(out: string): Promise<Record<string, unknown>[]> {
  return rowsOf(`SELECT * FROM read_parquet('${join(out, 'products.parquet')}')`);
}
