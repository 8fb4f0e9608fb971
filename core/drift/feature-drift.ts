/** The drift of one feature, and of the model's grades. */
import type {
  DriftBaseline,
  DriftVerdict,
  FeatureDrift,
  GradeDrift,
  Movement,
} from '../../schemas/drift-report.ts';
import type { ColumnCounts } from '../../schemas/histograms.ts';
import { ROWS_MIN } from '../statistics/enough-rows.ts';
import {
  allRows,
  givenRows,
  meanOf,
  measureBins,
  measureMean,
  measureShare,
  movementsOf,
} from './column-measures.ts';
import type { DriftColumn } from './drift-columns.ts';
import { featureSentence, gradeSentence } from './drift-sentences.ts';
import { KEPT_BELOW_NOISE, KEPT_BELOW_NOISE_OF_MEANS } from './thresholds.ts';

/** @param against what is compared with, in words, such as `training`. */
export function featureDrift(
  column: DriftColumn,
  reference: DriftBaseline,
  current: ColumnCounts,
  against: string,
): FeatureDrift {
  const [rowsBefore, rowsNow] = [allRows(reference), allRows(current)];
  const share = (name: 'missing' | 'impossible', before: number) =>
    [
      { count: before, rows: rowsBefore },
      { count: current[name], rows: rowsNow },
    ] as const;
  const missing = share('missing', reference.missing);
  const outOfRange = [
    { count: reference.below + reference.above, rows: rowsBefore },
    { count: current.below + current.above, rows: rowsNow },
  ] as const;
  const impossible =
    column.nutrient === undefined || reference.impossible === null
      ? undefined
      : share('impossible', reference.impossible);

  const bins = measureBins(reference.counts, current.counts);
  const mean = column.hasMean
    ? measureMean(
        reference,
        current,
        column.nutrient === undefined ? KEPT_BELOW_NOISE : KEPT_BELOW_NOISE_OF_MEANS,
      )
    : undefined;
  const movements = movementsOf([
    bins?.index,
    mean,
    column.gap === undefined ? undefined : measureShare('missingShare', ...missing),
    measureShare('outOfRangeShare', ...outOfRange),
    impossible === undefined ? undefined : measureShare('impossibleShare', ...impossible),
  ]);
  const drift: Omit<FeatureDrift, 'sentence'> = {
    feature: column.feature,
    label: column.label,
    unit: column.unit,
    verdict: verdictOf(movements, Math.min(rowsBefore, rowsNow)),
    movements,
    populationStabilityIndex: bins?.index.change ?? null,
    jensenShannonDistance: bins?.distance ?? null,
    meanShift: mean?.change ?? null,
    mean: column.hasMean
      ? { reference: reference.mean, current: meanOf(current) }
      : { reference: null, current: null },
    missingShare: sharesOf(missing),
    outOfRangeShare: sharesOf(outOfRange),
    impossibleShare: impossible === undefined ? null : sharesOf(impossible),
    reference,
    current,
  };
  return { ...drift, sentence: featureSentence(drift, column.gap ?? column.label, against) };
}

/** Of the model's grades, a to e. */
export function gradeDrift(
  reference: readonly number[],
  current: readonly number[],
  against: string,
): GradeDrift {
  const bins = measureBins(reference, current);
  const movements = movementsOf([bins?.index]);
  const rows = Math.min(givenRows({ counts: reference }), givenRows({ counts: current }));
  const drift: Omit<GradeDrift, 'sentence'> = {
    verdict: verdictOf(movements, rows),
    movements,
    populationStabilityIndex: bins?.index.change ?? null,
    jensenShannonDistance: bins?.distance ?? null,
    reference: [...reference],
    current: [...current],
  };
  return { ...drift, sentence: gradeSentence(drift, against) };
}

function verdictOf(movements: readonly Movement[], rows: number): DriftVerdict {
  if (rows < ROWS_MIN) return 'too little data';
  return movements[0]?.verdict ?? 'stable';
}

function sharesOf([before, now]: readonly [
  { readonly count: number; readonly rows: number },
  { readonly count: number; readonly rows: number },
]) {
  const share = ({ count, rows }: { readonly count: number; readonly rows: number }): number =>
    rows === 0 ? 0 : count / rows;
  return { reference: share(before), current: share(now) };
}
