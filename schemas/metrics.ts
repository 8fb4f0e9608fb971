/**
 * Every metric: one table that worker, endpoint, the AWS template, the local page and docs/metrics.md read. In CloudWatch a
 * metric has the name it has here, below the namespace and with the dimension `Service`; its Prometheus name follows from it.
 */

/** Namespace in CloudWatch where the environment names no other. */
export const METRIC_NAMESPACE = 'NutriSage';
/** Dimension that tells worker from endpoint. */
export const SERVICE_DIMENSION = 'Service';

/**
 * `queue`: told by Amazon SQS itself, also while nothing of ours runs; in local mode by whoever owns the queue server; on Redis by the
 * workers. */
export type MetricProgram = 'worker' | 'endpoint' | 'queue';

/**
 * `counter`: only grows; CloudWatch gets what was added since the last minute. `gauge`: as it stands. `histogram`: values
 * counted in buckets. `info`: a text, as a label of a gauge that is 1 in Prometheus and as a property in CloudWatch Logs,
 * where a dimension for each text would be a metric for each, and billed as such.
 */
export type MetricKind = 'counter' | 'gauge' | 'histogram' | 'info';

/** Units by their names in CloudWatch. */
export type MetricUnit = 'Count' | 'Seconds' | 'Percent' | 'Bytes' | 'None';

export interface MetricDefinition {
  readonly programs: readonly MetricProgram[];
  readonly kind: MetricKind;
  readonly unit: MetricUnit;
  /** In CloudWatch also counted without them. */
  readonly dimensions: readonly string[];
  /** Upper ends of a histogram's buckets, ascending, at most 99; one without an end follows. */
  readonly buckets?: readonly number[];
  /** Where it comes from AWS itself. */
  readonly aws?: { readonly namespace: string; readonly name: string; readonly dimension: string };
  readonly meaning: string;
}

/** From a millisecond to five minutes, each about twice the one before. */
const SECONDS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300,
] as const;
/** From a second to three days. */
const LONG_SECONDS = [
  1, 2, 5, 10, 20, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400, 259_200,
] as const;
/** Around the 50 ms that the event loop must not be held for. */
const DELAY_SECONDS = [0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10] as const;
const POINTS = [0, 0.5, 1, 2, 3, 5, 10, 20, 50] as const;

const WORKER = ['worker'] as const;
const ENDPOINT = ['endpoint'] as const;
const BOTH = ['worker', 'endpoint'] as const;

