/**
 * Graded rows as bodies of BatchWriteItem. Written out here rather than by the SDK: its serialiser and the loggers that it
 * prepares walk every attribute of every item anew, which took 60 of the 90 µs a row that a worker spent on items.
 */
import { textAt } from '../../core/items/item-columns.ts';
import { expiresAt } from '../../core/jobs/expires-at.ts';
import { gradingSortKey } from '../../core/jobs/keys.ts';
import { GRADE_SOURCES, type GradedColumns, OFFICIAL_STATUSES } from '../../core/parquet/graded-columns.ts';
import { WARNING_CODES } from '../../core/validation/codes.ts';
import { GRADES, NO_GRADE } from '../../schemas/grade.ts';
import type { Grading } from '../grading/grade-sink.ts';

/** What all rows of a shard are written with. */
export interface ItemTarget {
  readonly table: string;
  readonly grading: Grading;
  readonly retentionDays: number;
}

/** @returns the body for rows `first … end` (end excluded), UTF-8 */
export function createItemBodies(
  { table, grading, retentionDays }: ItemTarget,
  rows: GradedColumns,
): (first: number, end: number) => Uint8Array {
  const { job, submittedAt } = grading;
  const same =
    `,"job":${text(job)},"gradedFor":${text(submittedAt)},"modelVersion":${text(rows.modelVersion)}` +
    `,"expiresAt":${number(expiresAt(submittedAt, retentionDays))}`;
  const head = `{"RequestItems":{${JSON.stringify(table)}:[`;

  return (first, end) => {
    let body = head;
    for (let row = first; row < end; row += 1) {
      const rowNumber = rows.rowNumbers[row] ?? 0;
      body +=
        `${row === first ? '' : ','}{"PutRequest":{"Item":{"code":${text(textAt(rows.codes, row))}` +
        `,"sk":${text(gradingSortKey(submittedAt, job, rowNumber))},"rowNumber":${number(rowNumber)}` +
        `,"grade":${letter(rows.grade[row])},"source":${text(GRADE_SOURCES[rows.source[row] ?? 0] ?? 'model')}` +
        `,"modelGrade":${letter(rows.modelGrade[row])},"probabilities":${probabilities(rows.probabilities, row)}` +
        `${same}${official(rows, row)}${warnings(rows.warnings[row] ?? 0)}}}}`;
    }
    return Buffer.from(`${body}]}}`);
  };
}

const text = (value: string): string => `{"S":${JSON.stringify(value)}}`;
const number = (value: number): string => `{"N":"${value}"}`;

const LETTERS = GRADES.map(text);

function letter(grade: number | undefined): string {
  return LETTERS[grade ?? 0] ?? text('e');
}

function probabilities(table: Float32Array, row: number): string {
  let list = '';
  for (let index = 0; index < GRADES.length; index += 1) {
    list += `${index === 0 ? '' : ','}{"N":"${(table[row * GRADES.length + index] ?? 0).toFixed(4)}"}`;
  }
  return `{"L":[${list}]}`;
}

function official(rows: GradedColumns, row: number): string {
  const status = OFFICIAL_STATUSES[rows.officialStatus[row] ?? 0];
  if (status === null || status === undefined || rows.officialGrade[row] === NO_GRADE) return '';
  return (
    `,"officialGrade":${letter(rows.officialGrade[row])},"officialScore":${number(rows.officialScore[row] ?? 0)}` +
    `,"officialStatus":${text(status)}`
  );
}

function warnings(bits: number): string {
  if (bits === 0) return '';
  const codes = WARNING_CODES.filter((_, bit) => (bits & (1 << bit)) !== 0);
  return `,"warnings":{"L":[${codes.map(text).join(',')}]}`;
}
