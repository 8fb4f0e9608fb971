/**
 * Every alarm as data: the AWS template makes CloudWatch alarms of them, the local page raises and clears them by the same
 * rules, and docs/runbook.md has a heading for each, with what it means, where to look and what to do.
 */
import type { CounterName, GaugeName, HistogramName, MetricProgram } from './metrics.ts';

/** What CloudWatch computes over the values of a period; `Maximum` of a gauge is that of all processes. */
export type Statistic = 'Sum' | 'Maximum' | 'Minimum' | 'Average' | 'p99';

/** What is compared with the threshold. */
export type Signal =
  | {
      readonly kind: 'metric';
      readonly metric: CounterName | GaugeName | HistogramName;
      readonly statistic: Statistic;
      readonly labels?: Readonly<Record<string, string>>;
    }
  /** One counter in percent of another, where the other has come to `least` in the period; else there is no value. */
  | {
      readonly kind: 'share';
      readonly of: CounterName;
      readonly among: CounterName;
      readonly least: number;
    };

export interface Alarm {
  /** Heading in docs/runbook.md. */
  readonly heading: string;
  readonly program: MetricProgram;
  readonly signal: Signal;
  readonly periodSeconds: number;
  readonly comparison: 'GreaterThanThreshold' | 'GreaterThanOrEqualToThreshold';
  readonly threshold: number;
  /** Of the last `periods` so many must breach. */
  readonly datapoints: number;
  readonly periods: number;
  /** What a period without values is; `ignore` keeps the state that there was. By CloudWatch’s names. */
  readonly missing: 'notBreaching' | 'breaching' | 'ignore';
  /** `page`: wakes somebody. `ticket`: this working day. `notice`: for who looks after the data. */
  readonly severity: 'page' | 'ticket' | 'notice';
  /** What is wrong, for who is told. */
  readonly sentence: string;
}

const MINUTE = 60;
const FIVE_MINUTES = 300;
const QUARTER = 900;