export const METRICS = {
  Up: { programs: BOTH, kind: 'gauge', unit: 'Count', dimensions: [], meaning: '1 while the process runs' },
  ModelVersion: {
    programs: BOTH,
    kind: 'info',
    unit: 'None',
    dimensions: ['Version'],
    meaning: 'model that new jobs are pinned to, or that requests are graded with',
  },
  ModelRefusals: {
    programs: BOTH,
    kind: 'counter',
    unit: 'Count',
    dimensions: [],
    meaning: 'times that a newly promoted model could not be used, so that the one before stayed',
  },
  RowsGraded: {
    programs: BOTH,
    kind: 'counter',
    unit: 'Count',
    dimensions: ['Source'],
    meaning: 'rows graded, by whose grade counts: `official` or `model`',
  },
  RowsRead: {
    programs: BOTH,
    kind: 'counter',
    unit: 'Count',
    dimensions: [],
    meaning: 'rows that ended as graded or rejected, each once however often a shard is tried',
  },
  RowsRejected: {
    programs: BOTH,
    kind: 'counter',
    unit: 'Count',
    dimensions: [],
    meaning: 'rows that must not be graded',
  },
  RejectReasons: {
    programs: BOTH,
    kind: 'counter',
    unit: 'Count',
    dimensions: ['Reason'],
    meaning: 'rejected rows by reject code; a row may count under several',
  },
  RowsCompared: {
    programs: BOTH,
    kind: 'counter',
    unit: 'Count',
    dimensions: [],
    meaning: 'rows with a final official grade and a model grade',
  },
  RowsAgreed: {
    programs: BOTH,
    kind: 'counter',
    unit: 'Count',
    dimensions: [],
    meaning: 'compared rows on which both grades are the same: the live accuracy, of `RowsCompared`',
  },
  AgreementShortfall: {
    programs: BOTH,
    kind: 'histogram',
    unit: 'Percent',
    dimensions: [],
    buckets: POINTS,
    meaning:
      'points by which the whole interval of an agreement lies below the model card’s figure, of each closed job or full window',
  },
  DriftingFeatures: {
    programs: BOTH,
    kind: 'counter',
    unit: 'Count',
    dimensions: ['Verdict'],
    meaning:
      'features that have moved from training, of each closed job or full window: `moderate` or `major`',
  },
  EventLoopDelay: {
    programs: BOTH,
    kind: 'histogram',
    unit: 'Seconds',
    dimensions: [],
    buckets: DELAY_SECONDS,
    meaning: 'longest delay of the event loop in each second',
  },
  ThreadUse: {
    programs: BOTH,
    kind: 'gauge',
    unit: 'Percent',
    dimensions: [],
    meaning: 'share of the time that the grading threads had work, since the last look',
  },
  Threads: {
    programs: BOTH,
    kind: 'gauge',
    unit: 'Count',
    dimensions: [],
    meaning: 'grading threads of the process',
  },
  ThreadDeaths: {
    programs: BOTH,
    kind: 'counter',
    unit: 'Count',
    dimensions: [],
    meaning: 'grading threads that ended by themselves; another took the place of each',
  },
  ResidentMemory: {
    programs: BOTH,
    kind: 'gauge',
    unit: 'Bytes',
    dimensions: [],
    meaning: 'memory of the process that is in main memory',
  },
  BacklogMessages: {
    programs: WORKER,
    kind: 'gauge',
    unit: 'Count',
    dimensions: [],
    meaning: 'messages that wait on the jobs queue, as the worker sees it',
  },
  InFlightMessages: {
    programs: WORKER,
    kind: 'gauge',
    unit: 'Count',
    dimensions: [],
    meaning: 'messages of the jobs queue that some worker has',
  },
  DeadLetterMessages: {
    programs: WORKER,
    kind: 'gauge',
    unit: 'Count',
    dimensions: [],
    meaning: 'messages in the dead-letter queue',
  },
  OldestMessageAge: {
    programs: ['queue', 'worker'],
    kind: 'gauge',
    unit: 'Seconds',
    dimensions: [],
    aws: { namespace: 'AWS/SQS', name: 'ApproximateAgeOfOldestMessage', dimension: 'QueueName' },
    meaning: 'age of the oldest message on the jobs queue that is not done',
  },
  MessageWait: {
    programs: WORKER,
    kind: 'histogram',
    unit: 'Seconds',
    dimensions: [],
    buckets: LONG_SECONDS,
    meaning: 'how long a message had waited when a worker first took it',
  },
  Messages: {
    programs: WORKER,
    kind: 'counter',
    unit: 'Count',
    dimensions: ['Settlement'],
    meaning: 'deliveries by what became of them: `acknowledge`, `retry`, `release` or `bury`',
  },
  Retries: {
    programs: WORKER,
    kind: 'counter',
    unit: 'Count',
    dimensions: [],
    meaning: 'deliveries that failed and are tried again',
  },
  DeadLetters: {
    programs: WORKER,
    kind: 'counter',
    unit: 'Count',
    dimensions: [],
    meaning: 'messages moved to the dead-letter queue',
  },
  ShardsFinished: {
    programs: WORKER,
    kind: 'counter',
    unit: 'Count',
    dimensions: ['State'],
    meaning: 'shards recorded, each once: `done` or `failed`',
  },
  StepTime: {
    programs: WORKER,
    kind: 'histogram',
    unit: 'Seconds',
    dimensions: ['Step'],
    buckets: SECONDS,
    meaning: 'time of a shard in each step: `read`, `grade`, `write`, `items`',
  },
  JobsClosed: {
    programs: WORKER,
    kind: 'counter',
    unit: 'Count',
    dimensions: ['State'],
    meaning: 'jobs closed: `succeeded`, `partly failed` or `failed`',
  },
  JobTime: {
    programs: WORKER,
    kind: 'histogram',
    unit: 'Seconds',
    dimensions: [],
    buckets: LONG_SECONDS,
    meaning: 'from a job’s submission to its last shard',
  },
  StandstillSightings: {
    programs: WORKER,
    kind: 'counter',
    unit: 'Count',
    dimensions: [],
    meaning: 'jobs seen standing still, by the one worker that looks once a minute',
  },
  Requests: {
    programs: ENDPOINT,
    kind: 'counter',
    unit: 'Count',
    dimensions: ['Route', 'Status'],
    meaning: 'requests answered, by route and by the first digit of the status, such as `2xx`',
  },
  RequestErrors: {
    programs: ENDPOINT,
    kind: 'counter',
    unit: 'Count',
    dimensions: [],
    meaning: 'requests answered with a status of 500 or above, without those that were shed',
  },
  RequestsShed: {
    programs: ENDPOINT,
    kind: 'counter',
    unit: 'Count',
    dimensions: [],
    meaning: 'requests refused with 503 since too many were waiting',
  },
  RequestsInFlight: {
    programs: ENDPOINT,
    kind: 'gauge',
    unit: 'Count',
    dimensions: [],
    meaning: 'requests taken and not yet answered',
  },
  RequestTime: {
    programs: ENDPOINT,
    kind: 'histogram',
    unit: 'Seconds',
    dimensions: ['Route'],
    buckets: SECONDS,
    meaning: 'from a request’s arrival to the end of its answer',
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof METRICS;

type NameOf<Kind extends MetricKind> = {
  [Name in MetricName]: (typeof METRICS)[Name]['kind'] extends Kind ? Name : never;
}[MetricName];

export type CounterName = NameOf<'counter'>;
export type GaugeName = NameOf<'gauge'>;
export type HistogramName = NameOf<'histogram'>;
export type InfoName = NameOf<'info'>;

/** Values of a metric’s dimensions, by their names: each of them, and no other. */
export type MetricLabels<Name extends MetricName> = {
  readonly [Dimension in (typeof METRICS)[Name]['dimensions'][number]]: string;
};

/** The table’s line, without the narrow types of its values. */
export function metricDefinition(name: MetricName): MetricDefinition {
  return METRICS[name];
}

export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

const UNIT_SUFFIXES: Readonly<Record<MetricUnit, string>> = {
  Seconds: '_seconds',
  Percent: '_percent',
  Bytes: '_bytes',
  Count: '',
  None: '',
};

/** Such as `nutrisage_step_time_seconds` and `nutrisage_rows_graded_total`. */
export function prometheusName(name: MetricName): string {
  const { kind, unit } = metricDefinition(name);
  const ending = { counter: '_total', info: '_info', gauge: '', histogram: '' }[kind];
  return `nutrisage${snakeCase(name)}${UNIT_SUFFIXES[unit]}${ending}`;
}

/** A dimension as a Prometheus label. */
export function prometheusLabel(dimension: string): string {
  return snakeCase(dimension).slice(1);
}

/** `RowsGraded` as `_rows_graded`. */
function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
