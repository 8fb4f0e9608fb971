import { metricDefinition } from '../../schemas/metrics.ts';
import {
  type HistogramSeries,
  isHistogram,
  type NumberSeries,
  type Series,
  type Snapshot,
} from './registry.ts';

/**
 * What was counted between two snapshots of one process. Gauges and infos are as they stand in the later one. A counter
 * that is lower than before began anew with its process, and counts from there.
 */
export function snapshotDelta(before: Snapshot, after: Snapshot): Snapshot {
  const earlier = new Map(before.map((series) => [keyOf(series), series]));
  return after.map((series) => deltaOf(earlier.get(keyOf(series)), series));
}

function deltaOf(before: Series | undefined, after: Series): Series {
  if (before === undefined) return after;
  if (isHistogram(after)) return isHistogram(before) ? histogramDelta(before, after) : after;
  const isCounter = metricDefinition(after.metric).kind === 'counter';
  return isCounter && !isHistogram(before) ? counterDelta(before, after) : after;
}

function counterDelta(before: NumberSeries, after: NumberSeries): NumberSeries {
  return after.value < before.value ? after : { ...after, value: after.value - before.value };
}

function histogramDelta(before: HistogramSeries, after: HistogramSeries): HistogramSeries {
  const isNew = after.counts.some((count, bucket) => count < (before.counts[bucket] ?? 0));
  if (isNew) return after;
  const counts = after.counts.map((count, bucket) => count - (before.counts[bucket] ?? 0));
  const sums = after.sums.map((sum, bucket) => sum - (before.sums[bucket] ?? 0));
  return { ...after, counts, sums };
}

function keyOf({ metric, labels }: Series): string {
  return JSON.stringify([metric, labels]);
}
