import { metricDefinition } from '../../schemas/metrics.ts';
import {
  type HistogramSeries,
  isHistogram,
  type NumberSeries,
  type Series,
  type Snapshot,
} from './registry.ts';

/**
 * Counters and histograms of several processes, or of one after the other, as if one had counted them all. Gauges and
 * infos are left out: they are of one process at one moment, and their sum is nothing.
 */
export function mergeCounts(snapshots: readonly Snapshot[]): Snapshot {
  const numbers = new Map<string, NumberSeries>();
  const histograms = new Map<string, HistogramSeries>();
  for (const series of snapshots.flat()) {
    const key = JSON.stringify([series.metric, series.labels]);
    if (isHistogram(series)) histograms.set(key, plusHistogram(histograms.get(key), series));
    else if (isCounter(series)) numbers.set(key, plusNumber(numbers.get(key), series));
  }
  return [...numbers.values(), ...histograms.values()];
}

function isCounter({ metric }: Series): boolean {
  return metricDefinition(metric).kind === 'counter';
}

function plusNumber(sum: NumberSeries | undefined, series: NumberSeries): NumberSeries {
  return sum === undefined ? series : { ...sum, value: sum.value + series.value };
}

function plusHistogram(sum: HistogramSeries | undefined, series: HistogramSeries): HistogramSeries {
  if (sum === undefined) return series;
  const add = (left: readonly number[], right: readonly number[]): number[] =>
    left.map((count, bucket) => count + (right[bucket] ?? 0));
  return { ...sum, counts: add(sum.counts, series.counts), sums: add(sum.sums, series.sums) };
}
