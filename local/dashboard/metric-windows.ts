/** Figures out of snapshots: what was counted in the last seconds, by whom. */
import { signalValue } from '../../core/alarms/signal-value.ts';
import { mergeCounts } from '../../core/metrics/merge-counts.ts';
import { isHistogram, type Labels, type Snapshot } from '../../core/metrics/registry.ts';
import { snapshotDelta } from '../../core/metrics/snapshot-delta.ts';
import { histogramQuantile } from '../../core/statistics/histogram-quantile.ts';
import {
  type CounterName,
  type GaugeName,
  type HistogramName,
  type InfoName,
  metricDefinition,
} from '../../schemas/metrics.ts';
import type { DashboardState, Milestone } from './dashboard-state.ts';
import type { QuantilesView } from './page-view.ts';

export interface Window {
  /** As long as it really is: looks are seldom while nobody watches. */
  readonly seconds: number;
  readonly workers: Snapshot;
  readonly endpoint: Snapshot;
  /** Of one process; what it counted since its start where that is later. */
  process(key: string): Snapshot;
}

/** What was counted in the last `seconds`, or since the start. */
export function windowOf({ past, latest }: DashboardState, seconds: number): Window {
  const from = past.findLast(({ at }) => at <= latest.at - seconds * 1000) ?? past[0] ?? latest;
  return {
    seconds: (latest.at - from.at) / 1000,
    workers: snapshotDelta(from.workers, latest.workers),
    endpoint: snapshotDelta(from.endpoint, latest.endpoint),
    process: (key) => processDelta(key, from, latest),
  };
}

function processDelta(key: string, from: Milestone, to: Milestone): Snapshot {
  return snapshotDelta(from.processes.get(key) ?? [], to.processes.get(key) ?? []);
}

/** Sum over all series of a counter; 0 where there is none. */
export function counterIn(snapshot: Snapshot, metric: CounterName, labels: Labels = {}): number {
  return signalValue({ kind: 'metric', metric, statistic: 'Sum', labels }, snapshot) ?? 0;
}

/** Counted a second. */
export function rateIn(snapshot: Snapshot, metric: CounterName, seconds: number): number {
  return seconds === 0 ? 0 : counterIn(snapshot, metric) / seconds;
}

export function gaugeIn(snapshot: Snapshot, metric: GaugeName): number | null {
  return signalValue({ kind: 'metric', metric, statistic: 'Maximum' }, snapshot) ?? null;
}

/** The text that an info tells. */
export function infoIn(snapshot: Snapshot, metric: InfoName): string | null {
  const labels = snapshot.find((series) => series.metric === metric)?.labels ?? {};
  return Object.values(labels)[0] ?? null;
}

/** Of all series of a histogram together; null without values. */
export function quantilesIn(snapshot: Snapshot, metric: HistogramName): QuantilesView | null {
  const [p50, p99] = [0.5, 0.99].map((quantile) => quantileIn(snapshot, metric, quantile));
  return p50 === undefined || p50 === null || p99 === undefined || p99 === null ? null : { p50, p99 };
}

export function quantileIn(snapshot: Snapshot, metric: HistogramName, quantile: number): number | null {
  const { buckets = [] } = metricDefinition(metric);
  const series = snapshot.filter(isHistogram).filter((one) => one.metric === metric);
  const [all] = mergeCounts(series.map((one) => [{ ...one, labels: {} }]));
  if (all === undefined || !isHistogram(all)) return null;
  return histogramQuantile(all.counts, buckets, quantile) ?? null;
}

/** Mean of a histogram's values with these labels; null without values. */
export function meanIn(snapshot: Snapshot, metric: HistogramName, labels: Labels): number | null {
  return signalValue({ kind: 'metric', metric, statistic: 'Average', labels }, snapshot) ?? null;
}
