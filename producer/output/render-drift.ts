/** Drift as text: what has moved, each with training and job side by side. */
import { allRows } from '../../core/drift/column-measures.ts';
import { binName } from '../../core/drift/drift-sentences.ts';
import { driftHeadline, movedFeatures } from '../../core/drift/moved-features.ts';
import { agreementSentence } from '../../core/report/job-sections.ts';
import type { DriftReport, FeatureDrift, GradeDrift } from '../../schemas/drift-report.ts';
import { GRADES } from '../../schemas/grade.ts';
import type { JobSummary } from '../../schemas/job-summary.ts';
import { renderBar } from './render-bar-chart.ts';
import { formatCount, formatShare, indent, pad } from './render-format.ts';

/** Two bars, two shares and a name stay under 80 columns. */
const BAR_COLUMNS = 18;
const SHARE_COLUMNS = 8;

/** A row of two bars: a name, and a share of the rows before and now. */
interface Pair {
  readonly name: string;
  readonly reference: number;
  readonly current: number;
}

export function renderDrift(summary: JobSummary, drift: DriftReport, isAll: boolean): string {
  const moved = movedFeatures(drift);
  const rest = drift.features.filter((feature) => !moved.includes(feature));
  const titles = [drift.against === 'training' ? 'training' : drift.against, 'this job'] as const;
  const blocks = [
    ...(isAll || drift.grades.movements.length > 0 ? [gradeBlock(drift.grades, titles)] : []),
    ...moved.map((feature) => featureBlock(feature, titles)),
    ...(isAll ? rest.map((feature) => featureBlock(feature, titles)) : []),
  ];
  return [
    `Job ${summary.job}, ${formatCount(drift.rows)} rows, model ${drift.modelVersion}`,
    driftHeadline(drift),
    agreementSentence(summary).replaceAll('\u00a0', ' '),
    ...blocks.map((block) => `\n${block}`),
    ...(isAll || rest.length === 0 ? [] : [`\n${restLine(rest)}`]),
  ].join('\n');
}

function restLine(rest: readonly FeatureDrift[]): string {
  const names = rest.map(({ label }) => label).join(', ');
  return `Not moved: ${names} (see them with --all).`;
}

function featureBlock(feature: FeatureDrift, titles: readonly [string, string]): string {
  const { label, unit, verdict, sentence, reference, current } = feature;
  const before = allRows(reference);
  const now = allRows(current);
  const share = (count: number, rows: number): number => (rows === 0 ? 0 : count / rows);
  const pairs: Pair[] = reference.counts.map((count, bin) => ({
    name: binName(feature, bin),
    reference: share(count, before),
    current: share(current.counts[bin] ?? 0, now),
  }));
  pairs.push({
    name: unit === 'flag' || unit === 'index' ? 'unknown' : 'missing',
    reference: share(reference.missing, before),
    current: share(current.missing, now),
  });
  return block(`${label}: ${verdict}`, sentence, pairs, titles);
}

function gradeBlock(
  { verdict, sentence, reference, current }: GradeDrift,
  titles: readonly [string, string],
): string {
  const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);
  const share = (counts: readonly number[], grade: number): number =>
    sum(counts) === 0 ? 0 : (counts[grade] ?? 0) / sum(counts);
  const pairs = GRADES.map((grade, index) => ({
    name: grade.toUpperCase(),
    reference: share(reference, index),
    current: share(current, index),
  }));
  return block(`the model’s grades: ${verdict}`, sentence, pairs, titles);
}

function block(
  title: string,
  sentence: string,
  pairs: readonly Pair[],
  titles: readonly [string, string],
): string {
  const names = Math.max(...pairs.map(({ name }) => [...name].length));
  const most = Math.max(...pairs.flatMap(({ reference, current }) => [reference, current]));
  const cell = (share: number): string => {
    const bar = renderBar(most === 0 ? 0 : share / most, BAR_COLUMNS);
    return `${pad(bar, BAR_COLUMNS, 'left')} ${pad(formatShare(share), SHARE_COLUMNS, 'right')}`;
  };
  const cellColumns = BAR_COLUMNS + 1 + SHARE_COLUMNS;
  const head = `${pad('', names, 'left')}  ${pad(titles[0], cellColumns, 'left')}   ${titles[1]}`;
  const rows = pairs.map(
    ({ name, reference, current }) => `${pad(name, names, 'left')}  ${cell(reference)}   ${cell(current)}`,
  );
  return `${title}\n${indent([sentence, head, ...rows].join('\n'))}`;
}
