/** Drift as text: what has moved, each with training and job side by side. */
import { driftHeadline, movedFeatures } from '../../core/drift/moved-features.ts';
import { featurePairs, gradePairs, type SharePair } from '../../core/drift/share-pairs.ts';
import { agreementSentence } from '../../core/report/job-sections.ts';
import type { DriftReport, FeatureDrift, GradeDrift } from '../../schemas/drift-report.ts';
import type { JobSummary } from '../../schemas/job-summary.ts';
import { renderBar } from './render-bar-chart.ts';
import { formatCount, formatShare, indent, pad } from './render-format.ts';

/** Two bars, two shares and a name stay under 80 columns. */
const BAR_COLUMNS = 18;
const SHARE_COLUMNS = 8;

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
  const { label, verdict, sentence } = feature;
  return block(`${label}: ${verdict}`, sentence, featurePairs(feature), titles);
}

function gradeBlock(grades: GradeDrift, titles: readonly [string, string]): string {
  return block(`the model’s grades: ${grades.verdict}`, grades.sentence, gradePairs(grades), titles);
}

function block(
  title: string,
  sentence: string,
  pairs: readonly SharePair[],
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
