/**
 * What was counted in a minute, in CloudWatch's embedded metric format: JSON documents for standard output, one a line.
 * Source: docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html.
 * Histograms are `Values` and `Counts`, as Amazon's own exporter for OpenTelemetry sends them (awsemfexporter): the mean of
 * each bucket's values with their number, so that sums and averages are exact and a percentile is off by its bucket at most.
 */
import { metricDefinition, SERVICE_DIMENSION } from '../../schemas/metrics.ts';
import { type HistogramSeries, isHistogram, type Labels, type Series, type Snapshot } from './registry.ts';

export interface EmfContext {
  readonly namespace: string;
  /** `worker` or `endpoint`. */
  readonly service: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  /** What a document says beside its metrics, for searches in the log: such as the worker’s name. */
  readonly properties: Readonly<Record<string, string>>;
}

/** Of a document. */
const METRICS_MAX = 100;

/**
 * @param delta what was counted since the last documents (`snapshotDelta`).
 * @returns lines without their line end; counters with dimensions and histograms that stand still are left out.
 */
export function renderEmf(delta: Snapshot, context: EmfContext): string[] {
  const infos = delta.filter(({ metric }) => metricDefinition(metric).kind === 'info');
  const told = Object.assign({}, ...infos.map(({ metric, labels }) => infoProperty(metric, labels)));
  const groups = new Map<string, { labels: Labels; series: Series[] }>();
  for (const series of delta) {
    if (isStill(series)) continue;
    const key = JSON.stringify(series.labels);
    const group = groups.get(key) ?? { labels: series.labels, series: [] };
    group.series.push(series);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ labels, series }) =>
    chunksOf(series, METRICS_MAX).map((chunk) => documentOf(labels, chunk, context, told)),
  );
}

/** Nothing to tell: an alarm on a counter without dimensions has its 0, all else would be paid for nothing. */
function isStill(series: Series): boolean {
  if (isHistogram(series)) return series.counts.every((count) => count === 0);
  const { kind, dimensions } = metricDefinition(series.metric);
  return kind === 'info' || (kind === 'counter' && dimensions.length > 0 && series.value === 0);
}

/** `ModelVersion` with its one dimension as `{ modelVersion: '…' }`. */
function infoProperty(metric: string, labels: Labels): Record<string, string> {
  const name = metric.charAt(0).toLowerCase() + metric.slice(1);
  return { [name]: Object.values(labels).join(' ') };
}

function documentOf(
  labels: Labels,
  series: readonly Series[],
  { namespace, service, timestamp, properties }: EmfContext,
  told: Readonly<Record<string, string>>,
): string {
  const names = Object.keys(labels);
  const whole = [SERVICE_DIMENSION];
  return JSON.stringify({
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          // Also without the metric's own dimensions: an alarm on all reject reasons needs no sum over them.
          Dimensions: names.length === 0 ? [whole] : [whole, [...whole, ...names]],
          Metrics: series.map(({ metric }) => ({ Name: metric, Unit: metricDefinition(metric).unit })),
        },
      ],
    },
    ...properties,
    ...told,
    [SERVICE_DIMENSION]: service,
    ...labels,
    ...Object.fromEntries(
      series.map((one) => [one.metric, isHistogram(one) ? histogramValue(one) : one.value]),
    ),
  });
}

function histogramValue({ counts, sums }: HistogramSeries) {
  const filled = counts.flatMap((count, bucket) =>
    count === 0 ? [] : [{ count, sum: sums[bucket] ?? 0, mean: (sums[bucket] ?? 0) / count }],
  );
  return {
    Values: filled.map(({ mean }) => mean),
    Counts: filled.map(({ count }) => count),
    Min: filled[0]?.mean ?? 0,
    Max: filled.at(-1)?.mean ?? 0,
    Count: filled.reduce((all, { count }) => all + count, 0),
    Sum: filled.reduce((all, { sum }) => all + sum, 0),
  };
}

function chunksOf<T>(all: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let from = 0; from < all.length; from += size) chunks.push(all.slice(from, from + size));
  return chunks;
}
