/**
 * When an alarm is raised and cleared: CloudWatch's "M out of N", so that the local page does as AWS would.
 * Source: docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html.
 */
import type { Alarm } from '../../schemas/alarms.ts';

export type AlarmState = 'ok' | 'alarm';

/**
 * The state after the last period.
 * @param values of the last periods, the newest last; undefined where there was none. Periods before the first are
 *   without values too.
 * @param before the state until now. @default ok
 */
export function evaluateAlarm(
  alarm: Alarm,
  values: readonly (number | undefined)[],
  before: AlarmState = 'ok',
): AlarmState {
  const looked = lastOf(values, alarm.periods);
  // Nothing told in any of them: what the alarm treats as no news changes nothing.
  if (alarm.missing === 'ignore' && looked.every((value) => value === undefined)) return before;
  const breaching = looked.filter((value) =>
    value === undefined ? alarm.missing === 'breaching' : isBreaching(alarm, value),
  );
  return breaching.length >= alarm.datapoints ? 'alarm' : 'ok';
}

export function isBreaching({ comparison, threshold }: Alarm, value: number): boolean {
  switch (comparison) {
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    default:
      return comparison satisfies never;
  }
}

function lastOf(values: readonly (number | undefined)[], count: number): (number | undefined)[] {
  const last = values.slice(-count);
  return [...new Array<undefined>(count - last.length).fill(undefined), ...last];
}
