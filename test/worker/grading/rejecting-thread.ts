/**
 * Entry of a thread that gathers and writes a shard of which every row is rejected: milligrams written for grams.
 * It dies when the rows lie on its heap, of which it has 512 MiB, instead of in typed arrays beside it.
 */
import { getHeapStatistics } from 'node:v8';
import { parentPort } from 'node:worker_threads';
import { textColumn } from '../../../core/items/item-columns.ts';
import { writeRejects } from '../../../core/parquet/write-rejects.ts';
import { REJECT_CODES } from '../../../core/validation/codes.ts';
import { validate } from '../../../core/validation/validate.ts';
import type { ShardMessage } from '../../../schemas/messages.ts';
import { createShardColumns } from '../../../worker/grading/shard-columns.ts';
import type { ThreadReply, ThreadTask } from '../../../worker/threads/thread-protocol.ts';
import { columnsOf, PLAIN, type RowValues } from '../../core/validation/rows.ts';

const BATCH_ROWS = 8192;
/** For 300,000 rows a string and an array a row hold 160 MiB, columns and what is not yet collected 23. */
const HEAP_MIB_MAX = 90;
const IN_MILLIGRAMS: RowValues = {
  ...PLAIN,
  ...{ fat: 10_000.5, saturatedFat: 4000.25, carbohydrates: 25_000.125, sugars: 5000.5, fibre: 3000.75 },
  ...{ proteins: 8000.5, salt: 500.25, fruitShare: 20_000.5, starch: 2000.5, polyols: 3000.5 },
  ...{ fructose: 1000.5, glucose: 1100.5, maltose: 1200.5, lactose: 1300.5, sucrose: 1400.5 },
};

function rejectAll(message: ShardMessage): ThreadReply {
  const shard = createShardColumns(message.rows, message.modelVersion);
  const batch = columnsOf(new Array<RowValues>(Math.min(BATCH_ROWS, message.rows)).fill(IN_MILLIGRAMS));
  for (let first = 0; first < message.rows; first += BATCH_ROWS) {
    const rowCount = Math.min(BATCH_ROWS, message.rows - first);
    const codes = Array.from({ length: rowCount }, (_, row) => String(3_000_000_000_000 + first + row));
    const columns = { ...batch, rowCount, firstRowNumber: first, codes: textColumn(codes) };
    shard.append(validate(columns), new Float32Array(), message.rules);
  }
  const heldMib = getHeapStatistics().used_heap_size / 2 ** 20;
  if (heldMib > HEAP_MIB_MAX) throw new Error(`The heap holds ${heldMib} MiB.`);
  const { rejected, counts } = shard.finish();
  writeRejects(rejected, REJECT_CODES);
  const outputs = { grades: null, rejects: 'written' };
  const seconds = { read: 0, grade: 0, write: 0, items: 0 };
  return {
    kind: 'graded',
    shard: { kind: 'written', message, counts, outputs, seconds },
    recycle: false,
  };
}

parentPort?.on('message', (task: ThreadTask) => {
  if (task.kind === 'grade') parentPort?.postMessage(rejectAll(task.message));
});
parentPort?.postMessage({ kind: 'ready' } satisfies ThreadReply);
