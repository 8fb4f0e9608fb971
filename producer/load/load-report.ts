import type { LoadPhase } from '../../schemas/load-schedule.ts';
import type { LoadCounts, LoadSlice } from './load-tally.ts';

/** What `nutrisage load --json` prints. */
export interface LoadReport {
  readonly endpoint: string;
  readonly startedAt: string;
  /** How many times shorter the phases were than the schedule says. */
  readonly speed: number;
  /** False where it was stopped before the end. */
  readonly isWhole: boolean;
  readonly total: LoadCounts;
  readonly phases: readonly (LoadPhase & LoadCounts)[];
  /** How often each status or error code came, of what is not ok. */
  readonly reasons: Readonly<Record<string, number>>;
  /** By how much the client itself was late with requests, 99th percentile: what it adds to latencies. */
  readonly clientLateMs: number;
  readonly slices: readonly LoadSlice[];
}
