/** A job's progress as one line of text. */

import { formatDuration } from '../../core/report/format-times.ts';
import { isLongUntaken, type JobProgress } from '../job-progress.ts';
import { renderBar } from './render-bar-chart.ts';
import { formatCount, formatShare, pad } from './render-format.ts';

const BAR_COLUMNS = 24;

/** One line, such as `450,000 of 1,000,000 rows (45.0 %), 81,000 rows/s, 7 s left, 1,204 rejected`. */
export function renderProgressLine(progress: JobProgress): string {
  return beforeRunning(progress) ?? figures(progress).join(', ');
}

/** The same line after a bar, for a terminal that redraws it. */
export function renderProgressBar(progress: JobProgress): string {
  const before = beforeRunning(progress);
  if (before !== undefined) return before;
  const { rows, rowsFinished } = progress;
  const bar = renderBar(share(rowsFinished, rows), BAR_COLUMNS);
  return `${pad(bar, BAR_COLUMNS, 'left')}▏${figures(progress).join(', ')}`;
}

function beforeRunning(progress: JobProgress): string | undefined {
  const { state, waitedSeconds } = progress;
  const waited = formatDuration(waitedSeconds);
  if (state === 'planning') return `being planned (${waited})`;
  if (state !== 'queued') return undefined;
  if (!isLongUntaken(progress)) return `waiting for a worker (${waited})`;
  return `no worker has taken it for ${waited}: is one running? \`nutrisage dlq list\` shows what could not be planned; still waiting`;
}

function figures(progress: JobProgress): readonly string[] {
  const { rows, rowsFinished, rowsRejected, rowsPerSecond, secondsLeft } = progress;
  const total = rows === undefined ? '' : ` of ${formatCount(rows)}`;
  const percent = rows === undefined ? '' : ` (${formatShare(share(rowsFinished, rows))})`;
  const rate = rowsPerSecond === undefined ? [] : [`${formatCount(rowsPerSecond)} rows/s`];
  const left = secondsLeft === undefined || secondsLeft === 0 ? [] : [`${formatDuration(secondsLeft)} left`];
  return [
    `${formatCount(rowsFinished)}${total} rows${percent}`,
    ...rate,
    ...left,
    `${formatCount(rowsRejected)} rejected`,
  ];
}

function share(rowsFinished: number, rows: number | undefined): number {
  if (rows === undefined || rows === 0) return 0;
  return Math.min(1, rowsFinished / rows);
}
