/**
 * A snapshot in Prometheus' text exposition format, version 0.0.4.
 * Source: prometheus.io/docs/instrumenting/exposition_formats.
 */
import {
  METRIC_NAMES,
  type MetricKind,
  metricDefinition,
  prometheusLabel,
  prometheusName,
} from '../../schemas/metrics.ts';
import { type HistogramSeries, isHistogram, type Labels, type Snapshot } from './registry.ts';

export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const TYPES: Readonly<Record<MetricKind, string>> = {
  counter: 'counter',
  gauge: 'gauge',
  histogram: 'histogram',
  info: 'gauge',
};

/** Metrics in the order of their table, those without a series left out. */
export function renderPrometheus(snapshot: Snapshot): string {
  const blocks = METRIC_NAMES.flatMap((metric) => {
    const series = snapshot.filter((one) => one.metric === metric);
    if (series.length === 0) return [];
    const name = prometheusName(metric);
    const { kind, meaning } = metricDefinition(metric);
    const samples = series.flatMap((one) =>
      isHistogram(one) ? histogramLines(name, one) : [sampleLine(name, one.labels, one.value)],
    );
    return [
      [`# HELP ${name} ${escapeHelp(meaning)}`, `# TYPE ${name} ${TYPES[kind]}`, ...samples].join('\n'),
    ];
  });
  return `${blocks.join('\n')}\n`;
}

function histogramLines(name: string, { metric, labels, counts, sums }: HistogramSeries): string[] {
  const { buckets = [] } = metricDefinition(metric);
  let cumulative = 0;
  const lines = counts.map((count, bucket) => {
    cumulative += count;
    const end = buckets[bucket];
    const le = end === undefined ? '+Inf' : String(end);
    return sampleLine(`${name}_bucket`, { ...labels, le }, cumulative);
  });
  const sum = sums.reduce((total, of) => total + of, 0);
  return [...lines, sampleLine(`${name}_sum`, labels, sum), sampleLine(`${name}_count`, labels, cumulative)];
}

function sampleLine(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(
    ([label, text]) => `${label === 'le' ? label : prometheusLabel(label)}="${escapeLabel(text)}"`,
  );
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${numberText(value)}`;
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
