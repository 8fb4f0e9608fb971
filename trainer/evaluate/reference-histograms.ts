/**
 * The content of `reference.json`, against which drift is measured: the rows of the sources as they stand in their files,
 * rejected ones too, counted as a job's rows are. Not the training matrix: its made rows lack inputs as often as
 * training wants it, and no catalogue does (docs/adr/0011-drift.md).
 */
import { type ColumnBins, createHistogramCounter } from '../../core/drift/count-histograms.ts';
import { DRIFT_COLUMNS, type DriftColumn } from '../../core/drift/drift-columns.ts';
import { encodeFeatures, type FeatureMatrix } from '../../core/features/encode-features.ts';
import { type ValidatedItems, validate } from '../../core/validation/validate.ts';
import type { FeatureReference, ModelReference } from '../../schemas/model.ts';
import { type ItemPool, thinRows } from '../rows/item-pool.ts';

/** Ten bins of equal counts: the usual choice for the population stability index. */
const BINS = 10;
/** A feature with so few values gets one bin each: flags, and nothing else here. */
const DISTINCT_MAX = 8;
/** Of more rows so many are counted, spread over all: chance then gives an index of 0.0001. */
const ROWS_MAX = 200_000;
/** Digits of what is computed: the file stays small, and a bin's end is no more certain than that. */
const DIGITS = 6;
const SPREAD_MIN = 1e-9;

/** @param predict the model's grade of each row of a matrix, as an index into `GRADES`. */
export function referenceOf(
  pool: ItemPool,
  predict: (features: FeatureMatrix) => Uint8Array,
): ModelReference {
  const items = validate(thinRows(pool, ROWS_MAX).columns);
  const features = encodeFeatures(items, items.acceptedRows);
  const columns = DRIFT_COLUMNS.map((column, index) => {
    const accepted = acceptedValues(column, index, items, features);
    const all = column.nutrient === undefined ? accepted : items.columns.nutrients[column.nutrient];
    return { bins: binsOf(accepted), all };
  });
  const counter = createHistogramCounter(columns.map(({ bins }) => bins));
  counter.add(items, features);
  const counted = counter.finish(predict(features));
  return {
    rows: counted.rows,
    accepted: counted.accepted,
    features: columns.map(({ bins, all }, index): FeatureReference => {
      const name = DRIFT_COLUMNS[index]?.feature ?? '';
      const { counts = [], missing = 0, below = 0, above = 0, impossible = 0 } = counted.columns[name] ?? {};
      const range = {
        min: Number.isFinite(bins.min) ? bins.min : null,
        max: Number.isFinite(bins.max) ? bins.max : null,
      };
      const edges = [...bins.edges];
      return { name, edges, counts, missing, below, above, impossible, ...momentsOf(all, bins), ...range };
    }),
    grades: counted.grades,
  };
}

function acceptedValues(
  { nutrient }: DriftColumn,
  column: number,
  { columns, acceptedRows }: ValidatedItems,
  { values, rowCount, featureCount }: FeatureMatrix,
): Float64Array {
  return Float64Array.from({ length: rowCount }, (_, place) =>
    nutrient === undefined
      ? (values[place * featureCount + column] ?? Number.NaN)
      : (columns.nutrients[nutrient][acceptedRows[place] ?? 0] ?? Number.NaN),
  );
}

/** Bins of about equal counts and the range of values, `NaN` left out. */
export function binsOf(values: Float64Array): ColumnBins {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const [min = Number.POSITIVE_INFINITY] = sorted;
  return { edges: edgesOf(sorted), min, max: sorted.at(-1) ?? Number.NEGATIVE_INFINITY };
}

/** Edges between bins of about equal counts; the smallest value is never one, so that no bin is empty. */
function edgesOf(sorted: Float64Array): number[] {
  const distinct = new Set<number>();
  for (const value of sorted) if (distinct.size <= DISTINCT_MAX) distinct.add(value);
  const isFew = distinct.size <= DISTINCT_MAX;
  const quantiles = Array.from({ length: BINS - 1 }, (_, place) => {
    const at = Math.floor(((place + 1) / BINS) * sorted.length);
    return rounded(sorted[at] ?? Number.NaN);
  });
  const edges = new Set(isFew ? distinct : quantiles);
  return [...edges].filter((edge) => edge > (sorted[0] ?? Number.NaN)).sort((left, right) => left - right);
}

/** Of the values within the range: what lies beyond is an error of who typed it, and one of them would be all of a mean. */
function momentsOf(values: Float64Array, { min, max }: ColumnBins) {
  const within = values.filter((value) => value >= min && value <= max);
  if (within.length === 0) return { mean: null, standardDeviation: null, skewness: null };
  const mean = meanOf(within, (value) => value);
  const spread = Math.sqrt(meanOf(within, (value) => (value - mean) ** 2));
  // Of values that are all the same, rounding leaves a hair; a shift would be measured in hairs.
  const standardDeviation = spread > SPREAD_MIN ? spread : 0;
  const skewness =
    standardDeviation === 0 ? 0 : meanOf(within, (value) => ((value - mean) / standardDeviation) ** 3);
  return {
    mean: rounded(mean),
    standardDeviation: rounded(standardDeviation),
    skewness: rounded(skewness),
  };
}

function meanOf(values: Float64Array, of: (value: number) => number): number {
  let sum = 0;
  for (const value of values) sum += of(value);
  return sum / values.length;
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
