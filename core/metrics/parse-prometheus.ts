/** Reads what `renderPrometheus` writes: for who gathers the metrics of several processes. */
import {
  METRIC_NAMES,
  type MetricName,
  metricDefinition,
  prometheusLabel,
  prometheusName,
} from '../../schemas/metrics.ts';
import type { HistogramSeries, Labels, NumberSeries, Series, Snapshot } from './registry.ts';

interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

const METRIC_OF = new Map<string, MetricName>(METRIC_NAMES.map((metric) => [prometheusName(metric), metric]));

/**
 * Series of metrics that this program knows; other lines are passed over. The text has one sum for all buckets of a
 * histogram: it comes back as the sum of the last bucket.
 */
export function parsePrometheus(text: string): Snapshot {
  const numbers: NumberSeries[] = [];
  const histograms = new Map<string, { series: HistogramSeries; last: number }>();
  for (const line of text.split('\n')) {
    const sample = sampleOf(line);
    if (sample === undefined) continue;
    const plain = METRIC_OF.get(sample.name);
    if (plain !== undefined) {
      numbers.push({ metric: plain, labels: labelsOf(plain, sample.labels), value: sample.value });
      continue;
    }
    const ending = /_(?:bucket|sum)$/.exec(sample.name)?.[0] ?? '';
    const metric = METRIC_OF.get(sample.name.slice(0, sample.name.length - ending.length));
    if (ending !== '' && metric !== undefined) takePart(histograms, metric, ending, sample);
  }
  return [...numbers, ...[...histograms.values()].map(({ series }): Series => series)];
}

function takePart(
  histograms: Map<string, { series: HistogramSeries; last: number }>,
  metric: MetricName,
  ending: string,
  { labels, value }: Sample,
): void {
  const named = labelsOf(metric, labels);
  const key = JSON.stringify([metric, named]);
  const { series, last } = histograms.get(key) ?? {
    series: { metric, labels: named, counts: [], sums: [] },
    last: 0,
  };
  if (ending === '_bucket') {
    const counts = [...series.counts, value - last];
    histograms.set(key, { series: { ...series, counts, sums: counts.map(() => 0) }, last: value });
    return;
  }
  const sums = series.sums.map((_, bucket) => (bucket === series.sums.length - 1 ? value : 0));
  histograms.set(key, { series: { ...series, sums }, last });
}

/** Labels by the names of the metric’s dimensions. */
function labelsOf(metric: MetricName, labels: ReadonlyMap<string, string>): Labels {
  const { dimensions } = metricDefinition(metric);
  return Object.fromEntries(
    dimensions.flatMap((dimension) => {
      const text = labels.get(prometheusLabel(dimension));
      return text === undefined ? [] : [[dimension, text]];
    }),
  );
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

function sampleOf(line: string): Sample | undefined {
  const [, name, inside = '', number = ''] = SAMPLE.exec(line) ?? [];
  if (name === undefined) return undefined;
  const labels = new Map(
    [...inside.matchAll(LABEL)].map(([, label = '', text = '']) => [label, unescapeLabel(text)]),
  );
  return { name, labels, value: numberOf(number) };
}

function numberOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}

function unescapeLabel(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, after: string) => (after === 'n' ? '\n' : after));
}
