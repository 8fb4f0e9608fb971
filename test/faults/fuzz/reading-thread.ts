/** Entry of a thread that opens one file as a worker does, with its ceilings, reads it whole, and says how it went. */
import { availableParallelism } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { asNutrisageError } from '../../../core/errors.ts';
import { memoryByteSource } from '../../../core/parquet/byte-source.ts';
import { openItemFile } from '../../../core/parquet/open-item-file.ts';
import { readerMemoryBytes } from '../../../core/parquet/reader-memory.ts';
import { readConfig } from '../../../worker/config.ts';
import { REQUIRED } from './required-settings.ts';

const { ceilings, rowGroupBytesMax } = readConfig(REQUIRED, availableParallelism());

async function countRows(bytes: Uint8Array): Promise<number> {
  const file = await openItemFile(memoryByteSource(bytes), { name: 'damaged', rowGroupBytesMax, ceilings });
  try {
    let rows = 0;
    for await (const batch of file.readBatches({ first: 0, count: file.rowGroups.length }, 0)) {
      rows += batch.rowCount;
    }
    return rows;
  } finally {
    file.close();
  }
}

parentPort?.on('message', (bytes: Uint8Array) => {
  countRows(bytes).then(
    (rows) => parentPort?.postMessage({ rows, memory: readerMemoryBytes() }),
    (error: unknown) => {
      const { code, message } = asNutrisageError(error);
      parentPort?.postMessage({ code, message, memory: readerMemoryBytes() });
    },
  );
});
parentPort?.postMessage('ready');
