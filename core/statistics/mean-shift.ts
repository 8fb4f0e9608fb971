import { enoughRows } from './enough-rows.ts';
import { normalQuantile } from './normal-quantile.ts';

export interface MeanOf {
  /** Values that the mean is of. */
  readonly rows: number;
  readonly mean: number;
}

/**
 * How far a mean has moved, in standard deviations of the reference: Glass's delta. 0 where the means are the same.
 * Source: Glass, "Primary, secondary, and meta-analysis of research", Educational Researcher 5 (1976), 3-8.
 * @throws {TooLittleDataError}, {RangeError} where the reference has no spread to measure by
 */
export function meanShift(reference: MeanOf, current: MeanOf, standardDeviation: number): number {
  enoughRows([reference.rows]);
  enoughRows([current.rows]);
  const hasSpread = standardDeviation > 0 && Number.isFinite(standardDeviation);
  if (!hasSpread)
    throw new RangeError(`a shift can not be measured in standard deviations of ${standardDeviation}`);
  return (current.mean - reference.mean) / standardDeviation;
}

/**
 * What a shift stays below, in either direction and with this probability, when both means are of one population: z times
 * the root of (1/n + 1/m), with the first term of Cornish and Fisher's expansion for skewed values. A mean of 500 values
 * of salt, whose skewness is about 8, has a tail that the normal distribution knows nothing of.
 * Source: Cornish and Fisher, "Moments and cumulants in the specification of distributions", Revue de l'Institut
 * International de Statistique 5 (1938), 307-320.
 */
export function meanShiftNoise(
  referenceRows: number,
  currentRows: number,
  skewness: number,
  probability: number,
): number {
  const z = normalQuantile((1 + probability) / 2);
  const rows = 1 / (1 / referenceRows + 1 / currentRows);
  const expanded = z + ((z ** 2 - 1) * Math.abs(skewness)) / (6 * Math.sqrt(rows));
  return expanded / Math.sqrt(rows);
}
