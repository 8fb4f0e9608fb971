/** The alarms in words: rule, value and state. */
import { count } from '../../core/report/format-figures.ts';
import { formatDuration } from '../../core/report/format-times.ts';
import { ALARM_NAMES, type Alarm, alarmOf, type Signal, type Statistic } from '../../schemas/alarms.ts';
import { type MetricUnit, metricDefinition } from '../../schemas/metrics.ts';
import type { DashboardState } from './dashboard-state.ts';
import type { AlarmView } from './page-view.ts';

const SEVERITIES: readonly Alarm['severity'][] = ['page', 'ticket', 'notice'];

/** Raised ones first, the gravest before; those of the endpoint only while there is one. */
export function alarmViews({ alarms, reading }: DashboardState): readonly AlarmView[] {
  const hasEndpoint = reading?.endpoint !== undefined;
  const views = ALARM_NAMES.flatMap((name): AlarmView[] => {
    const { heading, severity, sentence, program } = alarmOf(name);
    const standing = alarms.standings.get(name);
    if (standing === undefined || (program === 'endpoint' && !hasEndpoint)) return [];
    const { state, since, value, clearsAt = null } = standing;
    const rule = ruleWords(alarmOf(name));
    return [
      {
        name,
        heading,
        severity,
        sentence,
        state,
        since,
        clearsAt,
        rule,
        value: valueWords(alarmOf(name), value),
      },
    ];
  });
  return views.toSorted((left, right) => rank(left) - rank(right));
}

function rank({ state, severity }: AlarmView): number {
  return state === 'ok' ? SEVERITIES.length : SEVERITIES.indexOf(severity);
}

const STATISTICS: Readonly<Record<Statistic, string>> = {
  Sum: 'sum',
  Maximum: 'maximum',
  Minimum: 'minimum',
  Average: 'average',
  p99: '99th percentile',
};

/** Such as `RowsRejected of RowsRead in 15 min above 50 %`, `EventLoopDelay, 99th percentile of 1 min above 1 s, 3 of 5 times`. */
export function ruleWords(alarm: Alarm): string {
  const { signal, periodSeconds, periods, datapoints, threshold, comparison } = alarm;
  const period = periodSeconds % 60 === 0 ? `${periodSeconds / 60} min` : `${periodSeconds} s`;
  const limit = `${comparison === 'GreaterThanThreshold' ? 'above' : 'at least'} ${amount(threshold, unitOf(signal))}`;
  const times = periods === 1 ? '' : `, ${datapoints} of ${periods} times`;
  if (signal.kind === 'share') return `${signal.of} of ${signal.among} in ${period} ${limit}${times}`;
  const labels = Object.values(signal.labels ?? {}).map((label) => ` ${label}`);
  return `${signal.metric}${labels.join('')}, ${STATISTICS[signal.statistic]} of ${period} ${limit}${times}`;
}

function valueWords({ signal }: Alarm, value: number | undefined): string {
  return value === undefined ? 'no value' : amount(value, unitOf(signal));
}

function unitOf(signal: Signal): MetricUnit {
  return signal.kind === 'share' ? 'Percent' : metricDefinition(signal.metric).unit;
}

function amount(value: number, unit: MetricUnit): string {
  switch (unit) {
    case 'Seconds':
      return secondsWords(value);
    case 'Percent':
      return `${Number(value.toFixed(1))} %`;
    case 'Bytes':
    case 'Count':
    case 'None':
      return count(value);
    default:
      return unit satisfies never;
  }
}

/** `500 ms`, `1 s`, `30 min`, and what is not so round as anywhere. */
function secondsWords(seconds: number): string {
  if (seconds < 1) return `${count(seconds * 1000)} ms`;
  if (seconds < 60 && Number.isInteger(seconds)) return `${seconds} s`;
  return seconds % 60 === 0 ? `${count(seconds / 60)} min` : formatDuration(seconds);
}
