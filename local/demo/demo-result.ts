/** What the demo came to: sums over its jobs, and everything that is not as it must be. Pure. */
import { type GradeCounts, mergeRowCounts, type RowCounts } from '../../schemas/counts.ts';
import type { JobSummary } from '../../schemas/job-summary.ts';
import type { JobRecord } from '../../schemas/ledger.ts';

/** One dropped file and the job it became. */
export interface DemoJob {
  /** Name of the file. */
  readonly name: string;
  /** Rows that were written into it. */
  readonly rowsDropped: number;
  readonly record: JobRecord;
  /** Absent where closing wrote none: the job could not be planned. */
  readonly summary: JobSummary | undefined;
  /** Rows counted in the Parquet files that the job left on disk. */
  readonly written: { readonly grades: number; readonly rejects: number };
}

/** The one line of `--json`. */
export interface DemoResult {
  readonly rows: number;
  readonly graded: number;
  readonly rejected: number;
  /** Rows whose grade is the official one. */
  readonly official: number;
  /** Rows whose grade is the model's. */
  readonly model: number;
  /** Share of the rows with both on which both are the same; `null` without such rows. */
  readonly agreement: number | null;
  readonly grades: GradeCounts;
  /** From before the first byte was dropped until the last job was closed. */
  readonly seconds: number;
  readonly rowsPerSecond: number;
}

export function countsOf(jobs: readonly DemoJob[]): RowCounts {
  return mergeRowCounts(jobs.flatMap(({ summary }) => (summary === undefined ? [] : [summary.counts])));
}

/** @param droppedAt when the first file was dropped, in milliseconds since 1970. */
export function demoResult(jobs: readonly DemoJob[], droppedAt: number): DemoResult {
  const { rows, graded, rejected, official, model, compared, agreed, grades } = countsOf(jobs);
  const closedAt = jobs.map(({ record }) => Date.parse(record.closedAt ?? record.submittedAt));
  const seconds = Math.max(0.001, (Math.max(...closedAt) - droppedAt) / 1000);
  return {
    rows,
    graded,
    rejected,
    official,
    model,
    agreement: compared === 0 ? null : agreed / compared,
    grades,
    seconds,
    rowsPerSecond: Math.round(rows / seconds),
  };
}

/** One sentence a fault; none when every dropped row ended as exactly one of graded and rejected. */
export function demoFaults(jobs: readonly DemoJob[]): readonly string[] {
  return jobs.flatMap(({ name, rowsDropped, record, summary, written }) => {
    if (summary === undefined) {
      const { message = 'no reason was recorded', remedy = '' } = record.failure ?? {};
      return [`${name} was not graded: ${message} ${remedy}`.trim()];
    }
    const { rows, graded, rejected } = summary.counts;
    const checks: readonly (readonly [isSo: boolean, fault: string])[] = [
      [record.state === 'succeeded', `its job ${record.state}`],
      [rows === rowsDropped, `${rowsDropped} rows were dropped and ${rows} counted`],
      [graded + rejected === rows, `${graded} graded and ${rejected} rejected rows are not its ${rows}`],
      [
        written.grades === graded,
        `${graded} rows are counted as graded and ${written.grades} lie in its grades`,
      ],
      [
        written.rejects === rejected,
        `${rejected} rows are counted as rejected and ${written.rejects} lie in its rejects`,
      ],
    ];
    return checks.filter(([isSo]) => !isSo).map(([, fault]) => `${name}: ${fault}.`);
  });
}
