/** The measures of one column: what it was and what it is, and how far that is from chance. */
import type { DriftBaseline, DriftMeasure, Movement } from '../../schemas/drift-report.ts';
import type { ColumnCounts } from '../../schemas/histograms.ts';
import { ROWS_MIN } from '../statistics/enough-rows.ts';
import { jensenShannonDistance } from '../statistics/jensen-shannon-distance.ts';
import { meanShift, meanShiftNoise } from '../statistics/mean-shift.ts';
import { populationStabilityIndex, stabilityIndexNoise } from '../statistics/population-stability-index.ts';
import { type ShareOf, shareChange, shareChangeNoise } from '../statistics/share-change.ts';
import { DRIFT_THRESHOLDS, KEPT_BELOW_NOISE } from './thresholds.ts';

/** A measure with what chance gives. */
export interface Measured {
  readonly measure: DriftMeasure;
  readonly change: number;
  readonly noiseFloor: number;
}

/** Values that are there. */
export function givenRows({ counts }: { readonly counts: readonly number[] }): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

export function allRows(column: { readonly counts: readonly number[]; readonly missing: number }): number {
  return givenRows(column) + column.missing;
}

/** Values that a mean is of: those within the range of training. */
export function rowsInRange(
  column: { readonly counts: readonly number[] } & Pick<ColumnCounts, 'below' | 'above'>,
): number {
  return givenRows(column) - column.below - column.above;
}

const MILLIONTHS = 1e6;

/** Mean of the values within the range of training; null without any. */
export function meanOf(current: ColumnCounts): number | null {
  const rows = rowsInRange(current);
  return rows === 0 ? null : Number(current.sum) / rows / MILLIONTHS;
}

/** Index and distance of two histograms; undefined where there are too few rows, or nothing to be told apart. */
export function measureBins(reference: readonly number[], current: readonly number[]) {
  const before = givenRows({ counts: reference });
  const now = givenRows({ counts: current });
  if (before < ROWS_MIN || now < ROWS_MIN) return undefined;
  const bins = reference.filter((count, bin) => count > 0 || (current[bin] ?? 0) > 0).length;
  return {
    index: {
      measure: 'populationStabilityIndex',
      change: populationStabilityIndex(reference, current),
      noiseFloor: stabilityIndexNoise(bins, before, now, KEPT_BELOW_NOISE),
    } satisfies Measured,
    distance: jensenShannonDistance(reference, current),
  };
}

/** @param probability with which chance keeps below the floor. */
export function measureMean(
  reference: DriftBaseline,
  current: ColumnCounts,
  probability: number,
): Measured | undefined {
  const { mean, standardDeviation, skewness } = reference;
  const now = meanOf(current);
  const [before, after] = [rowsInRange(reference), rowsInRange(current)];
  const isMeasured = mean !== null && now !== null && before >= ROWS_MIN && after >= ROWS_MIN;
  if (!isMeasured || standardDeviation === null || standardDeviation === 0) return undefined;
  return {
    measure: 'meanShift',
    change: meanShift({ rows: before, mean }, { rows: after, mean: now }, standardDeviation),
    noiseFloor: meanShiftNoise(before, after, skewness, probability),
  };
}

/** Undefined where there are too few rows. */
export function measureShare(
  measure: DriftMeasure,
  reference: ShareOf,
  current: ShareOf,
): Measured | undefined {
  if (reference.rows < ROWS_MIN || current.rows < ROWS_MIN) return undefined;
  return {
    measure,
    change: shareChange(reference, current),
    noiseFloor: shareChangeNoise(reference, current, KEPT_BELOW_NOISE),
  };
}

/** What counts of the measures, the worst first. */
export function movementsOf(measures: readonly (Measured | undefined)[]): Movement[] {
  return measures
    .flatMap((measured) => (measured === undefined ? [] : (movementOf(measured) ?? [])))
    .sort((left, right) => severityOf(right) - severityOf(left));
}

function movementOf({ measure, change, noiseFloor }: Measured): Movement | undefined {
  const { moderate, major, isTwoSided } = DRIFT_THRESHOLDS[measure];
  const size = isTwoSided ? Math.abs(change) : change;
  const isBelow = size < moderate || size <= noiseFloor;
  if (isBelow) return undefined;
  // Fewer gaps than in training are news, and take nothing from the model.
  const isHarmless = measure === 'missingShare' && change < 0;
  return { measure, change, noiseFloor, verdict: size >= major && !isHarmless ? 'major' : 'moderate' };
}

/** Major before moderate, then how many times its threshold it is. */
export function severityOf({ measure, change, verdict }: Movement): number {
  const times = Math.abs(change) / DRIFT_THRESHOLDS[measure].moderate;
  return verdict === 'major' ? Number.MAX_SAFE_INTEGER / 2 + times : times;
}