export const ALARMS = {
  BacklogOld: {
    heading: 'Backlog is old',
    program: 'queue',
    signal: { kind: 'metric', metric: 'OldestMessageAge', statistic: 'Maximum' },
    periodSeconds: FIVE_MINUTES,
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 1800,
    datapoints: 3,
    periods: 3,
    missing: 'notBreaching',
    severity: 'page',
    sentence: 'The oldest message has waited for half an hour: no worker runs, or too few do.',
  },
  DeadLetters: {
    heading: 'Work was given up',
    program: 'worker',
    signal: { kind: 'metric', metric: 'DeadLetterMessages', statistic: 'Maximum' },
    periodSeconds: FIVE_MINUTES,
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 1,
    datapoints: 1,
    periods: 1,
    missing: 'ignore',
    severity: 'ticket',
    sentence: 'The dead-letter queue holds messages: parts of jobs that are not graded.',
  },
  RetriesHigh: {
    heading: 'Many retries',
    program: 'worker',
    signal: { kind: 'share', of: 'Retries', among: 'Messages', least: 20 },
    periodSeconds: FIVE_MINUTES,
    comparison: 'GreaterThanThreshold',
    threshold: 10,
    datapoints: 3,
    periods: 3,
    missing: 'notBreaching',
    severity: 'ticket',
    sentence: 'More than a tenth of the deliveries fail and are tried again: a service is ill, or throttles.',
  },
  JobStandsStill: {
    heading: 'A job stands still',
    program: 'worker',
    signal: { kind: 'metric', metric: 'StandstillSightings', statistic: 'Sum' },
    periodSeconds: FIVE_MINUTES,
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 1,
    datapoints: 2,
    periods: 2,
    missing: 'notBreaching',
    severity: 'ticket',
    sentence: 'A job has open shards, and nothing of it has been recorded for long.',
  },
  ThreadsDie: {
    heading: 'Grading threads die',
    program: 'worker',
    signal: { kind: 'metric', metric: 'ThreadDeaths', statistic: 'Sum' },
    periodSeconds: QUARTER,
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 5,
    datapoints: 1,
    periods: 1,
    missing: 'notBreaching',
    severity: 'ticket',
    sentence: 'Grading threads end by themselves: damaged files, or too little memory.',
  },
  EventLoopHeld: {
    heading: 'The event loop is held',
    program: 'worker',
    signal: { kind: 'metric', metric: 'EventLoopDelay', statistic: 'p99' },
    periodSeconds: MINUTE,
    comparison: 'GreaterThanThreshold',
    threshold: 1,
    datapoints: 3,
    periods: 5,
    missing: 'notBreaching',
    severity: 'ticket',
    sentence:
      'A worker’s event loop stalls for more than a second: heartbeats come late, and shards are graded twice.',
  },
  ModelRefused: {
    heading: 'A model is refused',
    program: 'worker',
    signal: { kind: 'metric', metric: 'ModelRefusals', statistic: 'Sum' },
    periodSeconds: FIVE_MINUTES,
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 1,
    datapoints: 1,
    periods: 1,
    missing: 'notBreaching',
    severity: 'ticket',
    sentence: 'The promoted model can not be used; the one before it stays, or nothing is graded.',
  },
  RejectsHigh: {
    heading: 'Many rows are rejected',
    program: 'worker',
    signal: { kind: 'share', of: 'RowsRejected', among: 'RowsRead', least: 1000 },
    periodSeconds: QUARTER,
    comparison: 'GreaterThanThreshold',
    threshold: 50,
    datapoints: 1,
    periods: 1,
    missing: 'notBreaching',
    severity: 'notice',
    sentence: 'More than half of the rows are impossible: a column is likely in the wrong unit.',
  },
  DriftMajor: {
    heading: 'Rows are unlike those of training',
    program: 'worker',
    signal: {
      kind: 'metric',
      metric: 'DriftingFeatures',
      statistic: 'Sum',
      labels: { Verdict: 'major' },
    },
    periodSeconds: FIVE_MINUTES,
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 1,
    datapoints: 1,
    periods: 1,
    missing: 'notBreaching',
    severity: 'notice',
    sentence: 'A job was closed whose rows lie far from those that the model was trained on.',
  },
  AgreementLow: {
    heading: 'Model and rules disagree',
    program: 'worker',
    signal: { kind: 'metric', metric: 'AgreementShortfall', statistic: 'Maximum' },
    periodSeconds: FIVE_MINUTES,
    comparison: 'GreaterThanThreshold',
    threshold: 3,
    datapoints: 1,
    periods: 1,
    missing: 'notBreaching',
    severity: 'ticket',
    sentence: 'In a job model and rules agree clearly less often than the model’s card promises.',
  },
  EndpointErrors: {
    heading: 'The endpoint fails',
    program: 'endpoint',
    signal: { kind: 'share', of: 'RequestErrors', among: 'Requests', least: 20 },
    periodSeconds: MINUTE,
    comparison: 'GreaterThanThreshold',
    threshold: 1,
    datapoints: 3,
    periods: 5,
    missing: 'notBreaching',
    severity: 'page',
    sentence: 'More than one request in a hundred is answered with an error of ours.',
  },
  EndpointSlow: {
    heading: 'The endpoint is slow',
    program: 'endpoint',
    signal: { kind: 'metric', metric: 'RequestTime', statistic: 'p99' },
    periodSeconds: MINUTE,
    comparison: 'GreaterThanThreshold',
    threshold: 0.5,
    datapoints: 3,
    periods: 5,
    missing: 'notBreaching',
    severity: 'page',
    sentence: 'One request in a hundred takes longer than half a second.',
  },
  EndpointSheds: {
    heading: 'The endpoint sheds requests',
    program: 'endpoint',
    signal: { kind: 'share', of: 'RequestsShed', among: 'Requests', least: 20 },
    periodSeconds: MINUTE,
    comparison: 'GreaterThanThreshold',
    threshold: 1,
    datapoints: 3,
    periods: 5,
    missing: 'notBreaching',
    severity: 'ticket',
    sentence: 'The endpoint refuses requests since too many wait: it is too small for its load.',
  },
  EndpointAgreementLow: {
    heading: 'Model and rules disagree at the endpoint',
    program: 'endpoint',
    signal: { kind: 'metric', metric: 'AgreementShortfall', statistic: 'Maximum' },
    periodSeconds: FIVE_MINUTES,
    comparison: 'GreaterThanThreshold',
    threshold: 3,
    datapoints: 1,
    periods: 1,
    missing: 'notBreaching',
    severity: 'ticket',
    sentence: 'Of late requests model and rules agree clearly less often than the model’s card promises.',
  },
  EndpointDriftMajor: {
    heading: 'Requests are unlike the rows of training',
    program: 'endpoint',
    signal: {
      kind: 'metric',
      metric: 'DriftingFeatures',
      statistic: 'Sum',
      labels: { Verdict: 'major' },
    },
    periodSeconds: FIVE_MINUTES,
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 1,
    datapoints: 1,
    periods: 1,
    missing: 'notBreaching',
    severity: 'notice',
    sentence: 'A window of requests lies far from the rows that the model was trained on.',
  },
} as const satisfies Record<string, Alarm>;

export type AlarmName = keyof typeof ALARMS;

export const ALARM_NAMES = Object.keys(ALARMS) as readonly AlarmName[];

/** The table’s line, without the narrow types of its values. */
export function alarmOf(name: AlarmName): Alarm {
  return ALARMS[name];
}
