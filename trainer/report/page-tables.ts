/** The figures as tables: what a drawing rounds off, and what a screen reader reads. */

import { count, decimal, percent, words } from '../../core/report/format-figures.ts';
import { table } from '../../core/report/html-table.ts';
import { GRADE_LETTERS } from '../../core/report/palette.ts';
import type { FeatureImportance, ReportData, ReportFigures, ReportSlice } from '../../schemas/report-data.ts';
import { bestRound } from './figures/learning-curve-figure.ts';
import { baselineNames } from './figures/slices-figure.ts';
import { featureLabel, rankFeatures } from './importance-order.ts';

/** Rows of a table on the learning curve; hundreds of rounds are thinned to about so many. */
const CURVE_ROWS = 40;

export function slicesTable(slices: readonly ReportSlice[]): string {
  return table(
    'Figures by slice',
    ['slice', 'rows', 'right', 'macro-F1', 'within one grade', 'log loss', 'calibration error', 'what it is'],
    slices.map((slice) => [
      words(slice.name),
      count(slice.rows),
      ...figureCells(slice),
      slice.description.replaceAll('`', ''),
    ]),
  );
}

/** One table a figure, a column for each grader: the comparison is read across. */
export function baselinesTables(slices: readonly ReportSlice[]): string {
  const others = baselineNames(slices);
  if (others.length === 0) return '';
  return COMPARED.filter(({ key }) => hasFigure(slices, key))
    .map(({ key, caption, format }) =>
      table(
        caption,
        ['slice', 'this model', ...others],
        slices.map((slice) => [
          words(slice.name),
          format(slice[key]),
          ...others.map((other) => format(slice.baselines.find(({ name }) => name === other)?.[key])),
        ]),
      ),
    )
    .join('\n');
}

type FigureKey = keyof ReportFigures;

const COMPARED: readonly {
  readonly key: FigureKey;
  readonly caption: string;
  readonly format: (value: number | null | undefined) => string;
}[] = [
  { key: 'accuracy', caption: 'Right', format: (share) => percent(share) },
  { key: 'macroF1', caption: 'Macro-F1', format: (value) => decimal(value) },
  { key: 'withinOne', caption: 'Within one grade', format: (share) => percent(share) },
  { key: 'logLoss', caption: 'Log loss', format: (value) => decimal(value) },
  { key: 'ece', caption: 'Calibration error', format: (share) => percent(share, 2) },
];

/** Whether any baseline has it: what only gives grades has no log loss. */
function hasFigure(slices: readonly ReportSlice[], key: FigureKey): boolean {
  return slices.some(({ baselines }) => baselines.some((baseline) => baseline[key] !== null));
}

function figureCells({ accuracy, macroF1, withinOne, logLoss, ece }: ReportFigures) {
  return [percent(accuracy), decimal(macroF1), percent(withinOne), decimal(logLoss), percent(ece, 2)];
}

export function confusionTable({ name, rows, confusion }: ReportSlice): string {
  return table(
    `${words(name)}, ${count(rows)} rows`,
    ['true', ...GRADE_LETTERS.map((letter) => `given ${letter}`)],
    confusion.map((counts, truth) => {
      const total = counts.reduce((sum, one) => sum + one, 0);
      const cell = (one: number): string => (one === 0 ? '0' : `${count(one)} (${percent(one / total)})`);
      return [GRADE_LETTERS[truth] ?? '', ...counts.map(cell)];
    }),
  );
}

export function reliabilityTable({ name, ece, reliability }: ReportSlice): string {
  return table(
    `${words(name)}, calibration error ${percent(ece, 2)}`,
    ['how sure', 'how often right', 'rows'],
    reliability.map(({ confidence, accuracy, count: rows }) => [
      percent(confidence),
      percent(accuracy),
      count(rows),
    ]),
  );
}

export function importanceTable({ importance }: ReportData): string {
  const shapCells = ({ shap }: FeatureImportance): string[] => shap.map((value) => decimal(value));
  return table(
    'Every feature',
    ['feature', 'sum of mean |SHAP|', ...GRADE_LETTERS, 'share of gain', 'splits', 'meaning'],
    rankFeatures(importance).map((feature) => [
      featureLabel(feature.name),
      decimal(feature.shapSum),
      ...shapCells(feature),
      percent(feature.gain, 2),
      count(feature.splits),
      feature.meaning,
    ]),
  );
}

export function learningTable({ learningCurve }: ReportData): string {
  const step = Math.max(1, Math.ceil(learningCurve.length / CURVE_ROWS));
  const best = bestRound(learningCurve);
  const isShown = (index: number): boolean =>
    index % step === 0 || index === learningCurve.length - 1 || learningCurve[index] === best;
  return table(
    step === 1 ? 'Log loss by round' : `Log loss by round, every ${step} rounds and the best`,
    ['round', 'training', 'validation'],
    learningCurve
      .filter((_, index) => isShown(index))
      .map(({ round, train, validation }) => [String(round), decimal(train, 4), decimal(validation, 4)]),
  );
}

export function studyTables({ study }: ReportData): string {
  return (study?.courses ?? [])
    .map(({ sampler, trials }) =>
      table(
        sampler,
        ['trial', 'loss', 'best so far'],
        trials.map(({ trial, loss, best }) => [
          String(trial),
          loss === null ? 'given up' : decimal(loss, 4),
          decimal(best, 4),
        ]),
      ),
    )
    .join('\n');
}

export function parametersTable({ parameters }: ReportData): string {
  return table(
    'Parameters',
    ['name', 'value'],
    Object.entries(parameters)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, value]) => [name, String(value)]),
  );
}
