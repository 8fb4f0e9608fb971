import { chiSquareQuantile } from './chi-square-quantile.ts';
import { assertSameBins, enoughRows } from './enough-rows.ts';

/** An empty bin counts as so many rows: its logarithm would be infinite, and one row more or less is chance. */
const EMPTY_BIN_ROWS = 0.5;

/**
 * Population stability index of two histograms over the same bins: the sum of (q - p) ln(q / p) over their shares, which
 * is the divergence of Jeffreys. 0 where the shares are the same; symmetric; without an upper end.
 * Below 0.1 nothing has moved to speak of, from 0.25 on the population is another.
 * Sources: Kullback and Leibler, "On information and sufficiency", Annals of Mathematical Statistics 22 (1951), 79-86;
 * the two thresholds: Lewis, An Introduction to Credit Scoring (1994).
 * @throws {TooLittleDataError}, {RangeError} for other bins
 */
export function populationStabilityIndex(reference: readonly number[], current: readonly number[]): number {
  assertSameBins(reference, current);
  const referenceRows = enoughRows(reference);
  const currentRows = enoughRows(current);
  let index = 0;
  for (let bin = 0; bin < reference.length; bin += 1) {
    const before = reference[bin] ?? 0;
    const now = current[bin] ?? 0;
    if (before === 0 && now === 0) continue;
    const p = (before || EMPTY_BIN_ROWS) / referenceRows;
    const q = (now || EMPTY_BIN_ROWS) / currentRows;
    index += (q - p) * Math.log(q / p);
  }
  return index;
}

/**
 * What the index stays below with this probability when both histograms are of one population: of B bins and n and m
 * rows it is distributed as (1/n + 1/m) times chi-square with B - 1 degrees of freedom.
 * Source: Yurdakul and Naranjo, "Statistical properties of the population stability index", Journal of Risk Model
 * Validation 14 (2020); Yurdakul's dissertation, Western Michigan University (2018).
 * @param bins bins that have rows; 0 with one alone
 */
export function stabilityIndexNoise(
  bins: number,
  referenceRows: number,
  currentRows: number,
  probability: number,
): number {
  if (bins < 2) return 0;
  return (1 / referenceRows + 1 / currentRows) * chiSquareQuantile(probability, bins - 1);
}
