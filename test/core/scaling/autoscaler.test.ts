import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AutoscalerState,
  noteRunning,
  type Readings,
  startAutoscaler,
  takeDatapoint,
} from '../../../core/scaling/autoscaler.ts';
import type { ScalingClock } from '../../../core/scaling/clocks.ts';
import type { ScalingPolicy } from '../../../core/scaling/policy.ts';

const CLOCK: ScalingClock = {
  name: 'fast',
  metricSeconds: 1,
  metricDelaySeconds: 0,
  highDatapoints: 2,
  lowDatapoints: 3,
  lowShare: 0.9,
  startUpSeconds: 1,
};
const CPU: ScalingPolicy = {
  tasksMin: 1,
  tasksMax: 10,
  targets: [{ metric: 'cpu-percent', target: 40 }],
  scaleOutCooldownSeconds: 10,
  scaleInCooldownSeconds: 10,
  wakeTasks: 0,
  isBusyProtected: false,
};
const BOTH: ScalingPolicy = {
  ...CPU,
  targets: [...CPU.targets, { metric: 'requests-per-task', target: 400 }],
};
const QUEUE: ScalingPolicy = {
  ...CPU,
  tasksMin: 0,
  targets: [{ metric: 'backlog-per-task', target: 5 }],
  wakeTasks: 1,
};

/** The state after all datapoints, nothing running meanwhile. */
function stateAfter(
  policy: ScalingPolicy,
  desired: number,
  readings: readonly Readings[],
  waiting = 0,
): AutoscalerState {
  return readings.reduce(
    (state, one) => takeDatapoint(policy, CLOCK, state, { readings: one, waiting }),
    startAutoscaler(desired),
  );
}
const cpu = (...percents: readonly number[]): Readings[] =>
  percents.map((percent) => ({ 'cpu-percent': percent }));

describe('the autoscaler', () => {
  it('adds tasks in proportion once the alarm’s values are all above the target', () => {
    expect(stateAfter(CPU, 2, cpu(100)).desired).toBe(2);
    expect(stateAfter(CPU, 2, cpu(39, 100)).desired).toBe(2);
    expect(stateAfter(CPU, 2, cpu(41, 100)).desired).toBe(5);
  });

  it('does nothing at the target itself', () => {
    expect(stateAfter(CPU, 2, cpu(40, 40, 40, 40)).desired).toBe(2);
  });

  it('removes tasks in proportion once the values are all below nine tenths of the target', () => {
    expect(stateAfter(CPU, 8, cpu(20, 20)).desired).toBe(8);
    expect(stateAfter(CPU, 8, cpu(37, 20, 20)).desired).toBe(8);
    expect(stateAfter(CPU, 8, cpu(35, 20, 11)).desired).toBe(3);
  });

  it('keeps to its range', () => {
    expect(stateAfter(CPU, 8, cpu(100, 100)).desired).toBe(10);
    expect(stateAfter(CPU, 8, cpu(0, 0, 0)).desired).toBe(1);
  });

  it('does nothing where a value is missing', () => {
    expect(stateAfter(CPU, 2, [...cpu(100), {}, ...cpu(100)]).desired).toBe(2);
    expect(stateAfter(CPU, 8, [...cpu(1, 1), {}]).desired).toBe(8);
  });

  it('adds if any target asks, the most; removes only if all can spare, the least', () => {
    const readings = (percent: number, requests: number): Readings => ({
      'cpu-percent': percent,
      'requests-per-task': requests,
    });
    const times = (one: Readings, count: number): Readings[] => new Array<Readings>(count).fill(one);
    expect(stateAfter(BOTH, 2, times(readings(10, 800), 2)).desired).toBe(4);
    expect(stateAfter(BOTH, 2, times(readings(100, 800), 2)).desired).toBe(5);
    expect(stateAfter(BOTH, 8, times(readings(5, 380), 3)).desired).toBe(8);
    expect(stateAfter(BOTH, 8, times(readings(5, 200), 3)).desired).toBe(4);
  });

  it('wakes at the first message that waits where no task is desired', () => {
    const idle = { 'backlog-per-task': 1 };
    expect(stateAfter(QUEUE, 0, [{ 'backlog-per-task': 0 }]).desired).toBe(0);
    expect(stateAfter(QUEUE, 0, [idle], 1).desired).toBe(1);
  });

  it('goes to zero where its range has it', () => {
    const empty = { 'backlog-per-task': 0 };
    expect(stateAfter(QUEUE, 3, [empty, empty, empty]).desired).toBe(0);
  });
});

