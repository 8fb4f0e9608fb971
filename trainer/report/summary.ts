/** What the report says in plain words, for who reads no further. */

import { count, decimal, percent, words } from '../../core/report/format-figures.ts';
import type { ReportData, ReportSlice } from '../../schemas/report-data.ts';
import { featureLabel, rankFeatures } from './importance-order.ts';
import { mainSlice } from './report-figures.ts';

export interface Tile {
  readonly label: string;
  readonly value: string;
}

export function summaryTiles(data: ReportData): Tile[] {
  const main = mainSlice(data);
  return [
    { label: 'right', value: percent(main.accuracy) },
    { label: 'at most one grade off', value: percent(main.withinOne) },
    { label: 'calibration error', value: percent(main.ece, 2) },
    { label: 'log loss', value: decimal(main.logLoss) },
    { label: 'rows trained on', value: count(data.rows.training) },
  ];
}

/** Sentences; one that has no figure to stand on is left out. */
export function summarySentences(data: ReportData): string[] {
  const main = mainSlice(data);
  return [
    mainSentence(main),
    againstSentence(data),
    rangeSentence(data.slices),
    featureSentence(data),
  ].filter((sentence) => sentence !== undefined);
}

function mainSentence({ name, rows, accuracy, withinOne, ece }: ReportSlice): string | undefined {
  if (accuracy === null) return undefined;
  const calibration =
    ece === null
      ? ''
      : ` The probability it states differs by ${points(ece)} on average from how often it is right.`;
  return (
    `On ${count(rows)} rows that it was not trained on (slice “${words(name)}”), the model gives the true grade on ` +
    `${percent(accuracy)} and is at most one grade off on ${percent(withinOne)}.${calibration}`
  );
}

interface Comparison {
  readonly slice: string;
  readonly own: number;
  readonly other: number;
  readonly name: string;
}

/** The model against the best of its baselines, on each slice. */
function comparisons(slices: readonly ReportSlice[]): Comparison[] {
  return slices.flatMap(({ name: slice, accuracy: own, baselines }) => {
    const [best] = baselines
      .flatMap(({ name, accuracy: other }) => (other === null ? [] : [{ name, other }]))
      .sort((left, right) => right.other - left.other);
    return best === undefined || own === null ? [] : [{ slice: words(slice), own, ...best }];
  });
}

function againstSentence({ slices }: ReportData): string | undefined {
  const ranked = comparisons(slices).sort((left, right) => right.own - right.other - (left.own - left.other));
  const [first] = ranked;
  const last = ranked.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const ahead = ranked.filter(({ own, other }) => own > other).length;
  const behind = ranked.filter(({ own, other }) => own < other).length;
  const clearest = ahead === 0 ? '' : `, most clearly on ${compared(first)}`;
  const rest = behind === 0 ? '' : ` It is behind on ${behind}, most on ${compared(last)}.`;
  return `It is ahead of everything it is compared with on ${ahead} of ${ranked.length} slices${clearest}.${rest}`;
}

function compared({ slice, own, other, name }: Comparison): string {
  return `“${slice}” (${percent(own)} against ${percent(other)} of ${name})`;
}

function rangeSentence(slices: readonly ReportSlice[]): string | undefined {
  const ranked = slices
    .flatMap(({ name, accuracy }) => (accuracy === null ? [] : [{ name: words(name), accuracy }]))
    .sort((left, right) => right.accuracy - left.accuracy);
  const [best] = ranked;
  const worst = ranked.at(-1);
  if (best === undefined || worst === undefined || ranked.length < 2) return undefined;
  return `It does best on “${best.name}” (${percent(best.accuracy)}) and worst on “${worst.name}” (${percent(worst.accuracy)}).`;
}

function featureSentence({ importance }: ReportData): string {
  const names = rankFeatures(importance)
    .slice(0, 3)
    .map(({ name }) => featureLabel(name));
  const last = names.pop() ?? '';
  return `What it looks at most: ${names.length === 0 ? last : `${names.join(', ')} and ${last}`}.`;
}

/** A difference of two shares in percentage points, without its sign. */
function points(difference: number): string {
  return `${(Math.abs(difference) * 100).toFixed(1)} points`;
}
