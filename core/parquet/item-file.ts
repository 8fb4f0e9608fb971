/** A Parquet file of products, opened: what planning and reading need to know of it. */
import type { Mapping } from '../../schemas/mapping.ts';
import type { ItemColumns } from '../items/item-columns.ts';
import type { FileCeilings } from './file-ceilings.ts';

export interface OpenItemFileOptions {
  /** How errors name the file. */
  readonly name: string;
  readonly mapping?: Mapping;
  /** Ceiling, in bytes, for any one row group: its needed columns, and `ROW_BYTES` (row-group-ceiling.ts) a row. */
  readonly rowGroupBytesMax: number;
  /** What the file may be at most. @default no ceilings */
  readonly ceilings?: FileCeilings;
  /** Rows per batch. @default 65536 */
  readonly batchRows?: number;
  /** Reads the grade that the file itself reports, for the trainer and for tests. @default false */
  readonly withReportedGrades?: boolean;
}

export interface RowGroup {
  readonly rows: number;
  /** Uncompressed bytes of the needed columns. */
  readonly bytes: number;
}

export interface RowGroupRange {
  readonly first: number;
  readonly count: number;
}

/** To be read only: one column of `NaN` may stand for all nutrients that the file has not. */
export interface ItemBatch extends ItemColumns {
  /**
   * Grade numbers the file reports (`NO_GRADE` where it reports none); only with `withReportedGrades`
   * and where the file has such a column.
   */
  readonly reportedGrades?: Uint8Array;
}

export interface ItemFile {
  readonly rowCount: number;
  readonly rowGroups: readonly RowGroup[];
  /** Which input shape was recognised, for logs: such as `official export`. */
  readonly shape: string;
  /** Dotted paths of the columns that are read, for logs: what is not among them was not recognised. */
  readonly columns: readonly string[];
  /**
   * Rows of whole row groups in their order, numbered from `firstRowNumber`.
   * @throws {NutrisageError} `damaged-parquet`; what the byte source throws passes through unchanged.
   */
  readBatches(rowGroups: RowGroupRange, firstRowNumber: number): AsyncIterable<ItemBatch>;
  /** Frees the memory held in wasm; the file is of no use afterwards. */
  close(): void;
}
