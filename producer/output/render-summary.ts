/** What a closed job did, as a page of text. */

import { driftHeadline, movedFeatures } from '../../core/drift/moved-features.ts';
import { fileName } from '../../core/jobs/job-files.ts';
import { summaryKey } from '../../core/jobs/keys.ts';
import { formatDuration } from '../../core/report/format-times.ts';
import type { RowCounts } from '../../schemas/counts.ts';
import type { Failure } from '../../schemas/file-reference.ts';
import { GRADES } from '../../schemas/grade.ts';
import type { JobSummary, SummaryFile } from '../../schemas/job-summary.ts';
import { type Paint, plainPaint } from './paint.ts';
import { renderBarChart } from './render-bar-chart.ts';
import { formatCount, formatQuantity, formatShare, indent, pad, renderTable } from './render-format.ts';

/** More lines of a kind than this are counted, not listed. */
const LINES_MAX = 12;
/** Features that have moved farthest; the rest is told by a command of its own. */
const DRIFT_LINES_MAX = 3;

export interface SummaryPage {
  /** Bucket of the outputs, for their addresses. */
  readonly dataBucket: string;
  /** @default no colours */
  readonly paint?: Paint;
}

export function renderSummary(summary: JobSummary, page: SummaryPage): string {
  const { counts } = summary;
  const sections = [
    headline(summary),
    section('Grades', gradeChart(counts, page.paint ?? plainPaint)),
    section('Where they come from', sourceLines(summary)),
    section('Drift', driftLines(summary)),
    section(`Rejected: ${ofRows(counts.rejected, counts.rows)}`, reasonTable(counts.rejectReasons)),
    section('Warnings (graded and flagged)', reasonTable(counts.warnings)),
    section('Files', fileTable(summary.files)),
    section('Failures', failureLines(summary)),
    section('Outputs', outputLines(summary, page.dataBucket)),
  ];
  return sections.filter((text) => text !== '').join('\n\n');
}

function headline({
  job,
  state,
  seconds,
  rowsPerSecond,
  counts,
  shards,
  modelVersion,
  rules,
}: JobSummary): string {
  const pace = counts.rows === 0 ? '' : `, ${formatCount(rowsPerSecond)} rows/s`;
  const done = `${formatQuantity(counts.rows, 'row')} in ${formatDuration(seconds)}${pace}`;
  const failed =
    shards.failed === 0
      ? ''
      : `, ${formatCount(shards.failed)} of ${formatQuantity(shards.planned, 'shard')} failed`;
  return `Job ${job} ${state}: ${done}${failed}\nModel ${modelVersion}, Nutri-Score rules of ${rules}`;
}

function section(title: string, body: string): string {
  if (body === '') return '';
  return `${title}\n${indent(body)}`;
}

/** The bars of the five grades, A to E. */
export function gradeChart(counts: RowCounts, paint: Paint): string {
  if (counts.graded === 0) return '';
  const bars = GRADES.map((grade) => ({ label: grade.toUpperCase(), value: counts.grades[grade] }));
  return renderBarChart(bars, counts.graded, paint);
}

function sourceLines({ counts, agreement }: JobSummary): string {
  if (counts.graded === 0) return '';
  const provisional = counts.provisional === 0 ? '' : ` (${formatCount(counts.provisional)} provisional)`;
  const agreed =
    agreement === null
      ? 'not measured: no row has both a final official grade and a model grade'
      : `${formatShare(agreement)} of the ${formatQuantity(counts.compared, 'row')} that have both`;
  return [
    `official   ${ofRows(counts.official, counts.graded)}${provisional}`,
    `model      ${ofRows(counts.model, counts.graded)}`,
    `agreement  ${agreed}`,
  ].join('\n');
}

