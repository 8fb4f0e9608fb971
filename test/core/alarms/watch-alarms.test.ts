import { describe, expect, it } from 'vitest';
import {
  type AlarmLook,
  type AlarmWatch,
  startAlarmWatch,
  watchAlarms,
} from '../../../core/alarms/watch-alarms.ts';
import { createRegistry, type Registry, type Snapshot } from '../../../core/metrics/registry.ts';
import { ALARM_NAMES, type AlarmName, alarmOf } from '../../../schemas/alarms.ts';

const MINUTE = 60_000;

/** What a worker counts from one look to the next. */
function counted(count: (registry: Registry) => void): Snapshot {
  const registry = createRegistry('worker');
  count(registry);
  return registry.snapshot();
}

/** The watch after looks, `everyMs` apart, with what each saw. */
function watched(
  looks: readonly AlarmLook['counted'][],
  { everyMs = MINUTE, speed = 1, watch = startAlarmWatch(0), from = 0 } = {},
): AlarmWatch {
  return looks.reduce(
    (before, one, index) => watchAlarms(before, { at: from + (index + 1) * everyMs, counted: one, speed }),
    watch,
  );
}

const standing = (watch: AlarmWatch, name: AlarmName) => watch.standings.get(name);
const dead = (messages: number): AlarmLook['counted'] => ({
  worker: counted((of) => of.set('DeadLetterMessages', messages)),
});
const times = <T>(count: number, value: T): T[] => new Array<T>(count).fill(value);

describe('the watch over the alarms', () => {
  it('begins with all well', () => {
    const watch = startAlarmWatch(7);
    for (const name of ALARM_NAMES) expect(standing(watch, name)).toMatchObject({ state: 'ok', since: 7 });
  });

  it('raises at the first dead letter, and clears a period after the last', () => {
    const { periodSeconds } = alarmOf('DeadLetters');
    const raised = watched([dead(0), dead(2), dead(2)]);
    expect(standing(raised, 'DeadLetters')).toEqual({
      state: 'alarm',
      since: 2 * MINUTE,
      value: 2,
      clearsAt: undefined,
    });
    const over = watched([dead(0)], { watch: raised, from: 3 * MINUTE });
    const { clearsAt } = standing(over, 'DeadLetters') ?? {};
    expect(standing(over, 'DeadLetters')).toMatchObject({ state: 'alarm', since: 2 * MINUTE, value: 2 });
    // The last look that saw letters leaves the window a period later.
    expect(clearsAt).toBeGreaterThanOrEqual(3 * MINUTE + periodSeconds * 1000);
    expect(clearsAt).toBeLessThanOrEqual(3 * MINUTE + periodSeconds * 1000 * 1.1);
    const stillOver = watched(times(3, dead(0)), { watch: over, from: 4 * MINUTE });
    expect(standing(stillOver, 'DeadLetters')).toMatchObject({ state: 'alarm' });
    const cleared = watched(times(1, dead(0)), { watch: stillOver, from: 7 * MINUTE });
    expect(standing(cleared, 'DeadLetters')).toEqual({
      state: 'ok',
      since: 8 * MINUTE,
      value: 0,
      clearsAt: undefined,
    });
  });

  it('keeps what silence is no news for, and says no time for it', () => {
    const silent = watched(times(20, {}), { watch: watched([dead(1)]), from: MINUTE });
    expect(standing(silent, 'DeadLetters')).toMatchObject({
      state: 'alarm',
      value: undefined,
      clearsAt: undefined,
    });
  });

  it('passes periods as fast as it is told', () => {
    const quick = { everyMs: 1000, speed: 60 };
    const raised = watched([dead(1), dead(0), dead(0), dead(0), dead(0)], quick);
    expect(standing(raised, 'DeadLetters')).toMatchObject({ state: 'alarm', since: 1000, value: 1 });
    const cleared = watched([dead(0)], { ...quick, watch: raised, from: 5000 });
    expect(standing(cleared, 'DeadLetters')).toMatchObject({ state: 'ok', since: 6000 });
  });

  it('adds counters up over a period, whatever look they came in', () => {
    const deaths = (of: number): AlarmLook['counted'] => ({
      worker: [
        ...counted((one) => one.add('ThreadDeaths', of)),
        ...counted((one) => one.add('ThreadDeaths', 1)),
      ],
    });
    const two = watched([deaths(1), deaths(1)]);
    expect(standing(two, 'ThreadsDie')).toMatchObject({ state: 'ok', value: 4 });
    const third = watched([deaths(0)], { watch: two, from: 2 * MINUTE });
    expect(standing(third, 'ThreadsDie')).toMatchObject({ state: 'alarm', value: 5 });
    // A quarter of an hour after the first look only three are left.
    const { clearsAt = 0 } = standing(third, 'ThreadsDie') ?? {};
    expect(clearsAt).toBeGreaterThan(16 * MINUTE - 1);
    expect(clearsAt).toBeLessThan(17 * MINUTE);
  });

  it('needs as many periods as the alarm says', () => {
    const { periodSeconds, datapoints } = alarmOf('EventLoopHeld');
    const held: AlarmLook['counted'] = { worker: counted((of) => of.observe('EventLoopDelay', 3)) };
    const everyMs = periodSeconds * 1000;
    const states = [1, 2, 3, 4].map(
      (looks) => standing(watched(times(looks, held), { everyMs }), 'EventLoopHeld')?.state,
    );
    expect(states).toEqual(['ok', 'ok', 'alarm', 'alarm']);
    const free: AlarmLook['counted'] = { worker: counted((of) => of.observe('EventLoopDelay', 0.001)) };
    const mixed = watched([...times(datapoints, held), free], { everyMs });
    // Nothing more is delayed: the fifth period back has to leave, and the fourth.
    expect(standing(mixed, 'EventLoopHeld')).toMatchObject({ state: 'alarm', value: 0.002 });
    expect(standing(mixed, 'EventLoopHeld')?.clearsAt).toBeGreaterThan(4 * everyMs);
    expect(standing(mixed, 'EventLoopHeld')?.clearsAt).toBeLessThanOrEqual(6.1 * everyMs);
  });

  it('tells worker and endpoint apart where they share a metric', () => {
    const major: Snapshot = counted((of) => of.add('DriftingFeatures', 1, { Verdict: 'major' }));
    const watch = watched([{ endpoint: major }]);
    expect(standing(watch, 'EndpointDriftMajor')?.state).toBe('alarm');
    expect(standing(watch, 'DriftMajor')?.state).toBe('ok');
    const queue: AlarmLook['counted'] = { queue: counted((of) => of.set('OldestMessageAge', 4000)) };
    expect(standing(watched(times(15, queue)), 'BacklogOld')?.state).toBe('alarm');
  });

  it('takes shares of a whole period, and forgets what is past', () => {
    const rows = (read: number, rejected: number): AlarmLook['counted'] => ({
      worker: counted((of) => {
        of.add('RowsRead', read);
        of.add('RowsRejected', rejected);
      }),
    });
    const bad = watched([rows(600, 500), rows(600, 500)]);
    expect(standing(bad, 'RejectsHigh')?.state).toBe('alarm');
    expect(standing(bad, 'RejectsHigh')?.value).toBeCloseTo(83.3, 1);
    const long = watched(times(40, rows(0, 0)), { watch: bad, from: 2 * MINUTE });
    expect(standing(long, 'RejectsHigh')).toMatchObject({ state: 'ok', value: undefined });
    for (const sightings of long.sightings.values()) expect(sightings.length).toBeLessThanOrEqual(15);
  });
});
