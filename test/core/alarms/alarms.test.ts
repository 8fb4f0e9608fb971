import { describe, expect, it } from 'vitest';
import { evaluateAlarm } from '../../../core/alarms/evaluate-alarm.ts';
import { signalValue } from '../../../core/alarms/signal-value.ts';
import { AGREEMENT_MARGIN } from '../../../core/drift/agreement.ts';
import { createRegistry, type Snapshot } from '../../../core/metrics/registry.ts';
import { ALARM_NAMES, ALARMS, type Alarm, alarmOf, type Signal } from '../../../schemas/alarms.ts';
import { metricDefinition } from '../../../schemas/metrics.ts';

const none = undefined;

describe('evaluateAlarm', () => {
  const alarm: Alarm = { ...ALARMS.EndpointErrors, threshold: 1, datapoints: 3, periods: 5 };

  it.each([
    ['with nothing told', [], 'ok'],
    ['at the threshold', [1, 1, 1, 1, 1], 'ok'],
    ['above it in too few periods', [2, 0, 2, 0, 0], 'ok'],
    ['above it in three of five', [2, 0, 2, 0, 2], 'alarm'],
    ['above it in three of five with gaps', [2, none, 2, none, 2], 'alarm'],
    ['above it in periods that are past', [2, 2, 2, 0, 0, 0], 'ok'],
    ['above it from the start', [2, 2, 2], 'alarm'],
  ] as const)('is right %s', (_, values, state) => {
    expect(evaluateAlarm(alarm, [...values])).toBe(state);
    expect(evaluateAlarm(alarm, [...values], 'alarm')).toBe(state);
  });

  it('takes silence for a breach, for no breach, or for no news, as the alarm says', () => {
    const silent = [none, none, none, none, none];
    expect(evaluateAlarm({ ...alarm, missing: 'breaching' }, silent)).toBe('alarm');
    expect(evaluateAlarm({ ...alarm, missing: 'notBreaching' }, silent, 'alarm')).toBe('ok');
    expect(evaluateAlarm({ ...alarm, missing: 'ignore' }, silent, 'alarm')).toBe('alarm');
    expect(evaluateAlarm({ ...alarm, missing: 'ignore' }, silent, 'ok')).toBe('ok');
    expect(evaluateAlarm({ ...alarm, missing: 'ignore' }, [none, 0], 'alarm')).toBe('ok');
  });

  it('breaches at the threshold where it says so', () => {
    const atLeast: Alarm = { ...ALARMS.DeadLetters };
    expect(evaluateAlarm(atLeast, [0])).toBe('ok');
    expect(evaluateAlarm(atLeast, [1])).toBe('alarm');
  });
});