function driftLines({ job, drift }: JobSummary): string {
  if (drift === undefined) return '';
  const worst = movedFeatures(drift).slice(0, DRIFT_LINES_MAX);
  return [
    driftHeadline(drift),
    ...worst.map(({ verdict, sentence }) => `${pad(verdict, 'moderate'.length, 'left')}  ${sentence}`),
    ...(drift.verdict === 'too little data' ? [] : [`All of it: nutrisage drift ${job}`]),
  ].join('\n');
}

function ofRows(count: number, rows: number): string {
  return rows === 0 ? formatCount(count) : `${formatCount(count)} (${formatShare(count / rows)})`;
}

/** Codes with their counts, most frequent first. */
function reasonTable(reasons: Readonly<Record<string, number>>): string {
  const entries = Object.entries(reasons).sort(
    ([leftCode, left], [rightCode, right]) => right - left || (leftCode < rightCode ? -1 : 1),
  );
  if (entries.length === 0) return '';
  const rows = entries.map(([code, count]) => [code, formatCount(count)]);
  return renderTable([{ title: 'reason' }, { title: 'rows', align: 'right' }], rows);
}

/** The job's files with what was planned of each. */
export function fileTable(files: readonly SummaryFile[]): string {
  const columns = [
    { title: 'file' },
    { title: 'rows', align: 'right' },
    { title: 'shards', align: 'right' },
  ] as const;
  const rows = files.slice(0, LINES_MAX).map(({ input, rows: count, shards, failure }) => {
    const name = failure === undefined ? fileName(input.key) : `${fileName(input.key)} (not planned)`;
    return [name, formatCount(count), formatCount(shards)];
  });
  return files.length === 0 ? '' : withRest(renderTable(columns, rows), files.length, 'file');
}

function failureLines({ job, failure, failures, files }: JobSummary): string {
  const ofJob = failure === undefined ? [] : [failureText('job', failure)];
  const ofFiles = files.flatMap((file) =>
    file.failure === undefined ? [] : [failureText(fileName(file.input.key), file.failure)],
  );
  const ofShards = failures.map(({ shard, failure: reason }) => failureText(placeOf(shard, files), reason));
  const all = [...ofJob, ...ofFiles, ...ofShards];
  if (all.length === 0) return '';
  const redrive = `When the cause is mended: nutrisage dlq redrive ${job}`;
  return `${withRest(all.slice(0, LINES_MAX).join('\n'), all.length, 'failure')}\n${redrive}`;
}

/** One failure: where, why and what to do, on two lines. */
export function failureText(place: string, { code, message, remedy }: Failure): string {
  return `${place}: ${message} [${code}]\n  ${remedy}`;
}

function placeOf(shard: number, files: readonly SummaryFile[]): string {
  const file = files.find(({ firstShard, shards }) => shard >= firstShard && shard < firstShard + shards);
  return file === undefined ? `shard ${shard}` : `shard ${shard} of ${fileName(file.input.key)}`;
}

function outputLines({ job, outputs }: JobSummary, dataBucket: string): string {
  const places = [...foldersOf(outputs.grades), ...foldersOf(outputs.rejects)].map(
    ({ folder, parts }) => `s3://${dataBucket}/${folder}  ${formatQuantity(parts, 'file')}`,
  );
  const fetch = places.length === 0 ? [] : [`Fetch them: nutrisage download ${job}`];
  const report = outputs.report === undefined ? [] : [`s3://${dataBucket}/${outputs.report}`];
  return [...places, `s3://${dataBucket}/${summaryKey(job)}`, ...report, ...fetch].join('\n');
}

function foldersOf(keys: readonly string[]): readonly { readonly folder: string; readonly parts: number }[] {
  const parts = new Map<string, number>();
  for (const key of keys) {
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    parts.set(folder, (parts.get(folder) ?? 0) + 1);
  }
  return [...parts].map(([folder, count]) => ({ folder, parts: count }));
}

function withRest(text: string, count: number, one: string): string {
  return count <= LINES_MAX ? text : `${text}\nand ${formatQuantity(count - LINES_MAX, `more ${one}`)}`;
}
