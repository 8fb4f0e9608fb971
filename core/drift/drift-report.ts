/** The drift of a job: against the training of its model, or against another job of the same model. */
import type { DriftBaseline, DriftReport, DriftVerdict, FeatureDrift } from '../../schemas/drift-report.ts';
import type { RowHistograms } from '../../schemas/histograms.ts';
import type { FeatureReference, ModelReference } from '../../schemas/model.ts';
import { meanOf } from './column-measures.ts';
import type { ColumnBins } from './count-histograms.ts';
import { DRIFT_COLUMNS } from './drift-columns.ts';
import { featureDrift, gradeDrift } from './feature-drift.ts';

const TRAINING = 'training';
/** Of a reference that does not tell it: that of the exponential distribution, which amounts of a nutrient are near. */
const SKEWNESS_UNKNOWN = 2;

/** Bins to count a job's rows by; undefined where the reference is of other features than this program's. */
export function referenceBins({ features }: ModelReference): ColumnBins[] | undefined {
  const fits =
    features.length === DRIFT_COLUMNS.length &&
    features.every(({ name }, index) => name === DRIFT_COLUMNS[index]?.feature);
  if (!fits) return undefined;
  return features.map(({ edges, min, max }) => ({
    edges,
    min: min ?? Number.POSITIVE_INFINITY,
    max: max ?? Number.NEGATIVE_INFINITY,
  }));
}

/**
 * Drift against training.
 * @throws {RangeError} when the histograms were counted by other bins than the reference's.
 */
export function driftAgainstTraining(
  modelVersion: string,
  reference: ModelReference,
  histograms: RowHistograms,
): DriftReport {
  const baselines = new Map(reference.features.map((feature) => [feature.name, trainingBaseline(feature)]));
  return reportOf({ modelVersion, against: TRAINING, histograms, baselines, grades: reference.grades });
}

/**
 * Drift against another job, by what both reports have counted.
 * @returns undefined when the two jobs were not counted by the same bins: of another model, that is.
 */
export function driftAgainstJob(
  current: DriftReport,
  other: DriftReport,
  job: string,
): DriftReport | undefined {
  const others = new Map(other.features.map((feature) => [feature.feature, feature]));
  const baselines = new Map<string, DriftBaseline>();
  for (const { feature, reference } of current.features) {
    const before = others.get(feature);
    if (before === undefined || !isSameEdges(before.reference.edges, reference.edges)) return undefined;
    baselines.set(feature, jobBaseline(before));
  }
  const histograms: RowHistograms = {
    rows: current.rows,
    accepted: current.accepted,
    columns: Object.fromEntries(current.features.map((feature) => [feature.feature, feature.current])),
    grades: current.grades.current,
  };
  const { modelVersion } = current;
  return reportOf({ modelVersion, against: job, histograms, baselines, grades: other.grades.current });
}

interface Comparison {
  readonly modelVersion: string;
  readonly against: string;
  readonly histograms: RowHistograms;
  readonly baselines: ReadonlyMap<string, DriftBaseline>;
  readonly grades: readonly number[];
}

function reportOf({ modelVersion, against, histograms, baselines, grades }: Comparison): DriftReport {
  const words = against === TRAINING ? against : `job ${against}`;
  const features = DRIFT_COLUMNS.map((column) => {
    const baseline = baselines.get(column.feature);
    const current = histograms.columns[column.feature];
    if (baseline === undefined || current === undefined)
      throw new RangeError(`there are no histograms of ${column.feature}`);
    return featureDrift(column, baseline, current, words);
  });
  const ofGrades = gradeDrift(grades, histograms.grades, words);
  return {
    modelVersion,
    against,
    rows: histograms.rows,
    accepted: histograms.accepted,
    verdict: worstOf([...features, ofGrades]),
    features,
    grades: ofGrades,
  };
}

function trainingBaseline(feature: FeatureReference): DriftBaseline {
  const { edges, counts, missing, below = 0, above = 0, mean, standardDeviation } = feature;
  return {
    edges,
    counts,
    missing,
    below,
    above,
    impossible: feature.impossible ?? null,
    mean,
    standardDeviation,
    skewness: feature.skewness ?? SKEWNESS_UNKNOWN,
  };
}

function jobBaseline({ current, reference }: FeatureDrift): DriftBaseline {
  const { counts, missing, below, above, impossible } = current;
  const { edges, standardDeviation, skewness } = reference;
  return {
    edges,
    counts,
    missing,
    below,
    above,
    impossible,
    mean: meanOf(current),
    standardDeviation,
    skewness,
  };
}

function isSameEdges(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((edge, index) => edge === right[index]);
}

const WORST_FIRST: readonly DriftVerdict[] = ['major', 'moderate', 'stable'];

/** Too little data only where nothing could be told at all. */
function worstOf(parts: readonly { readonly verdict: DriftVerdict }[]): DriftVerdict {
  const found = WORST_FIRST.find((verdict) => parts.some((part) => part.verdict === verdict));
  return found ?? 'too little data';
}
