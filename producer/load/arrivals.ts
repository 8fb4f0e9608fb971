/**
 * When each request is due. The schedule alone decides (an open loop): a client that waited for answers would send less just
 * when the endpoint is slow, and never see what users then see.
 */
import type { LoadPhase } from '../../schemas/load-schedule.ts';

export interface Arrivals {
  readonly count: number;
  /** In milliseconds from the start. */
  readonly totalMs: number;
  /** Milliseconds from the start at which request `index` is due; evenly spread over its phase. */
  dueMs(index: number): number;
  phaseOf(index: number): number;
  /** Requests of each phase. */
  readonly perPhase: readonly number[];
}

/** @param speed how many times shorter each phase is; rates stay as they are */
export function arrivalsOf(phases: readonly LoadPhase[], speed: number): Arrivals {
  const ends: number[] = [];
  const starts: number[] = [];
  const spacings: number[] = [];
  const perPhase: number[] = [];
  let count = 0;
  let atMs = 0;
  for (const { seconds, requestsPerSecond } of phases) {
    const lengthMs = (seconds / speed) * 1000;
    const requests = Math.round((lengthMs / 1000) * requestsPerSecond);
    starts.push(atMs);
    spacings.push(requests === 0 ? 0 : lengthMs / requests);
    perPhase.push(requests);
    count += requests;
    ends.push(count);
    atMs += lengthMs;
  }
  const phaseOf = (index: number): number => ends.findIndex((end) => index < end);
  return {
    count,
    totalMs: atMs,
    perPhase,
    phaseOf,
    dueMs(index) {
      const phase = phaseOf(index);
      if (phase < 0) throw new RangeError(`There are ${count} requests, and no ${index}.`);
      const within = index - (ends[phase - 1] ?? 0);
      return (starts[phase] as number) + within * (spacings[phase] as number);
    },
  };
}