describe('a cooldown', () => {
  const overloaded = stateAfter(CPU, 2, cpu(100, 60));

  it('takes no second step of the size of the one under way', () => {
    expect(overloaded.desired).toBe(3);
    expect(
      takeDatapoint(CPU, CLOCK, overloaded, { readings: { 'cpu-percent': 50 }, waiting: 0 }).desired,
    ).toBe(3);
  });

  it('takes a larger step, counted from where the first began', () => {
    const more = takeDatapoint(CPU, CLOCK, overloaded, { readings: { 'cpu-percent': 80 }, waiting: 0 });
    // 3 tasks at 80 % ask for 6, three more; one of them is on its way.
    expect(more.desired).toBe(2 + 3);
  });

  it('begins when the tasks run, and then lasts its time', () => {
    const starting = noteRunning(CPU, overloaded, { at: 100, running: 2 });
    expect(starting.change?.completedAt).toBeUndefined();
    const running = noteRunning(CPU, starting, { at: 101, running: 3 });
    expect(running.change?.completedAt).toBe(101);
    expect(noteRunning(CPU, running, { at: 110, running: 3 }).change).toBeDefined();
    const over = noteRunning(CPU, running, { at: 111, running: 3 });
    expect(over.change).toBeUndefined();
    expect(noteRunning(CPU, over, { at: 112, running: 3 })).toBe(over);
    expect(takeDatapoint(CPU, CLOCK, over, { readings: { 'cpu-percent': 50 }, waiting: 0 }).desired).toBe(4);
  });

  it('after removing blocks removing, not adding', () => {
    const removed = stateAfter(CPU, 8, cpu(20, 20, 20));
    expect(removed.desired).toBe(4);
    const again = takeDatapoint(CPU, CLOCK, removed, { readings: { 'cpu-percent': 20 }, waiting: 0 });
    expect(again.desired).toBe(4);
    const cooling = noteRunning(CPU, again, { at: 0, running: 4 });
    expect(noteRunning(CPU, cooling, { at: 10, running: 4 }).change).toBeUndefined();
    const busy = [90, 90].reduce(
      (state, percent) =>
        takeDatapoint(CPU, CLOCK, state, { readings: { 'cpu-percent': percent }, waiting: 0 }),
      cooling,
    );
    expect(busy).toMatchObject({ desired: 9, change: { direction: 'out', from: 4 } });
  });
});

describe('whatever is read', () => {
  const reading = fc.record(
    {
      'cpu-percent': fc.double({ min: 0, max: 100, noNaN: true }),
      'requests-per-task': fc.double({ min: 0, max: 1e6, noNaN: true }),
    },
    { requiredKeys: [] },
  );

  it('the number of tasks is whole and within the range', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.array(reading, { maxLength: 40 }),
        (desired, readings) => {
          const state = stateAfter(BOTH, desired, readings, 5);
          return Number.isInteger(state.desired) && state.desired >= 1 && state.desired <= 10;
        },
      ),
    );
  });

  it('more load never leads to fewer tasks', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 3 }),
        fc.double({ min: 1, max: 3, noNaN: true }),
        (desired, percents, factor) => {
          const light = stateAfter(CPU, desired, cpu(...percents)).desired;
          const heavy = stateAfter(CPU, desired, cpu(...percents.map((percent) => percent * factor))).desired;
          return heavy >= light;
        },
      ),
    );
  });
});
