/** The demo's last page. */

import { formatDuration } from '../../core/report/format-times.ts';
import type { Paint } from '../../producer/output/paint.ts';
import {
  type Column,
  formatCount,
  formatShare,
  indent,
  renderTable,
} from '../../producer/output/render-format.ts';
import { gradeChart } from '../../producer/output/render-summary.ts';
import { countsOf, type DemoJob, type DemoResult } from './demo-result.ts';
import { datasetFiles } from './written-rows.ts';

export interface DemoPage {
  readonly jobs: readonly DemoJob[];
  readonly result: DemoResult;
  /** Folder of the data bucket on disk. */
  readonly bucketFolder: string;
  /** Of the stack, as a command would be given it. */
  readonly directory: string;
  readonly paint: Paint;
}

export function renderDemo(page: DemoPage): string {
  const { jobs, result, paint } = page;
  return [
    `${formatCount(result.rows)} rows in ${formatDuration(result.seconds)}, ${formatCount(result.rowsPerSecond)} rows/s from the drop to the last closed job`,
    jobsTable(jobs, result),
    `Grades\n${indent(gradeChart(countsOf(jobs), paint))}`,
    `On disk\n${indent(places(page))}`,
    `Ask them with DuckDB\n${indent(query(page.bucketFolder))}`,
    `Look further, while the stack runs in another terminal: npm run local -- --dir ${page.directory}\n${indent(furtherCommands(page))}`,
  ].join('\n\n');
}

const COLUMNS: readonly Column[] = [
  { title: 'file' },
  { title: 'rows', align: 'right' },
  { title: 'graded', align: 'right' },
  { title: 'rejected', align: 'right' },
  { title: 'official', align: 'right' },
  { title: 'model', align: 'right' },
  { title: 'agreement', align: 'right' },
  { title: 'job' },
];

function jobsTable(jobs: readonly DemoJob[], result: DemoResult): string {
  const rows = jobs.map(({ name, record, summary }) => {
    if (summary === undefined) return [name, '', '', '', '', '', '', `${record.job} ${record.state}`];
    const { counts, agreement } = summary;
    return [name, ...figures({ ...counts, agreement }), `${record.job} ${record.state}`];
  });
  return renderTable(COLUMNS, [...rows, ['together', ...figures(result)]]);
}

type Figures = Pick<DemoResult, 'rows' | 'graded' | 'rejected' | 'official' | 'model' | 'agreement'>;

function figures({ rows, graded, rejected, official, model, agreement }: Figures): readonly string[] {
  const counts = [rows, graded, rejected, official, model].map(formatCount);
  return [...counts, agreement === null ? '-' : formatShare(agreement)];
}

function places({ jobs, bucketFolder }: DemoPage): string {
  const summaries = jobs.map(({ record }) => [
    'summary',
    `${bucketFolder}/jobs/${record.job}/summary.json.data`,
  ]);
  return renderTable(
    [{ title: 'what' }, { title: 'where' }],
    [['grades', `${bucketFolder}/grades/`], ['rejects', `${bucketFolder}/rejects/`], ...summaries],
  );
}

/** Ready to paste: what each grade rests on, over all jobs of the stack. */
export function query(bucketFolder: string): string {
  return `SELECT grade, grade_source, count(*) AS products
FROM read_parquet('${datasetFiles(bucketFolder, 'grades').replaceAll("'", "''")}', hive_partitioning = true)
GROUP BY ALL ORDER BY ALL;`;
}

function furtherCommands({ jobs, directory }: DemoPage): string {
  const job = jobs.at(-1)?.record.job ?? '';
  return [
    `NUTRISAGE_LOCAL_DIR=${directory} npx nutrisage show A015`,
    `NUTRISAGE_LOCAL_DIR=${directory} npx nutrisage status ${job}`,
  ].join('\n');
}
