/** The dead-letter queue as text. */

import { fileName } from '../../core/jobs/job-files.ts';
import { formatTime } from '../../core/report/format-times.ts';
import type { DeadLetter } from '../commands/dead-letters.ts';
import { formatCount, formatQuantity, renderTable } from './render-format.ts';

/** More files of one submission than this are counted, not listed. */
const FILES_MAX = 3;

/** @param others messages that a filter left out */
export function renderDeadLetters(letters: readonly DeadLetter[], others = 0): string {
  const isEmpty = letters.length === 0 && others === 0;
  if (isEmpty) return 'The dead-letter queue is empty: nothing was given up.';
  const besides = others === 0 ? '' : ` (${formatQuantity(others, 'other')} left out)`;
  return [
    ...letters.map(letterText),
    '',
    `${formatQuantity(letters.length, 'message')}${besides}. When the cause is mended: nutrisage dlq redrive <job>, or --all.`,
  ].join('\n');
}

export interface ShownLetter {
  readonly letter: DeadLetter;
  /** The ledger's, of its shard or job. */
  readonly record: object | undefined;
}

/** Letters with their messages as they are, and what the ledger has of them. */
export function renderDeadLettersWhole(shown: readonly ShownLetter[]): string {
  if (shown.length === 0) return 'The dead-letter queue holds nothing of that.';
  return shown
    .map(({ letter, record }) => [letterText(letter), ...detailLines(letter, record)].join('\n'))
    .join('\n\n');
}

function detailLines({ copies }: DeadLetter, record: object | undefined): string[] {
  return [
    ...copies.map(({ id, body }) => `  message ${id}: ${printable(body)}`),
    record === undefined ? '  The ledger has no record of it.' : `  ledger: ${JSON.stringify(record)}`,
  ];
}

/** A body that is none of ours may hold anything: nothing of it may move a terminal's cursor. */
function printable(body: string): string {
  return body.replace(/\p{Cc}/gu, ' ');
}

export function renderDiscard(letters: readonly DeadLetter[], left: number, isDone: boolean): string {
  if (letters.length === 0)
    return `Nothing to discard. ${formatQuantity(left, 'message')} in the dead-letter queue.`;
  const said = isDone
    ? `${formatQuantity(letters.length, 'message')} discarded, ${formatCount(left)} left.`
    : `${formatQuantity(letters.length, 'message')} would be discarded for good. Say --yes to do it.`;
  return [...letters.map(letterText), '', said].join('\n');
}

function letterText(letter: DeadLetter): string {
  const { failure, buriedAt, redrive, copies } = letter;
  const notes = [
    ...(buriedAt === undefined ? [] : [`given up ${formatTime(buriedAt)}`]),
    ...(redrive === 0 ? [] : [`redriven ${formatQuantity(redrive, 'time')} before`]),
    ...(copies.length === 1 ? [] : [`${copies.length} copies`]),
  ];
  const reason =
    failure === undefined
      ? ["  No reason was recorded: the worker that had it died. Look at the workers' logs of that time."]
      : [`  ${failure.message} [${failure.code}]`, ...(failure.remedy === '' ? [] : [`  ${failure.remedy}`])];
  return [`${placeOf(letter)}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`, ...reason].join('\n');
}

function placeOf({ kind, job, shard, files, rows }: DeadLetter): string {
  const names = filesText(files);
  switch (kind) {
    case 'shard':
      return `job ${job}, shard ${shard} of ${names}, ${formatQuantity(rows ?? 0, 'row')}`;
    case 'submission':
      return `job ${job}, not planned: ${names}`;
    case 'inbox event':
      return `inbox event of ${names}`;
    case 'unknown':
      return 'a message that is none of ours';
    default:
      return kind satisfies never;
  }
}

function filesText(files: readonly string[]): string {
  const listed = files.slice(0, FILES_MAX).map(fileName).join(', ');
  return files.length <= FILES_MAX ? listed : `${listed} and ${formatCount(files.length - FILES_MAX)} more`;
}

export function renderRedrive(sent: readonly DeadLetter[], left: number): string {
  const rest = left === 0 ? '' : ` ${formatQuantity(left, 'message')} stay in the dead-letter queue.`;
  if (sent.length === 0) return `Nothing to send back.${rest}`;
  const rows = sent.map(({ job, shard, kind, files }) => [
    job ?? '',
    shard === undefined ? kind : String(shard),
    filesText(files),
  ]);
  const jobs = [...new Set(sent.flatMap(({ job }) => job ?? []))];
  return [
    renderTable([{ title: 'job' }, { title: 'shard' }, { title: 'file' }], rows),
    '',
    `${formatQuantity(sent.length, 'message')} sent back to the jobs queue.${rest}`,
    ...jobs.slice(0, FILES_MAX).map((job) => `Follow it: nutrisage status ${job} --wait`),
  ].join('\n');
}
