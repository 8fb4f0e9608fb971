/** What a process counts of itself. Pure: it has no clock and writes nothing; renderers make text of its snapshots. */
import {
  type CounterName,
  type GaugeName,
  type HistogramName,
  type InfoName,
  METRIC_NAMES,
  type MetricLabels,
  type MetricName,
  type MetricProgram,
  metricDefinition,
} from '../../schemas/metrics.ts';

export type Labels = Readonly<Record<string, string>>;

/** A counter, a gauge or an info with one set of labels. */
export interface NumberSeries {
  readonly metric: MetricName;
  readonly labels: Labels;
  readonly value: number;
}

/** Values in buckets: counts and sums have one more entry than the metric has bucket ends. */
export interface HistogramSeries {
  readonly metric: MetricName;
  readonly labels: Labels;
  readonly counts: readonly number[];
  readonly sums: readonly number[];
}

export type Series = NumberSeries | HistogramSeries;

/** Of one process, since its start. */
export type Snapshot = readonly Series[];

/** The labels of a metric; none where it has no dimensions. */
type LabelsOf<Name extends MetricName> = keyof MetricLabels<Name> extends never
  ? []
  : [labels: MetricLabels<Name>];

export interface Registry {
  /** Adds to a counter; nothing below 0. */
  add<Name extends CounterName>(metric: Name, amount: number, ...labels: LabelsOf<Name>): void;
  set<Name extends GaugeName>(metric: Name, value: number, ...labels: LabelsOf<Name>): void;
  observe<Name extends HistogramName>(metric: Name, value: number, ...labels: LabelsOf<Name>): void;
  /** The same as `add` and `observe` for one series, which is looked up once: for what is counted thousands of times a second. */
  counter<Name extends CounterName>(metric: Name, ...labels: LabelsOf<Name>): (amount: number) => void;
  histogram<Name extends HistogramName>(metric: Name, ...labels: LabelsOf<Name>): (value: number) => void;
  /** The one text that holds now. */
  tell<Name extends InfoName>(metric: Name, labels: MetricLabels<Name>): void;
  snapshot(): Snapshot;
}

interface NumberCell {
  readonly metric: MetricName;
  readonly labels: Labels;
  value: number;
}

interface HistogramCell {
  readonly metric: MetricName;
  readonly labels: Labels;
  readonly buckets: readonly number[];
  readonly counts: number[];
  readonly sums: number[];
}

/** @param program counters of this program that have no dimensions are there from the start, at 0. */
export function createRegistry(program: MetricProgram): Registry {
  const numbers = new Map<string, NumberCell>();
  const histograms = new Map<string, HistogramCell>();
  for (const metric of METRIC_NAMES) {
    const { kind, dimensions, programs } = metricDefinition(metric);
    const isThere = kind === 'counter' && dimensions.length === 0 && programs.includes(program);
    if (isThere) numberOf(metric, {});
  }

  function numberOf(metric: MetricName, labels: Labels): NumberCell {
    const key = keyOf(metric, labels);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const cell: NumberCell = { metric, labels, value: 0 };
    numbers.set(key, cell);
    return cell;
  }

  function histogramOf(metric: MetricName, labels: Labels): HistogramCell {
    const key = keyOf(metric, labels);
    const known = histograms.get(key);
    if (known !== undefined) return known;
    const { buckets = [] } = metricDefinition(metric);
    const empty = new Array<number>(buckets.length + 1).fill(0);
    const cell = { metric, labels, buckets, counts: [...empty], sums: [...empty] };
    histograms.set(key, cell);
    return cell;
  }

  function counter(metric: MetricName, labels: Labels): (amount: number) => void {
    const cell = numberOf(metric, labels);
    return (amount) => {
      if (!(amount >= 0)) throw new RangeError(`${metric} can not grow by ${amount}`);
      cell.value += amount;
    };
  }

  function histogram(metric: MetricName, labels: Labels): (value: number) => void {
    const { buckets, counts, sums } = histogramOf(metric, labels);
    return (value) => {
      const bucket = bucketOf(buckets, value);
      counts[bucket] = (counts[bucket] as number) + 1;
      sums[bucket] = (sums[bucket] as number) + value;
    };
  }

  return {
    add: (metric, amount, ...[labels = {}]) => counter(metric, labels)(amount),
    set(metric, value, ...[labels = {}]) {
      numberOf(metric, labels).value = value;
    },
    observe: (metric, value, ...[labels = {}]) => histogram(metric, labels)(value),
    counter: (metric, ...[labels = {}]) => counter(metric, labels),
    histogram: (metric, ...[labels = {}]) => histogram(metric, labels),
    tell(metric, labels) {
      for (const [key, cell] of numbers) if (cell.metric === metric) numbers.delete(key);
      numberOf(metric, labels).value = 1;
    },
    snapshot: () => [
      ...[...numbers.values()].map((cell) => ({ ...cell })),
      ...[...histograms.values()].map(({ metric, labels, counts, sums }) => ({
        metric,
        labels,
        counts: [...counts],
        sums: [...sums],
      })),
    ],
  };
}

/** The first bucket whose end is not below the value, as Prometheus has it. */
function bucketOf(buckets: readonly number[], value: number): number {
  const found = buckets.findIndex((end) => value <= end);
  return found === -1 ? buckets.length : found;
}

function keyOf(metric: MetricName, labels: Labels): string {
  return JSON.stringify([metric, labels]);
}

export function isHistogram(series: Series): series is HistogramSeries {
  return 'counts' in series;
}
