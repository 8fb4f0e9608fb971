/** What a signal comes to in one period, from what was counted in it. */
import type { Signal, Statistic } from '../../schemas/alarms.ts';
import { type MetricName, metricDefinition } from '../../schemas/metrics.ts';
import { type HistogramSeries, isHistogram, type Snapshot } from '../metrics/registry.ts';

/**
 * @param period what was counted in the period (`snapshotDelta`), of all processes one after the other.
 * @returns undefined where there is no value: nothing was told, or too little for a share.
 */
export function signalValue(signal: Signal, period: Snapshot): number | undefined {
  if (signal.kind === 'metric') {
    return statisticOf(signal.metric, signal.statistic, signal.labels ?? {}, period);
  }
  const among = statisticOf(signal.among, 'Sum', {}, period);
  if (among === undefined || among < signal.least) return undefined;
  return (100 * (statisticOf(signal.of, 'Sum', {}, period) ?? 0)) / among;
}

function statisticOf(
  metric: MetricName,
  statistic: Statistic,
  labels: Readonly<Record<string, string>>,
  period: Snapshot,
): number | undefined {
  const wanted = Object.entries(labels);
  const series = period.filter(
    (one) => one.metric === metric && wanted.every(([name, text]) => one.labels[name] === text),
  );
  const histograms = series.filter(isHistogram);
  if (histograms.length > 0) return histogramStatistic(histograms, statistic);
  const values = series.flatMap((one) => (isHistogram(one) ? [] : [one.value]));
  if (values.length === 0) return undefined;
  return numbersStatistic(values, statistic);
}

function numbersStatistic(values: readonly number[], statistic: Statistic): number {
  const sum = values.reduce((all, value) => all + value, 0);
  switch (statistic) {
    case 'Sum':
      return sum;
    case 'Average':
      return sum / values.length;
    case 'Minimum':
      return Math.min(...values);
    case 'Maximum':
    case 'p99':
      return Math.max(...values);
    default:
      return statistic satisfies never;
  }
}

/**
 * Over the buckets' ends, which is as near as buckets tell; of the last, which has none, the mean of its values. The
 * local page may so raise an alarm a bucket's width before CloudWatch does.
 */
function histogramStatistic(
  histograms: readonly HistogramSeries[],
  statistic: Statistic,
): number | undefined {
  const [{ metric } = { metric: undefined }] = histograms;
  if (metric === undefined) return undefined;
  const { buckets = [] } = metricDefinition(metric);
  const counts = Array.from({ length: buckets.length + 1 }, (_, bucket) =>
    histograms.reduce((all, one) => all + (one.counts[bucket] ?? 0), 0),
  );
  const sum = histograms.reduce((all, { sums }) => all + sums.reduce((of, one) => of + one, 0), 0);
  const count = counts.reduce((all, one) => all + one, 0);
  if (count === 0) return undefined;
  const end = (bucket: number): number => buckets[bucket] ?? Math.max(sum / count, buckets.at(-1) ?? 0);
  switch (statistic) {
    case 'Sum':
      return sum;
    case 'Average':
      return sum / count;
    case 'Minimum':
      return end(counts.findIndex((of) => of > 0));
    case 'Maximum':
      return end(counts.findLastIndex((of) => of > 0));
    case 'p99':
      return end(rankBucket(counts, Math.ceil(count * 0.99)));
    default:
      return statistic satisfies never;
  }
}

/** Bucket of the value with this rank, counted from 1. */
function rankBucket(counts: readonly number[], rank: number): number {
  let passed = 0;
  return counts.findIndex((count) => {
    passed += count;
    return passed >= rank;
  });
}
