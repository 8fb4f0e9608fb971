/** Metrics of CloudWatch from the table that the programs write them by (schemas/metrics.ts). */
import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Signal } from '../../schemas/alarms.ts';
import {
  type MetricName,
  type MetricProgram,
  metricDefinition,
  SERVICE_DIMENSION,
} from '../../schemas/metrics.ts';
import type { StageNames } from '../names.ts';

/** Names that metrics are found by. */
export type MetricPlace = Pick<StageNames, 'metricNamespace' | 'jobsQueue'>;

export interface TableMetricOptions {
  readonly program: MetricProgram;
  readonly statistic: string;
  readonly periodSeconds: number;
  readonly labels?: Readonly<Record<string, string>>;
}

export function tableMetric(place: MetricPlace, name: MetricName, options: TableMetricOptions): Metric {
  const { program, statistic, periodSeconds, labels = {} } = options;
  const { aws } = metricDefinition(name);
  const common = { statistic, period: Duration.seconds(periodSeconds) };
  if (aws !== undefined) {
    return new Metric({
      ...common,
      namespace: aws.namespace,
      metricName: aws.name,
      dimensionsMap: { [aws.dimension]: place.jobsQueue },
    });
  }
  return new Metric({
    ...common,
    namespace: place.metricNamespace,
    metricName: name,
    dimensionsMap: { [SERVICE_DIMENSION]: program, ...labels },
  });
}

/** What an alarm compares. A share has a value only where there was enough to speak of. */
export function signalMetric(
  place: MetricPlace,
  signal: Signal,
  program: MetricProgram,
  periodSeconds: number,
): IMetric {
  if (signal.kind === 'metric') {
    const { metric, statistic, labels } = signal;
    return tableMetric(place, metric, {
      program,
      statistic,
      periodSeconds,
      ...(labels === undefined ? {} : { labels }),
    });
  }
  const sum = (name: MetricName) => tableMetric(place, name, { program, statistic: 'Sum', periodSeconds });
  return new MathExpression({
    expression: `IF(among >= ${signal.least}, 100 * FILL(part, 0) / among)`,
    usingMetrics: { part: sum(signal.of), among: sum(signal.among) },
    period: Duration.seconds(periodSeconds),
    label: `${signal.of} in percent of ${signal.among}`,
  });
}
