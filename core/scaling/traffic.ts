/** Traffic as phases of an even rate, and the schedule that autoscaling is judged by. */

export interface TrafficPhase {
  readonly seconds: number;
  /** Requests a second. */
  readonly rate: number;
}

/** Quiet, busy, heavy, heavier, and back: 22 minutes. */
export const SIX_PHASES: readonly TrafficPhase[] = [
  { seconds: 180, rate: 5 },
  { seconds: 180, rate: 50 },
  { seconds: 300, rate: 200 },
  { seconds: 300, rate: 350 },
  { seconds: 180, rate: 5 },
  { seconds: 180, rate: 50 },
];

export function trafficSeconds(phases: readonly TrafficPhase[]): number {
  return phases.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** Requests in the second that begins at `at`; after the last phase its rate goes on. */
export function rateAt(phases: readonly TrafficPhase[], at: number): number {
  let end = 0;
  for (const { seconds, rate } of phases) {
    end += seconds;
    if (at < end) return rate;
  }
  return phases.at(-1)?.rate ?? 0;
}
