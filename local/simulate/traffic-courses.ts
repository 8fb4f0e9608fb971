/** The six phases on both clocks, and what our own endpoint needs for the same. */
import { type PhaseRow, phaseTable } from '../../core/scaling/phase-table.ts';
import { endpointPolicy, PROFILES, type ScalingProfile } from '../../core/scaling/policy.ts';
import { type Sample, simulate } from '../../core/scaling/simulate.ts';
import { requestService } from '../../core/scaling/simulated-services.ts';
import { SIX_PHASES, type TrafficPhase, trafficSeconds } from '../../core/scaling/traffic.ts';

export interface TrafficCourse {
  readonly name: string;
  readonly profile: ScalingProfile;
  readonly requestsPerTask: number;
  readonly samples: readonly Sample[];
  /** The six phases, and the tail. */
  readonly phases: readonly PhaseRow[];
}

/** AWS takes a quarter of an hour to see that tasks are too many. */
const TAIL_SECONDS = 1200;

export const PHASES_AND_TAIL: readonly TrafficPhase[] = [
  ...SIX_PHASES,
  { seconds: TAIL_SECONDS, rate: SIX_PHASES.at(-1)?.rate ?? 0 },
];

export function trafficCourse(name: string, profile: ScalingProfile, requestsPerTask: number): TrafficCourse {
  const samples = simulate({
    policy: endpointPolicy(profile),
    clock: profile.clock,
    service: requestService({ phases: PHASES_AND_TAIL, requestsPerTask }),
    seconds: trafficSeconds(PHASES_AND_TAIL),
  });
  return { name, profile, requestsPerTask, samples, phases: phaseTable(PHASES_AND_TAIL, samples) };
}

export interface TrafficCourses {
  readonly fast: TrafficCourse;
  readonly aws: TrafficCourse;
  /** Our own endpoint, on AWS. */
  readonly own: TrafficCourse;
}

export function trafficCourses(requestsPerTask: number, ownRequestsPerTask: number): TrafficCourses {
  return {
    fast: trafficCourse('Fast clock', PROFILES.demo, requestsPerTask),
    aws: trafficCourse('AWS clock', PROFILES.production, requestsPerTask),
    own: trafficCourse('AWS clock, our own endpoint', PROFILES.production, ownRequestsPerTask),
  };
}
