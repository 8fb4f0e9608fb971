/**
 * The graded and rejected rows of one shard, gathered batch by batch into columns that are allocated once:
 * a shard's row count is known when it is planned.
 */

import { OFFICIAL_STATUS, officialGrades } from '../../core/nutriscore/official-grades.ts';
import {
  GRADE_SOURCES,
  type GradedColumns,
  type RejectedColumns,
} from '../../core/parquet/graded-columns.ts';
import { markDuplicateCodes } from '../../core/validation/duplicate-codes.ts';
import { offendingValues } from '../../core/validation/offending-values.ts';
import type { ValidatedItems } from '../../core/validation/validate.ts';
import type { RowCounts } from '../../schemas/counts.ts';
import { GRADES, type RulesVersion } from '../../schemas/grade.ts';
import { countRows } from './count-rows.ts';
import { mostProbable } from './most-probable.ts';
import { createTextGatherer } from './text-gatherer.ts';

const SOURCE_OFFICIAL = GRADE_SOURCES.indexOf('official');
const SOURCE_MODEL = GRADE_SOURCES.indexOf('model');
const CLASSES = GRADES.length;
const BYTES_PER_CODE = 16;

export interface ShardColumns {
  /** Rows taken in so far, graded and rejected. */
  readonly rowCount: number;
  /** @param probabilities of the accepted rows in their order, five each. */
  append(items: ValidatedItems, probabilities: Float32Array, rules: RulesVersion): void;
  /** What the rows taken in have become; views on the columns, so nothing is appended afterwards. */
  finish(): GradedShard;
}

export interface GradedShard {
  readonly graded: GradedColumns;
  readonly rejected: RejectedColumns;
  readonly counts: RowCounts;
}

export function createShardColumns(rows: number, modelVersion: string): ShardColumns {
  const codes = createTextGatherer(rows, rows * BYTES_PER_CODE);
  const rowNumbers = new Float64Array(rows);
  const grade = new Uint8Array(rows);
  const source = new Uint8Array(rows);
  const officialStatus = new Uint8Array(rows);
  const officialGrade = new Uint8Array(rows);
  const officialScore = new Int8Array(rows);
  const modelGrade = new Uint8Array(rows);
  const probabilities = new Float32Array(rows * CLASSES);
  const warnings = new Uint32Array(rows);
  // Room for every row, since a unit error rejects them all; memory that is not written to is not taken.
  const reject = {
    codes: createTextGatherer(rows, 0),
    rowNumbers: new Float64Array(rows),
    reasons: new Uint32Array(rows),
    values: createTextGatherer(rows, 0),
  };
  let gradedRows = 0;
  let rejectedRows = 0;
  let rowCount = 0;

  function appendGraded(items: ValidatedItems, scored: Float32Array, rules: RulesVersion): void {
    const { columns, acceptedRows } = items;
    const official = officialGrades(columns, rules);
    probabilities.set(scored.subarray(0, acceptedRows.length * CLASSES), gradedRows * CLASSES);
    // A plain loop over columns: this runs once a row.
    for (let index = 0; index < acceptedRows.length; index += 1) {
      const row = acceptedRows[index] ?? 0;
      const at = gradedRows + index;
      const predicted = mostProbable(scored, index * CLASSES);
      const status = official.status[row] ?? 0;
      const isFinal = status === OFFICIAL_STATUS.final;
      codes.append(columns.codes, row);
      rowNumbers[at] = columns.firstRowNumber + row;
      officialStatus[at] = status;
      officialGrade[at] = official.grade[row] ?? 0;
      officialScore[at] = official.score[row] ?? 0;
      modelGrade[at] = predicted;
      grade[at] = isFinal ? (official.grade[row] ?? 0) : predicted;
      source[at] = isFinal ? SOURCE_OFFICIAL : SOURCE_MODEL;
      warnings[at] = items.warnings[row] ?? 0;
    }
    gradedRows += acceptedRows.length;
  }

  function appendRejected(items: ValidatedItems): void {
    const { columns } = items;
    for (let row = 0; row < columns.rowCount; row += 1) {
      const reasons = items.rejects[row] ?? 0;
      if (reasons === 0) continue;
      reject.codes.append(columns.codes, row);
      reject.rowNumbers[rejectedRows] = columns.firstRowNumber + row;
      reject.reasons[rejectedRows] = reasons;
      reject.values.appendText(JSON.stringify(offendingValues(items, row)));
      rejectedRows += 1;
    }
  }

  const graded = (): GradedColumns => ({
    rowCount: gradedRows,
    codes: codes.column(),
    rowNumbers: rowNumbers.subarray(0, gradedRows),
    grade: grade.subarray(0, gradedRows),
    source: source.subarray(0, gradedRows),
    officialStatus: officialStatus.subarray(0, gradedRows),
    officialGrade: officialGrade.subarray(0, gradedRows),
    officialScore: officialScore.subarray(0, gradedRows),
    modelGrade: modelGrade.subarray(0, gradedRows),
    probabilities: probabilities.subarray(0, gradedRows * CLASSES),
    warnings: warnings.subarray(0, gradedRows),
    modelVersion,
  });
  const rejected = (): RejectedColumns => ({
    rowCount: rejectedRows,
    codes: reject.codes.column(),
    rowNumbers: reject.rowNumbers.subarray(0, rejectedRows),
    reasons: reject.reasons.subarray(0, rejectedRows),
    values: reject.values.column(),
  });

  return {
    get rowCount() {
      return rowCount;
    },
    append(items, scored, rules) {
      appendGraded(items, scored, rules);
      appendRejected(items);
      rowCount += items.columns.rowCount;
    },
    finish() {
      markDuplicateCodes(codes.column(), warnings.subarray(0, gradedRows));
      const shard = { graded: graded(), rejected: rejected() };
      return { ...shard, counts: countRows(shard.graded, shard.rejected) };
    },
  };
}
