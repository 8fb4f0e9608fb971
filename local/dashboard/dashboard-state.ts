/** What is kept of the readings so far. */
import type { AlarmWatch } from '../../core/alarms/watch-alarms.ts';
import type { Snapshot } from '../../core/metrics/registry.ts';
import type { FirstRunning } from '../../producer/job-progress.ts';
import type { HistoryPoint } from './page-view.ts';
import type { Reading, WorkerReading } from './reading.ts';

/** All that was counted since the start, at a moment. */
export interface Milestone {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly workers: Snapshot;
  readonly endpoint: Snapshot;
  /** As each process last told it, by its key. */
  readonly processes: ReadonlyMap<string, Snapshot>;
}

export interface DashboardState {
  readonly startedAt: number;
  /** Undefined before the first. */
  readonly reading: Reading | undefined;
  readonly latest: Milestone;
  /** Those before, the newest last, as far back as latencies are shown of. */
  readonly past: readonly Milestone[];
  readonly history: readonly HistoryPoint[];
  readonly alarms: AlarmWatch;
  /** When each open job was first seen running. */
  readonly running: ReadonlyMap<string, FirstRunning>;
}

/** A worker that was started again counts from 0, under another key. */
export function processKey({ name, pid }: Pick<WorkerReading, 'name' | 'pid'>): string {
  return `${name} ${pid ?? ''}`;
}
