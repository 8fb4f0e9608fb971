/**
 * Keeps a fleet as large as the scaling policy wants it: the AWS template's policy and the simulator's, on the real backlog of the
 * embedded queue and on processes of this machine.
 */
import {
  type AutoscalerState,
  noteRunning,
  startAutoscaler,
  takeDatapoint,
} from '../../core/scaling/autoscaler.ts';
import type { ScalingClock } from '../../core/scaling/clocks.ts';
import type { ScalingPolicy } from '../../core/scaling/policy.ts';
import type { Fleet } from './fleet.ts';

export interface Backlog {
  readonly waiting: number;
  readonly inFlight: number;
}

export interface AutoscaleOptions {
  readonly fleet: Pick<Fleet, 'readyCount' | 'resize'>;
  /** Workers that the fleet has now. */
  readonly workers: number;
  readonly policy: ScalingPolicy;
  readonly clock: ScalingClock;
  readonly readBacklog: () => Promise<Backlog>;
  /** Takes one sentence for each change, and for each backlog that could not be read. */
  readonly report: (sentence: string) => void;
}

/** What was seen and wished in one second; the page of the stack draws them. */
export interface Observation extends Backlog {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly desired: number;
  readonly running: number;
}

export interface Autoscaling {
  readonly policy: ScalingPolicy;
  /** Of the last hour, the newest last. */
  readonly observations: readonly Observation[];
  /** Changes nothing any more; fulfilled when what it was at is done. */
  stop(): Promise<void>;
}

const LOOK_MS = 1000;
const OBSERVATIONS_MAX = 3600;

export function startAutoscaling(options: AutoscaleOptions): Autoscaling {
  const { fleet, policy, clock, readBacklog, report } = options;
  const observations: Observation[] = [];
  let state = startAutoscaler(options.workers);
  /** Counted apart from what is kept, which ends at an hour. */
  let looks = 0;
  let isUnreadable = false;

  const decide = (next: AutoscalerState, backlog: Backlog): void => {
    const before = state.desired;
    state = next;
    if (next.desired === before) return;
    report(
      `Workers: ${before} to ${next.desired}, with ${backlog.waiting} messages waiting and ${backlog.inFlight} in flight.`,
    );
    fleet.resize(next.desired);
  };
  const look = async (): Promise<void> => {
    const backlog = await readBacklog();
    isUnreadable = false;
    const at = Date.now();
    const running = fleet.readyCount;
    observations.push({ at, ...backlog, desired: state.desired, running });
    if (observations.length > OBSERVATIONS_MAX) observations.shift();
    state = noteRunning(policy, state, { at: at / 1000, running });
    looks += 1;
    if (looks % clock.metricSeconds !== 0) return;
    const readings = { 'backlog-per-task': meanBacklogPerTask(observations.slice(-clock.metricSeconds)) };
    decide(takeDatapoint(policy, clock, state, { readings, waiting: backlog.waiting }), backlog);
  };

  let looking = Promise.resolve();
  const timer = setInterval(() => {
    // One after the other: a slow answer must not overtake a later one.
    looking = looking.then(look).catch((error: unknown) => {
      if (!isUnreadable)
        report(`The backlog can not be read, so the number of workers stays: ${String(error)}`);
      isUnreadable = true;
    });
  }, LOOK_MS);
  return {
    policy,
    observations,
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}

function meanBacklogPerTask(period: readonly Observation[]): number {
  const perTask = period.map(({ waiting, inFlight, desired }) => (waiting + inFlight) / Math.max(1, desired));
  return perTask.reduce((sum, value) => sum + value, 0) / period.length;
}
