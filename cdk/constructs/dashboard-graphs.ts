/** What the dashboard shows, as data: rows of graphs, each of a few lines of the metrics table. */
import type { MetricName, MetricProgram } from '../../schemas/metrics.ts';

/** A line of a graph: a metric of the table, one in percent of another, or one that AWS tells of a service or a table. */
export type Line =
  | {
      readonly kind: 'metric';
      readonly metric: MetricName;
      readonly statistic: string;
      readonly labels?: Readonly<Record<string, string>>;
      readonly name: string;
    }
  | { readonly kind: 'share'; readonly of: MetricName; readonly among: MetricName; readonly name: string }
  | {
      readonly kind: 'ecs';
      readonly namespace: 'AWS/ECS' | 'ECS/ContainerInsights';
      readonly metric: string;
      readonly name: string;
    }
  | { readonly kind: 'table'; readonly metric: string; readonly name: string };

export interface Graph {
  readonly title: string;
  readonly program: MetricProgram;
  readonly unit: string;
  readonly lines: readonly Line[];
}

const metric = (
  name: string,
  of: MetricName,
  statistic: string,
  labels?: Readonly<Record<string, string>>,
): Line => ({
  kind: 'metric',
  metric: of,
  statistic,
  name,
  ...(labels === undefined ? {} : { labels }),
});
const share = (name: string, of: MetricName, among: MetricName): Line => ({ kind: 'share', of, among, name });
const insights = (name: string, of: string): Line => ({
  kind: 'ecs',
  namespace: 'ECS/ContainerInsights',
  metric: of,
  name,
});
const tasks = [insights('desired', 'DesiredTaskCount'), insights('running', 'RunningTaskCount')];
const agreement = share('agreement', 'RowsAgreed', 'RowsCompared');
const processor: Line = { kind: 'ecs', namespace: 'AWS/ECS', metric: 'CPUUtilization', name: 'CPU' };
const memory: Line = { kind: 'ecs', namespace: 'AWS/ECS', metric: 'MemoryUtilization', name: 'memory' };

export const WORKER_GRAPHS: readonly (readonly Graph[])[] = [
  [
    {
      title: 'Backlog',
      program: 'worker',
      unit: 'messages',
      lines: [
        metric('waiting', 'BacklogMessages', 'Maximum'),
        metric('in flight', 'InFlightMessages', 'Maximum'),
      ],
    },
    {
      title: 'Age of the oldest message',
      program: 'queue',
      unit: 'seconds',
      lines: [metric('age', 'OldestMessageAge', 'Maximum')],
    },
    {
      title: 'Dead letters',
      program: 'worker',
      unit: 'messages',
      lines: [metric('held', 'DeadLetterMessages', 'Maximum'), metric('given up', 'DeadLetters', 'Sum')],
    },
  ],
  [
    {
      title: 'Rows a minute',
      program: 'worker',
      unit: 'rows',
      lines: [
        metric('official', 'RowsGraded', 'Sum', { Source: 'official' }),
        metric('model', 'RowsGraded', 'Sum', { Source: 'model' }),
        metric('rejected', 'RowsRejected', 'Sum'),
      ],
    },
    {
      title: 'Time of a shard, by step',
      program: 'worker',
      unit: 'seconds',
      lines: ['read', 'grade', 'write', 'items'].map((step) =>
        metric(step, 'StepTime', 'Average', { Step: step }),
      ),
    },
    {
      title: 'Wait of a message, and time of a job',
      program: 'worker',
      unit: 'seconds',
      lines: [metric('wait, p99', 'MessageWait', 'p99'), metric('job, p99', 'JobTime', 'p99')],
    },
  ],
  [
    {
      title: 'Model and rules agree',
      program: 'worker',
      unit: '%',
      lines: [agreement],
    },
    {
      title: 'Rejected rows',
      program: 'worker',
      unit: '%',
      lines: [share('rejected', 'RowsRejected', 'RowsRead')],
    },
    {
      title: 'Features that have moved from training',
      program: 'worker',
      unit: 'features',
      lines: [
        metric('major', 'DriftingFeatures', 'Sum', { Verdict: 'major' }),
        metric('moderate', 'DriftingFeatures', 'Sum', { Verdict: 'moderate' }),
      ],
    },
  ],
  [
    {
      title: 'Workers',
      program: 'worker',
      unit: 'tasks',
      lines: tasks,
    },
    {
      title: 'Use of the workers',
      program: 'worker',
      unit: '%',
      lines: [processor, memory, metric('threads', 'ThreadUse', 'Average')],
    },
    {
      title: 'Failures',
      program: 'worker',
      unit: 'count',
      lines: [
        metric('retries', 'Retries', 'Sum'),
        metric('thread deaths', 'ThreadDeaths', 'Sum'),
        metric('standing still', 'StandstillSightings', 'Sum'),
        { kind: 'table', metric: 'WriteThrottleEvents', name: 'throttled writes of grades' },
      ],
    },
  ],
];

export const ENDPOINT_GRAPHS: readonly (readonly Graph[])[] = [
  [
    {
      title: 'Requests a minute',
      program: 'endpoint',
      unit: 'requests',
      lines: [metric('requests', 'Requests', 'Sum')],
    },
    {
      title: 'Time of a request',
      program: 'endpoint',
      unit: 'seconds',
      lines: [metric('p50', 'RequestTime', 'p50'), metric('p99', 'RequestTime', 'p99')],
    },
    {
      title: 'Requests that fail',
      program: 'endpoint',
      unit: '%',
      lines: [share('errors', 'RequestErrors', 'Requests'), share('shed', 'RequestsShed', 'Requests')],
    },
  ],
  [
    {
      title: 'Endpoint tasks',
      program: 'endpoint',
      unit: 'tasks',
      lines: tasks,
    },
    { title: 'Use of the endpoint', program: 'endpoint', unit: '%', lines: [processor, memory] },
    {
      title: 'Model and rules agree, of requests',
      program: 'endpoint',
      unit: '%',
      lines: [agreement],
    },
  ],
];
