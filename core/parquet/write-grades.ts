/** The grades dataset: `GradeRow` of schemas/grades-dataset.ts as Parquet columns. */
import { GRADES } from '../../schemas/grade.ts';
import { listCodes } from './code-lists.ts';
import {
  type DatasetColumn,
  floatDataset,
  integerDataset,
  nullableIntegerDataset,
  nullableRepeatedTextDataset,
  repeatedTextDataset,
  textDataset,
} from './dataset-columns.ts';
import { GRADE_SOURCES, type GradedColumns, OFFICIAL_STATUSES } from './graded-columns.ts';
import { writeDataset } from './write-dataset.ts';

/**
 * Parquet bytes of graded rows; equal columns give equal bytes.
 * @param warningNames name of each bit of `warnings`, lowest first
 */
export function writeGrades(graded: GradedColumns, warningNames: readonly string[]): Uint8Array {
  return writeDataset(gradeColumns(graded, warningNames), graded.rowCount);
}

function gradeColumns(graded: GradedColumns, warningNames: readonly string[]): DatasetColumn[] {
  const { rowCount } = graded;
  const warnings = listCodes(graded.warnings, warningNames);
  const probabilities = GRADES.map((grade, index) =>
    floatDataset(`p_${grade}`, graded.probabilities, index, GRADES.length),
  );
  return [
    textDataset('code', graded.codes, rowCount),
    integerDataset('row_number', graded.rowNumbers),
    repeatedTextDataset('grade', graded.grade, GRADES),
    repeatedTextDataset('grade_source', graded.source, GRADE_SOURCES),
    nullableRepeatedTextDataset('official_grade', graded.officialGrade, GRADES),
    nullableIntegerDataset('official_score', graded.officialScore, graded.officialStatus),
    nullableRepeatedTextDataset('official_status', graded.officialStatus, OFFICIAL_STATUSES),
    repeatedTextDataset('model_grade', graded.modelGrade, GRADES),
    ...probabilities,
    nullableRepeatedTextDataset('warnings', warnings.indices, warnings.texts),
    repeatedTextDataset('model_version', new Uint8Array(rowCount), [graded.modelVersion]),
  ];
}
