/**
 * What Application Auto Scaling does with a policy, second by second and without a clock of its own.
 * Source: docs.aws.amazon.com/autoscaling/application/userguide, "Target tracking" and "Step scaling"; what the guide
 * leaves open stands in clocks.ts. On AWS removal is "more gradual" than here, by an unsaid measure: tasks that are
 * too many leave in one step here, perhaps in several there.
 *
 * A change of the number of tasks is `under way` from the wish until as many run, then `cooling` for the cooldown, then over.
 */
import type { ScalingClock } from './clocks.ts';
import type { ScalingMetric, ScalingPolicy, TargetTracking } from './policy.ts';

/** Means over one metric period; a metric without a value is absent, and decides nothing. */
export type Readings = Readonly<Partial<Record<ScalingMetric, number>>>;

export interface Datapoint {
  readonly readings: Readings;
  /** Messages that nobody has yet. */
  readonly waiting: number;
}

interface Change {
  readonly direction: 'out' | 'in';
  readonly from: number;
  readonly to: number;
  /** When as many ran as were wished for. */
  readonly completedAt: number | undefined;
}

export interface AutoscalerState {
  readonly desired: number;
  /** Of the last periods, the newest last. */
  readonly history: readonly Readings[];
  /** The last change, until its cooldown is over. */
  readonly change: Change | undefined;
}

export function startAutoscaler(desired: number): AutoscalerState {
  return { desired, history: [], change: undefined };
}

/** Notes how many tasks run: the last change is complete, and cools, once they are as many as desired. */
export function noteRunning(
  policy: ScalingPolicy,
  state: AutoscalerState,
  { at, running }: { readonly at: number; readonly running: number },
): AutoscalerState {
  const { change } = state;
  if (change === undefined) return state;
  if (change.completedAt === undefined) {
    const isComplete = change.direction === 'out' ? running >= change.to : running <= change.to;
    return isComplete ? { ...state, change: { ...change, completedAt: at } } : state;
  }
  const cooldown =
    change.direction === 'out' ? policy.scaleOutCooldownSeconds : policy.scaleInCooldownSeconds;
  return at - change.completedAt >= cooldown ? { ...state, change: undefined } : state;
}

/** Takes one datapoint in and decides anew how many tasks are desired. */
export function takeDatapoint(
  policy: ScalingPolicy,
  clock: ScalingClock,
  before: AutoscalerState,
  { readings, waiting }: Datapoint,
): AutoscalerState {
  const state = { ...before, history: [...before.history, readings].slice(-clock.lowDatapoints) };
  if (state.desired === 0 && waiting > 0) return changed(state, clamp(policy, policy.wakeTasks));
  const more = wishedMore(policy, clock, state);
  if (more > state.desired) return changed(state, more);
  const less = wishedLess(policy, clock, state);
  return less < state.desired ? changed(state, less) : state;
}

/** The most that any target asks for. */
function wishedMore(policy: ScalingPolicy, clock: ScalingClock, state: AutoscalerState): number {
  const wishes = policy.targets.map((tracking) => {
    const recent = lastValues(state.history, tracking, clock.highDatapoints);
    const isHigh = recent?.every((value) => value > tracking.target) === true;
    return isHigh ? proportional(state.desired, recent?.at(-1) ?? 0, tracking) : 0;
  });
  const wished = clamp(policy, Math.max(0, ...wishes));
  const { change } = state;
  if (change?.direction !== 'out') return wished;
  // What the last change added counts as added: only a larger step goes beyond it.
  const added = change.to - change.from;
  const asked = wished - state.desired;
  return asked > added ? clamp(policy, change.from + asked) : state.desired;
}

/** The most that any target still needs, and only where all of them can spare tasks. */
function wishedLess(policy: ScalingPolicy, clock: ScalingClock, state: AutoscalerState): number {
  if (state.change?.direction === 'in') return state.desired;
  const wishes = policy.targets.map((tracking) => {
    const recent = lastValues(state.history, tracking, clock.lowDatapoints);
    const isLow = recent?.every((value) => value < tracking.target * clock.lowShare) === true;
    return isLow ? proportional(state.desired, recent?.at(-1) ?? 0, tracking) : state.desired;
  });
  return clamp(policy, Math.max(...wishes));
}

/** As many tasks as bring the metric to its target. */
function proportional(desired: number, value: number, { target }: TargetTracking): number {
  return Math.ceil((desired * value) / target);
}

/** The metric's last values; undefined where there are not yet so many, or one is missing. */
function lastValues(
  history: readonly Readings[],
  { metric }: TargetTracking,
  count: number,
): readonly number[] | undefined {
  const values = history.slice(-count).flatMap((readings) => readings[metric] ?? []);
  return values.length === count ? values : undefined;
}

function changed(state: AutoscalerState, desired: number): AutoscalerState {
  const direction = desired > state.desired ? 'out' : 'in';
  return {
    ...state,
    desired,
    change: { direction, from: state.desired, to: desired, completedAt: undefined },
  };
}

function clamp({ tasksMin, tasksMax }: ScalingPolicy, tasks: number): number {
  return Math.min(tasksMax, Math.max(tasksMin, tasks));
}
