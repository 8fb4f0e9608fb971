/** Columns that a few items at a time are read into, again and again: what a request costs must not be their making. */
import { THRESHOLDS } from '../validation/thresholds.ts';
import { createItemColumns, type ItemColumns } from './item-columns.ts';
import { NUTRIENTS } from './nutrients.ts';

export interface ItemRows {
  readonly capacity: number;
  /** All `capacity` rows, those too that hold nothing of now. */
  readonly columns: ItemColumns;
  /** The nutrients of `columns` in the order of `NUTRIENTS`. */
  readonly nutrients: readonly Float64Array[];
}

/**
 * Bytes of a code that are kept: a longer one is refused for its length, whatever it says, and a cut one stays longer than
 * the longest that is not. Four bytes are room for the letter at the cut.
 */
export const CODE_BYTES_KEPT = THRESHOLDS.codeBytesMax + 4;

export function createItemRows(capacity: number): ItemRows {
  const codes = {
    bytes: new Uint8Array(capacity * CODE_BYTES_KEPT),
    offsets: new Int32Array(capacity + 1),
  };
  const columns = createItemColumns(capacity, 0, codes);
  return { capacity, columns, nutrients: NUTRIENTS.map((nutrient) => columns.nutrients[nutrient]) };
}

/** The first rows as columns, until they are read into again. */
export function firstRows({ columns }: ItemRows, rowCount: number): ItemColumns {
  return { ...columns, rowCount };
}
