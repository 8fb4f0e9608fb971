import { describe, expect, it } from 'vitest';
import { CLOCKS, reactionSeconds } from '../../../core/scaling/clocks.ts';
import {
  backlogPerTask,
  cloudWatchTarget,
  endpointPolicy,
  PROFILES,
  workerPolicy,
} from '../../../core/scaling/policy.ts';
import { SHARD_ROWS, visibilitySeconds, workerSize } from '../../../core/scaling/task-sizes.ts';

describe('the policy of the endpoint', () => {
  it('follows 40 % of the processor and 400 requests a second, from 1 to 10 tasks', () => {
    expect(endpointPolicy(PROFILES.production)).toEqual({
      tasksMin: 1,
      tasksMax: 10,
      targets: [
        { metric: 'cpu-percent', target: 40 },
        { metric: 'requests-per-task', target: 400 },
      ],
      scaleOutCooldownSeconds: 120,
      scaleInCooldownSeconds: 120,
      wakeTasks: 0,
      isBusyProtected: false,
    });
  });

  it('never goes to zero', () => {
    expect(() => endpointPolicy(PROFILES.demo, { tasksMin: 0, tasksMax: 3 })).toThrow(
      'Tasks from 0 to 3: give whole numbers, the first at least 1 and no larger than the second.',
    );
  });
});

describe('the policy of the workers', () => {
  const size = { threads: 2, shardSeconds: 3 };

  it('gives each task what it has done once new ones work, and the rest of the acceptable latency', () => {
    expect(reactionSeconds(CLOCKS.aws)).toBe(60 + 3 * 60 + 60);
    expect(backlogPerTask(PROFILES.production, size)).toBe(((600 - 300) * 2) / 3);
    expect(backlogPerTask(PROFILES.demo, size)).toBe(Math.floor(((30 - 17) * 2) / 3));
  });

  it('gives each task one message at least', () => {
    expect(backlogPerTask(PROFILES.demo, { threads: 1, shardSeconds: 600 })).toBe(1);
  });

  it('wakes from zero, and spares who is busy', () => {
    expect(workerPolicy(PROFILES.demo, size, { tasksMin: 0, tasksMax: 4 })).toMatchObject({
      tasksMin: 0,
      tasksMax: 4,
      wakeTasks: 1,
      isBusyProtected: true,
      scaleOutCooldownSeconds: 5,
      scaleInCooldownSeconds: 5,
    });
  });

  it.each([
    [-1, 4],
    [5, 4],
    [0, 0],
    [1, 2.5],
  ])('has no range from %d to %d', (tasksMin, tasksMax) => {
    expect(() => workerPolicy(PROFILES.demo, size, { tasksMin, tasksMax })).toThrow(RangeError);
  });
});

describe('the cooldowns', () => {
  it('are a start and a minute in production, and 5 seconds in the demo', () => {
    expect(PROFILES.production.cooldownSeconds).toBe(CLOCKS.aws.startUpSeconds + 60);
    expect(PROFILES.demo.cooldownSeconds).toBe(5);
  });
});

describe('targets in CloudWatch’s units', () => {
  it('count requests by the minute, and leave the rest', () => {
    expect(cloudWatchTarget({ metric: 'requests-per-task', target: 400 })).toBe(24_000);
    expect(cloudWatchTarget({ metric: 'cpu-percent', target: 40 })).toBe(40);
    expect(cloudWatchTarget({ metric: 'backlog-per-task', target: 7 })).toBe(7);
  });
});

describe('a worker’s size', () => {
  it('is its threads and the time of a usual shard', () => {
    expect(workerSize(SHARD_ROWS / 4, 3)).toEqual({ threads: 3, shardSeconds: 4 });
  });

  it('hides a message for six times a shard, and a minute at least', () => {
    expect(visibilitySeconds({ threads: 2, shardSeconds: 3 })).toBe(60);
    expect(visibilitySeconds({ threads: 2, shardSeconds: 20.1 })).toBe(121);
  });
});
