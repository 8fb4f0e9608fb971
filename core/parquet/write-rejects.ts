/** The rejects dataset: `RejectRow` of schemas/grades-dataset.ts as Parquet columns. */
import { listCodes } from './code-lists.ts';
import { integerDataset, nullableTextDataset, repeatedTextDataset, textDataset } from './dataset-columns.ts';
import type { RejectedColumns } from './graded-columns.ts';
import { writeDataset } from './write-dataset.ts';

/**
 * Parquet bytes of rejected rows; equal columns give equal bytes.
 * @param reasonNames name of each bit of `reasons`, lowest first
 */
export function writeRejects(rejected: RejectedColumns, reasonNames: readonly string[]): Uint8Array {
  const { rowCount } = rejected;
  const reasons = listCodes(rejected.reasons, reasonNames);
  return writeDataset(
    [
      nullableTextDataset('code', rejected.codes, rowCount),
      integerDataset('row_number', rejected.rowNumbers),
      repeatedTextDataset('reasons', reasons.indices, reasons.texts),
      textDataset('values', rejected.values, rowCount),
    ],
    rowCount,
  );
}
