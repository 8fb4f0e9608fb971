/** What a graded shard is made of, as columns: the inputs of the two dataset writers. */
import type { TextColumn } from '../items/item-columns.ts';

/** Values of `GradedColumns.source`, by their number. */
export const GRADE_SOURCES = ['official', 'model'] as const;

/** Values of `GradedColumns.officialStatus`, by their number of `OFFICIAL_STATUS`; 0 is "no official grade". */
export const OFFICIAL_STATUSES = [null, 'final', 'provisional'] as const;

/** Graded rows, one entry a row in every column. Grades are numbers of `GRADES` or `NO_GRADE`. */
export interface GradedColumns {
  readonly rowCount: number;
  readonly codes: TextColumn;
  /** Number of the row within its job; integers, exact up to 2^53. */
  readonly rowNumbers: Float64Array;
  readonly grade: Uint8Array;
  /** Index into `GRADE_SOURCES`: 0 official, 1 model. */
  readonly source: Uint8Array;
  /** Index into `OFFICIAL_STATUSES`: 0 none, 1 final, 2 provisional. */
  readonly officialStatus: Uint8Array;
  /** `NO_GRADE` where there is none. */
  readonly officialGrade: Uint8Array;
  /** Meaningless where `officialStatus` is 0. */
  readonly officialScore: Int8Array;
  readonly modelGrade: Uint8Array;
  /** `rowCount` x 5, row by row, in the order of `GRADES`. */
  readonly probabilities: Float32Array;
  /** Bit `i` set: warning `i` of the names given to the writer. */
  readonly warnings: Uint32Array;
  readonly modelVersion: string;
}

/** Rejected rows, one entry a row in every column: few, or all of a shard where a unit is wrong. */
export interface RejectedColumns {
  readonly rowCount: number;
  /** Empty where the row has no code. */
  readonly codes: TextColumn;
  readonly rowNumbers: Float64Array;
  /** Bit `i` set: reject reason `i` of the names given to the writer. At least one bit is set. */
  readonly reasons: Uint32Array;
  /** One JSON object a row: each offending input and its value. */
  readonly values: TextColumn;
}