describe('signalValue', () => {
  function periodOf(count: (registry: ReturnType<typeof createRegistry>) => void): Snapshot {
    const registry = createRegistry('endpoint');
    count(registry);
    return registry.snapshot();
  }
  const metric = (
    name: 'Retries' | 'ThreadUse' | 'RequestTime',
    statistic: 'Sum' | 'Maximum' | 'Minimum' | 'Average' | 'p99',
  ): Signal => ({
    kind: 'metric',
    metric: name,
    statistic,
  });

  it('adds up counters of all processes, or of one label', () => {
    const period = [
      ...periodOf((of) => of.add('DriftingFeatures', 2, { Verdict: 'major' })),
      ...periodOf((of) => of.add('DriftingFeatures', 5, { Verdict: 'moderate' })),
      ...periodOf((of) => of.add('DriftingFeatures', 1, { Verdict: 'major' })),
    ];
    expect(signalValue(ALARMS.DriftMajor.signal, period)).toBe(3);
    const all: Signal = { kind: 'metric', metric: 'DriftingFeatures', statistic: 'Sum' };
    expect(signalValue(all, period)).toBe(8);
    expect(
      signalValue(
        ALARMS.DriftMajor.signal,
        periodOf(() => {}),
      ),
    ).toBeUndefined();
  });

  it('takes of gauges what is asked for', () => {
    const period = [20, 70, 30].flatMap((use) => periodOf((of) => of.set('ThreadUse', use)));
    expect(signalValue(metric('ThreadUse', 'Maximum'), period)).toBe(70);
    expect(signalValue(metric('ThreadUse', 'p99'), period)).toBe(70);
    expect(signalValue(metric('ThreadUse', 'Minimum'), period)).toBe(20);
    expect(signalValue(metric('ThreadUse', 'Average'), period)).toBe(40);
  });

  it('reads percentiles from the buckets of all processes together', () => {
    const fast = periodOf((of) => {
      for (let at = 0; at < 98; at += 1) of.observe('RequestTime', 0.004, { Route: 'grade' });
    });
    const slow = periodOf((of) => {
      for (const seconds of [0.7, 1.5]) of.observe('RequestTime', seconds, { Route: 'jobs' });
    });
    const period = [...fast, ...slow];
    expect(signalValue(metric('RequestTime', 'p99'), period)).toBe(1);
    expect(signalValue(metric('RequestTime', 'Maximum'), period)).toBe(2);
    expect(signalValue(metric('RequestTime', 'Minimum'), period)).toBe(0.005);
    expect(signalValue(metric('RequestTime', 'Sum'), period)).toBeCloseTo(98 * 0.004 + 2.2, 9);
    expect(signalValue(metric('RequestTime', 'Average'), period)).toBeCloseTo((98 * 0.004 + 2.2) / 100, 9);
    const endless = periodOf((of) => of.observe('RequestTime', 900, { Route: 'jobs' }));
    expect(signalValue(metric('RequestTime', 'p99'), endless)).toBe(900);
    const still = fast.map((series) =>
      'counts' in series ? { ...series, counts: series.counts.map(() => 0) } : series,
    );
    expect(signalValue(metric('RequestTime', 'p99'), still)).toBeUndefined();
  });

  it('has a share where there is enough for one', () => {
    const share: Signal = { kind: 'share', of: 'RequestErrors', among: 'Requests', least: 20 };
    const answered = (requests: number, errors: number) =>
      periodOf((of) => {
        of.add('Requests', requests, { Route: 'grade', Status: '2xx' });
        of.add('RequestErrors', errors);
      });
    expect(signalValue(share, answered(100, 3))).toBe(3);
    expect(signalValue(share, [...answered(10, 1), ...answered(10, 0)])).toBe(5);
    expect(signalValue(share, answered(19, 19))).toBeUndefined();
    expect(signalValue(share, [])).toBeUndefined();
    const withoutErrors = answered(100, 0).filter((series) => series.metric !== 'RequestErrors');
    expect(signalValue(share, withoutErrors)).toBe(0);
  });
});

describe('the table of alarms', () => {
  it.each(ALARM_NAMES)('has in %s a rule that its metric can fulfil', (name) => {
    const { signal, program, datapoints, periods, periodSeconds, threshold, sentence } = alarmOf(name);
    const metrics = signal.kind === 'share' ? [signal.of, signal.among] : [signal.metric];
    for (const metric of metrics) expect(metricDefinition(metric).programs).toContain(program);
    expect(datapoints).toBeGreaterThanOrEqual(1);
    expect(datapoints).toBeLessThanOrEqual(periods);
    // CloudWatch looks at a day at most, in whole minutes.
    expect(periodSeconds % 60).toBe(0);
    expect(periodSeconds * periods).toBeLessThanOrEqual(86_400);
    expect(sentence).toMatch(/^[A-Z].{20,}\.$/);
    if (signal.kind === 'share') return;
    const { buckets, dimensions, kind } = metricDefinition(signal.metric);
    for (const label of Object.keys(signal.labels ?? {})) expect(dimensions).toContain(label);
    // Between two ends of buckets the local page could not tell.
    if (kind === 'histogram') expect(buckets).toContain(threshold);
  });

  it('calls agreement low where the job’s own check does', () => {
    expect(ALARMS.AgreementLow.threshold).toBe(AGREEMENT_MARGIN * 100);
    expect(ALARMS.EndpointAgreementLow.threshold).toBe(AGREEMENT_MARGIN * 100);
  });
});
