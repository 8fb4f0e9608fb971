/**
 * The alarms of a running system: what was counted since the last look goes in, and each is evaluated over windows of its
 * period that end now. CloudWatch moves the windows by a minute, this by one look: an alarm may be raised up to a minute
 * sooner than there, and by no other rule.
 */
import { ALARM_NAMES, type Alarm, type AlarmName, alarmOf, type Signal } from '../../schemas/alarms.ts';
import { type MetricProgram, metricDefinition } from '../../schemas/metrics.ts';
import { isHistogram, type Series, type Snapshot } from '../metrics/registry.ts';
import { type AlarmState, evaluateAlarm } from './evaluate-alarm.ts';
import { signalValue } from './signal-value.ts';

export interface AlarmStanding {
  readonly state: AlarmState;
  /** Milliseconds since 1970 at which the state began. */
  readonly since: number;
  /** What the signal comes to in the newest period; undefined where there is no value. */
  readonly value: number | undefined;
  /** When a raised alarm clears if nothing more happens; undefined while what raised it goes on. */
  readonly clearsAt: number | undefined;
}

/** What was counted of an alarm's metrics up to a moment, since the one before. */
interface Sighting {
  readonly at: number;
  readonly counted: Snapshot;
}

export interface AlarmWatch {
  readonly standings: ReadonlyMap<AlarmName, AlarmStanding>;
  /** As far back as each alarm looks, the newest last. */
  readonly sightings: ReadonlyMap<AlarmName, readonly Sighting[]>;
}

export interface AlarmLook {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What each program's processes counted since the last look (`snapshotDelta`), one after the other. */
  readonly counted: Readonly<Partial<Record<MetricProgram, Snapshot>>>;
  /** Periods pass so many times as fast as the table says; thresholds are as they are. @default 1 */
  readonly speed?: number;
}

/** How many moments of a period are tried for when an alarm clears. */
const STEPS_PER_PERIOD = 20;

/** All is well at the start. @param at milliseconds since 1970 */
export function startAlarmWatch(at: number): AlarmWatch {
  const standing = { state: 'ok', since: at, value: undefined, clearsAt: undefined } as const;
  return {
    standings: new Map(ALARM_NAMES.map((name) => [name, standing])),
    sightings: new Map(ALARM_NAMES.map((name) => [name, []])),
  };
}

export function watchAlarms(watch: AlarmWatch, look: AlarmLook): AlarmWatch {
  const all = ALARM_NAMES.map((name) => [name, watchOne(name, watch, look)] as const);
  return {
    standings: new Map(all.map(([name, { standing }]) => [name, standing])),
    sightings: new Map(all.map(([name, { sightings }]) => [name, sightings])),
  };
}

function watchOne(
  name: AlarmName,
  watch: AlarmWatch,
  { at, counted, speed = 1 }: AlarmLook,
): { readonly standing: AlarmStanding; readonly sightings: readonly Sighting[] } {
  const alarm = alarmOf(name);
  const periodMs = (alarm.periodSeconds * 1000) / speed;
  const newest = { at, counted: ofSignal(alarm.signal, counted[alarm.program] ?? []) };
  const sightings = [...(watch.sightings.get(name) ?? []), newest].filter(
    (sighting) => sighting.at > at - alarm.periods * periodMs,
  );
  const before = watch.standings.get(name) ?? { state: 'ok', since: at };
  const values = periodValues(alarm, sightings, at, periodMs);
  const state = evaluateAlarm(alarm, values, before.state);
  const standing = {
    state,
    since: state === before.state ? before.since : at,
    value: values.at(-1),
    clearsAt: state === 'alarm' ? clearingTime(alarm, sightings, newest, periodMs) : undefined,
  };
  return { standing, sightings };
}

/** Series that the signal is made of: the rest need not be kept. */
function ofSignal(signal: Signal, counted: Snapshot): Snapshot {
  const metrics: readonly string[] = signal.kind === 'share' ? [signal.of, signal.among] : [signal.metric];
  return counted.filter(({ metric }) => metrics.includes(metric));
}

/** Of the last periods up to `at`, the newest last. */
function periodValues(
  { signal, periods }: Alarm,
  sightings: readonly Sighting[],
  at: number,
  periodMs: number,
): (number | undefined)[] {
  return Array.from({ length: periods }, (_, index) => {
    const end = at - (periods - 1 - index) * periodMs;
    const inPeriod = sightings.filter((one) => one.at <= end && one.at > end - periodMs);
    return signalValue(
      signal,
      inPeriod.flatMap(({ counted }) => counted),
    );
  });
}

/** The first moment at which the alarm is over if gauges stay as they are and nothing more is counted. */
function clearingTime(
  alarm: Alarm,
  sightings: readonly Sighting[],
  newest: Sighting,
  periodMs: number,
): number | undefined {
  const counted = newest.counted.map(asStill);
  const stepMs = periodMs / STEPS_PER_PERIOD;
  const still: Sighting[] = [];
  for (let step = 1; step <= STEPS_PER_PERIOD * alarm.periods; step += 1) {
    const at = newest.at + step * stepMs;
    still.push({ at, counted });
    const values = periodValues(alarm, [...sightings, ...still], at, periodMs);
    if (evaluateAlarm(alarm, values, 'alarm') === 'ok') return at;
  }
  return undefined;
}

function asStill(series: Series): Series {
  if (isHistogram(series)) return { ...series, counts: series.counts.map(() => 0) };
  return metricDefinition(series.metric).kind === 'counter' ? { ...series, value: 0 } : series;
}
