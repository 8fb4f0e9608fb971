/**
 * A quantile of values that were counted in buckets, taken as spread evenly over their bucket: off by the bucket's width
 * at most. In the last bucket, which has no end, its lower end is all that is known.
 * Source: `histogram_quantile` of Prometheus, prometheus.io/docs/prometheus/latest/querying/functions.
 * @param counts of each bucket, one more than there are ends
 * @param ends upper ends, ascending; the first bucket begins at 0
 * @param quantile from 0 to 1
 * @returns undefined without values
 * @throws {RangeError} for a quantile that is none, or counts that do not fit the ends
 */
export function histogramQuantile(
  counts: readonly number[],
  ends: readonly number[],
  quantile: number,
): number | undefined {
  if (!(quantile >= 0 && quantile <= 1)) throw new RangeError(`${quantile} is no quantile`);
  if (counts.length !== ends.length + 1)
    throw new RangeError(`${counts.length} counts do not fit ${ends.length} ends of buckets`);
  const rank = quantile * counts.reduce((sum, count) => sum + count, 0);
  let passed = 0;
  let low = 0;
  for (const [bucket, count] of counts.entries()) {
    const end = ends[bucket];
    const isReached = count > 0 && passed + count >= rank;
    if (isReached) return end === undefined ? low : low + ((end - low) * (rank - passed)) / count;
    passed += count;
    low = end ?? low;
  }
  return undefined;
}
