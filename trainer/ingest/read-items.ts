/** The rows of a Parquet file that the ingest wrote, through the same reader that grades such files. */
import type { ItemBatch } from '../../core/parquet/item-file.ts';
import { openItemFile } from '../../core/parquet/open-item-file.ts';
import { openFileBytes } from './file-bytes.ts';

/** Rows per batch: judging a batch holds the event loop for some 20 ms. */
const BATCH_ROWS = 16_384;

/** Batches in order. On this thread: the reader panics on damaged files only, and these were written just now. */
export async function* readItems(path: string, signal: AbortSignal): AsyncGenerator<ItemBatch> {
  const bytes = await openFileBytes(path);
  try {
    const file = await openItemFile(bytes, {
      name: path,
      rowGroupBytesMax: Number.MAX_SAFE_INTEGER,
      batchRows: BATCH_ROWS,
      withReportedGrades: true,
    });
    try {
      let firstRowNumber = 0;
      // Group by group: what a group took in wasm is free again before the next.
      for (let first = 0; first < file.rowGroups.length; first += 1) {
        for await (const batch of file.readBatches({ first, count: 1 }, firstRowNumber)) {
          signal.throwIfAborted();
          yield batch;
        }
        firstRowNumber += file.rowGroups[first]?.rows ?? 0;
      }
    } finally {
      file.close();
    }
  } finally {
    await bytes.close();
  }
}
