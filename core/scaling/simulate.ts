/**
 * A service under an autoscaling policy, simulated second by second. The same inputs always give the same course: there is
 * neither chance nor clock in it.
 */
import {
  type AutoscalerState,
  noteRunning,
  type Readings,
  startAutoscaler,
  takeDatapoint,
} from './autoscaler.ts';
import type { ScalingClock } from './clocks.ts';
import type { ScalingMetric, ScalingPolicy } from './policy.ts';

/** What a service went through in one second. */
export interface ServiceSecond {
  readonly readings: Readings;
  /** Messages that nobody has yet, or requests that could not be served. */
  readonly waiting: number;
  /** Tasks that are not to be taken away now. */
  readonly busyTasks: number;
}

/** A service; it may keep state from second to second. */
export interface SimulatedService {
  step(second: { readonly at: number; readonly running: number; readonly desired: number }): ServiceSecond;
}

export interface Sample extends ServiceSecond {
  /** The second that began then. */
  readonly at: number;
  readonly desired: number;
  readonly running: number;
}

export interface SimulationOptions {
  readonly policy: ScalingPolicy;
  readonly clock: ScalingClock;
  readonly service: SimulatedService;
  /** How long at most. */
  readonly seconds: number;
  /** @default the least of the policy */
  readonly tasks?: number;
  /** Ends the simulation after this sample. @default never */
  readonly isOver?: (sample: Sample) => boolean;
}

/** One sample for each second. */
export function simulate(options: SimulationOptions): readonly Sample[] {
  const { policy, clock, service, seconds, isOver = () => false } = options;
  const tasks = options.tasks ?? policy.tasksMin;
  let autoscaler = startAutoscaler(tasks);
  let fleet: Fleet = { running: tasks, startsAt: [] };
  const samples: Sample[] = [];
  for (let at = 0; at < seconds; at += 1) {
    const busyTasks = samples.at(-1)?.busyTasks ?? 0;
    fleet = followDesired(fleet, autoscaler.desired, { at, clock, policy, busyTasks });
    autoscaler = noteRunning(policy, autoscaler, { at, running: fleet.running });
    const { desired } = autoscaler;
    const sample = {
      at,
      desired,
      running: fleet.running,
      ...service.step({ at, running: fleet.running, desired }),
    };
    samples.push(sample);
    autoscaler = seeDatapoint(policy, clock, autoscaler, samples);
    if (isOver(sample)) break;
  }
  return samples;
}

interface Fleet {
  readonly running: number;
  /** When each task that is starting will work. */
  readonly startsAt: readonly number[];
}

interface FleetSecond {
  readonly at: number;
  readonly clock: ScalingClock;
  readonly policy: ScalingPolicy;
  readonly busyTasks: number;
}

/** Tasks start after their time and end at once; those that still start go first, those with work never under protection. */
function followDesired(fleet: Fleet, desired: number, { at, clock, policy, busyTasks }: FleetSecond): Fleet {
  const started = fleet.startsAt.filter((ready) => ready <= at).length;
  let running = fleet.running + started;
  let startsAt = fleet.startsAt.filter((ready) => ready > at);
  const missing = desired - running - startsAt.length;
  if (missing > 0) {
    startsAt = [...startsAt, ...new Array<number>(missing).fill(at + clock.startUpSeconds)];
  } else if (missing < 0) {
    startsAt = startsAt.slice(0, Math.max(0, startsAt.length + missing));
    const least = policy.isBusyProtected ? Math.max(desired, Math.min(busyTasks, running)) : desired;
    running = Math.min(running, Math.max(least, desired - startsAt.length));
  }
  return { running, startsAt };
}

/** The period that ended `metricDelaySeconds` ago is seen at its second, and decided on. */
function seeDatapoint(
  policy: ScalingPolicy,
  clock: ScalingClock,
  autoscaler: AutoscalerState,
  samples: readonly Sample[],
): AutoscalerState {
  const end = samples.length - clock.metricDelaySeconds;
  if (end <= 0 || end % clock.metricSeconds !== 0) return autoscaler;
  const period = samples.slice(end - clock.metricSeconds, end);
  const waiting = period.at(-1)?.waiting ?? 0;
  return takeDatapoint(policy, clock, autoscaler, { readings: meanReadings(policy, period), waiting });
}

function meanReadings(policy: ScalingPolicy, period: readonly Sample[]): Readings {
  const means: Partial<Record<ScalingMetric, number>> = {};
  for (const { metric } of policy.targets) {
    const values = period.flatMap(({ readings }) => readings[metric] ?? []);
    if (values.length > 0) means[metric] = values.reduce((sum, value) => sum + value, 0) / values.length;
  }
  return means;
}
