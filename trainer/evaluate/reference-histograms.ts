/** Histograms of the training matrix, against which drift is measured: the content of `reference.json`. */
import { binOf } from '../../core/features/bin-of.ts';
import { GRADES } from '../../schemas/grade.ts';
import type { FeatureReference, ModelReference } from '../../schemas/model.ts';
import type { LabelledRows } from '../rows/training-set.ts';

/** Ten bins of equal counts: the usual choice for the population stability index. */
const BINS = 10;
/** A feature with so few values gets one bin each: flags, and nothing else here. */
const DISTINCT_MAX = 8;

export function referenceOf(training: LabelledRows, names: readonly string[]): ModelReference {
  const grades = new Array<number>(GRADES.length).fill(0);
  for (const label of training.labels) grades[label] = (grades[label] ?? 0) + 1;
  return {
    rows: training.features.rowCount,
    features: names.map((name, column) => featureReference(name, columnOf(training, column))),
    grades,
  };
}

function columnOf({ features }: LabelledRows, column: number): Float32Array {
  return Float32Array.from(
    { length: features.rowCount },
    (_, row) => features.values[row * features.featureCount + column] ?? Number.NaN,
  );
}

/** Histogram of one feature; `NaN` is counted as missing. All figures are of the values that are there. */
export function featureReference(name: string, values: Float32Array): FeatureReference {
  const given = values.filter((value) => !Number.isNaN(value)).sort();
  const edges = edgesOf(given);
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const value of given) {
    const bin = binOf(edges, value);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { name, edges, counts, missing: values.length - given.length, ...momentsOf(given) };
}

/** Edges between bins of about equal counts; the smallest value is never one, so that no bin is empty. */
function edgesOf(sorted: Float32Array): number[] {
  const distinct = new Set<number>();
  for (const value of sorted) if (distinct.size <= DISTINCT_MAX) distinct.add(value);
  const isFew = distinct.size <= DISTINCT_MAX;
  const quantiles = Array.from({ length: BINS - 1 }, (_, place) => {
    const at = Math.floor(((place + 1) / BINS) * sorted.length);
    return sorted[at] ?? Number.NaN;
  });
  const edges = new Set(isFew ? distinct : quantiles);
  return [...edges].filter((edge) => edge > (sorted[0] ?? Number.NaN)).sort((left, right) => left - right);
}

function momentsOf(sorted: Float32Array) {
  if (sorted.length === 0) return { mean: null, standardDeviation: null, min: null, max: null };
  let sum = 0;
  for (const value of sorted) sum += value;
  const mean = sum / sorted.length;
  let squares = 0;
  for (const value of sorted) squares += (value - mean) ** 2;
  return {
    mean,
    standardDeviation: Math.sqrt(squares / sorted.length),
    min: sorted[0] ?? null,
    max: sorted.at(-1) ?? null,
  };
}
