/** Whole catalogues as rows in memory, for tests that draw from them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryByteSource } from '../../core/parquet/byte-source.ts';
import { openItemFile } from '../../core/parquet/open-item-file.ts';
import { writeMadeCatalogue } from '../../local/demo/made-catalogue.ts';
import { copyInputs, createPool, type ItemPool } from '../../trainer/rows/item-pool.ts';

/** Products as the demo makes them, with its gaps and its faults. */
export async function madeCatalogue(rows: number, seed = 1): Promise<ItemPool> {
  const folder = mkdtempSync(join(tmpdir(), 'nutrisage-catalogue-'));
  try {
    const path = join(folder, 'made.parquet');
    await writeMadeCatalogue(path, { rows, seed, shape: 'flat' });
    const file = await openItemFile(memoryByteSource(readFileSync(path)), {
      name: path,
      rowGroupBytesMax: Number.MAX_SAFE_INTEGER,
    });
    const pool = createPool(rows);
    let at = 0;
    for await (const batch of file.readBatches({ first: 0, count: file.rowGroups.length }, 0)) {
      for (let row = 0; row < batch.rowCount; row += 1) copyInputs(batch, row, pool.columns, at++);
    }
    file.close();
    return pool;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
