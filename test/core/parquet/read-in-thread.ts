/** Entry of a thread that reads one file whole and says how it went: a panic of the reader ends the thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { asNutrisageError } from '../../../core/errors.ts';
import { memoryByteSource } from '../../../core/parquet/byte-source.ts';
import { openItemFile } from '../../../core/parquet/open-item-file.ts';

async function countRows(bytes: Uint8Array): Promise<number> {
  const file = await openItemFile(memoryByteSource(bytes), {
    name: 'damaged.parquet',
    rowGroupBytesMax: 2 ** 28,
  });
  let rows = 0;
  for await (const batch of file.readBatches({ first: 0, count: file.rowGroups.length }, 0))
    rows += batch.rowCount;
  return rows;
}

const port = parentPort;
port?.on('message', (bytes: Uint8Array) => {
  countRows(bytes).then(
    (rows) => port.postMessage({ rows }),
    (error: unknown) => port.postMessage({ code: asNutrisageError(error).code }),
  );
});
port?.postMessage(workerData);
