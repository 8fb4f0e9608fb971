/**
 * Counts rows into the bins of a model's training histograms, batch by batch. The worker and the trainer count by
 * this one: what they count of the same rows is the same.
 */
import { GRADES } from '../../schemas/grade.ts';
import type { ColumnCounts, RowHistograms } from '../../schemas/histograms.ts';
import { type BinGrid, createBinGrid, gridBinOf } from '../features/bin-grid.ts';
import type { FeatureMatrix } from '../features/encode-features.ts';
import type { ValidatedItems } from '../validation/validate.ts';
import { DRIFT_COLUMNS } from './drift-columns.ts';
import { countImpossible } from './impossible-values.ts';

/** Where the bins of a feature end, and the range of its training values; infinite where there were none. */
export interface ColumnBins {
  readonly edges: readonly number[];
  readonly min: number;
  readonly max: number;
}

export interface HistogramCounter {
  /** @param features of the accepted rows, in their order. */
  add(items: ValidatedItems, features: FeatureMatrix): void;
  /** @param modelGrades of the accepted rows of all batches, as indices into `GRADES`. */
  finish(modelGrades: Uint8Array): RowHistograms;
}

/**
 * Sums are of integers, exact whatever is added to what: values are rounded to millionths, one by one. So many of
 * them, none beyond a million, stay below 2^53 in a double; then they go to a sum that has no end.
 */
const MILLIONTHS = 1e6;
const SUMMED_MAX = 1e6;
const SUMMED_ROWS = 8192;
/** Rows of the matrix that are counted feature by feature: so many lie in the processor's nearer cache. */
const MATRIX_ROWS = 1024;

interface Tally {
  readonly grid: BinGrid;
  readonly min: number;
  readonly max: number;
  readonly counts: Float64Array;
  missing: number;
  below: number;
  above: number;
  impossible: number;
  sum: bigint;
}

/** @param bins of every feature, in the order of the features. */
export function createHistogramCounter(bins: readonly ColumnBins[]): HistogramCounter {
  if (bins.length !== DRIFT_COLUMNS.length)
    throw new RangeError(`bins of ${bins.length} features can not count ${DRIFT_COLUMNS.length}`);
  const tallies = bins.map(newTally);
  const declared = DRIFT_COLUMNS.flatMap(({ nutrient }, column) =>
    nutrient === undefined ? [] : [[column, nutrient] as const],
  );
  const derived = DRIFT_COLUMNS.flatMap(({ nutrient }, column) => (nutrient === undefined ? [column] : []));
  let rows = 0;
  let accepted = 0;

  return {
    add(items, features) {
      rows += items.columns.rowCount;
      accepted += features.rowCount;
      for (const [column, nutrient] of declared) {
        countValues(tallies[column] as Tally, items.columns.nutrients[nutrient]);
      }
      countDerived(tallies, derived, features);
      countImpossible(items).forEach((count, place) => {
        const [column = 0] = declared[place] ?? [];
        (tallies[column] as Tally).impossible += count;
      });
    },
    finish(modelGrades) {
      const grades = new Array<number>(GRADES.length).fill(0);
      for (const grade of modelGrades) grades[grade] = (grades[grade] ?? 0) + 1;
      const columns = DRIFT_COLUMNS.map(
        ({ feature }, column) => [feature, countsOf(tallies[column] as Tally)] as const,
      );
      return { rows, accepted, columns: Object.fromEntries(columns), grades };
    },
  };
}

function newTally({ edges, min, max }: ColumnBins): Tally {
  return {
    grid: createBinGrid(edges),
    min: Math.max(min, -SUMMED_MAX),
    max: Math.min(max, SUMMED_MAX),
    counts: new Float64Array(edges.length + 1),
    missing: 0,
    below: 0,
    above: 0,
    impossible: 0,
    sum: 0n,
  };
}

function countValues(tally: Tally, values: Float64Array): void {
  for (let from = 0; from < values.length; from += SUMMED_ROWS) {
    tally.sum += BigInt(countSpan(tally, values, from, 1, Math.min(values.length, from + SUMMED_ROWS)));
  }
}

function countDerived(tallies: readonly Tally[], columns: readonly number[], features: FeatureMatrix): void {
  const { values, featureCount } = features;
  const span = MATRIX_ROWS * featureCount;
  for (let from = 0; from < values.length; from += span) {
    const end = Math.min(values.length, from + span);
    for (const column of columns) {
      const tally = tallies[column] as Tally;
      tally.sum += BigInt(countSpan(tally, values, from + column, featureCount, end));
    }
  }
}

/** A plain loop: this runs once a value. @returns the sum of the values within the range, in millionths. */
function countSpan(
  tally: Tally,
  values: Float64Array | Float32Array,
  from: number,
  step: number,
  end: number,
): number {
  const { grid, counts, min, max } = tally;
  let missing = 0;
  let below = 0;
  let above = 0;
  let sum = 0;
  for (let at = from; at < end; at += step) {
    const value = values[at] as number;
    if (Number.isNaN(value)) {
      missing += 1;
      continue;
    }
    const bin = gridBinOf(grid, value);
    counts[bin] = (counts[bin] as number) + 1;
    if (value < min) below += 1;
    else if (value > max) above += 1;
    else sum += Math.round(value * MILLIONTHS);
  }
  tally.missing += missing;
  tally.below += below;
  tally.above += above;
  return sum;
}

function countsOf({ counts, missing, below, above, impossible, sum }: Tally): ColumnCounts {
  return { counts: Array.from(counts), missing, below, above, impossible, sum: String(sum) };
}
