import { assertSameBins, enoughRows } from './enough-rows.ts';

/**
 * Jensen-Shannon distance of two histograms over the same bins: the root of the mean divergence (to base 2) of each from
 * the mean of both. 0 where the shares are the same, 1 where no bin has rows of both; symmetric, a metric, and finite with
 * empty bins.
 * Sources: Lin, "Divergence measures based on the Shannon entropy", IEEE Transactions on Information Theory 37 (1991),
 * 145-151; that the root is a metric: Endres and Schindelin, the same journal 49 (2003), 1858-1860.
 * @throws {TooLittleDataError}, {RangeError} for other bins
 */
export function jensenShannonDistance(reference: readonly number[], current: readonly number[]): number {
  assertSameBins(reference, current);
  const referenceRows = enoughRows(reference);
  const currentRows = enoughRows(current);
  let divergence = 0;
  for (let bin = 0; bin < reference.length; bin += 1) {
    const p = (reference[bin] ?? 0) / referenceRows;
    const q = (current[bin] ?? 0) / currentRows;
    const middle = (p + q) / 2;
    divergence += (termOf(p, middle) + termOf(q, middle)) / 2;
  }
  // Rounding may leave a little less than nothing.
  return Math.sqrt(Math.max(0, divergence));
}

function termOf(share: number, middle: number): number {
  return share === 0 ? 0 : share * Math.log2(share / middle);
}
