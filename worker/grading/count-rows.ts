/** The counts of a shard, from the very columns that are written: what is counted is what is stored. */

import { OFFICIAL_STATUS } from '../../core/nutriscore/official-grades.ts';
import type { GradedColumns, RejectedColumns } from '../../core/parquet/graded-columns.ts';
import { REJECT_CODES, WARNING_CODES } from '../../core/validation/codes.ts';
import { type RowCounts, zeroRowCounts } from '../../schemas/counts.ts';
import { GRADES } from '../../schemas/grade.ts';

export function countRows(graded: GradedColumns, rejected: RejectedColumns): RowCounts {
  const counts = zeroRowCounts();
  const byGrade = new Float64Array(GRADES.length);
  // A plain loop over columns: this runs once a row.
  for (let row = 0; row < graded.rowCount; row += 1) {
    const status = graded.officialStatus[row];
    const isFinal = status === OFFICIAL_STATUS.final;
    const grade = graded.grade[row] ?? 0;
    byGrade[grade] = (byGrade[grade] ?? 0) + 1;
    if (isFinal) counts.official += 1;
    if (isFinal && graded.officialGrade[row] === graded.modelGrade[row]) counts.agreed += 1;
    if (status === OFFICIAL_STATUS.provisional) counts.provisional += 1;
  }
  counts.rows = graded.rowCount + rejected.rowCount;
  counts.graded = graded.rowCount;
  counts.rejected = rejected.rowCount;
  counts.model = graded.rowCount - counts.official;
  counts.compared = counts.official;
  GRADES.forEach((letter, index) => {
    counts.grades[letter] = byGrade[index] ?? 0;
  });
  counts.rejectReasons = countBits(rejected.reasons, REJECT_CODES);
  counts.warnings = countBits(graded.warnings, WARNING_CODES);
  return counts;
}

/** Rows that have each bit, by its name, in the order of names; names without rows are left out. */
function countBits(column: Uint32Array, names: readonly string[]): Record<string, number> {
  const counts = new Float64Array(32);
  for (let row = 0; row < column.length; row += 1) {
    for (let bits = column[row] ?? 0; bits !== 0; bits &= bits - 1) {
      const bit = 31 - Math.clz32(bits & -bits);
      counts[bit] = (counts[bit] ?? 0) + 1;
    }
  }
  const named = names.map((name, bit) => [name, counts[bit] ?? 0] as const).filter(([, count]) => count > 0);
  return Object.fromEntries(named.sort(([left], [right]) => (left < right ? -1 : 1)));
}
