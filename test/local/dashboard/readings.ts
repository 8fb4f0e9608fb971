/** A running system as tests of the page read it, second by second. */
import { createRegistry, type Registry } from '../../../core/metrics/registry.ts';
import type { DashboardState } from '../../../local/dashboard/dashboard-state.ts';
import { foldReading, startDashboardState } from '../../../local/dashboard/fold-reading.ts';
import { makeView } from '../../../local/dashboard/make-view.ts';
import type { PageView } from '../../../local/dashboard/page-view.ts';
import type { JobReading, QueueReading, Reading, WorkerReading } from '../../../local/dashboard/reading.ts';
import type { JobRecord } from '../../../schemas/ledger.ts';
import { INPUT, jobRecord } from '../../support/records.ts';

/** When the stack starts, milliseconds since 1970. */
export const START = Date.parse('2026-11-23T10:00:00.000Z');

export const EMPTY: QueueReading = {
  waiting: 0,
  inFlight: 0,
  dead: 0,
  oldestSeconds: undefined,
  letters: [],
};

/** Seconds after the start; nothing waits, no worker runs, unless told. */
export function reading(second: number, changes: Partial<Reading> = {}): Reading {
  return {
    at: START + second * 1000,
    queue: EMPTY,
    fleet: { workers: [], desired: undefined },
    jobs: [],
    model: undefined,
    endpoint: undefined,
    faults: [],
    ...changes,
  };
}

/** A process that counts: its registry, and itself as it is read. */
export function countingWorker(name: string, pid = 100) {
  const registry: Registry = createRegistry('worker');
  return {
    registry,
    read: (changes: Partial<WorkerReading> = {}): WorkerReading => ({
      name,
      state: 'ready',
      pid,
      snapshot: registry.snapshot(),
      ...changes,
    }),
  };
}

export function fleetOf(...workers: readonly WorkerReading[]): Reading['fleet'] {
  return { workers, desired: undefined };
}

export function fold(readings: readonly Reading[], alarmSpeed = 1): DashboardState {
  return readings.reduce((state, one) => foldReading(state, one, alarmSpeed), startDashboardState(START));
}

export function viewOf(readings: readonly Reading[]): PageView {
  const view = makeView(fold(readings));
  if (view === undefined) throw new Error('A view needs a reading.');
  return view;
}

/** A job whose file has this name. */
export function jobOf(
  name: string,
  changes: Partial<JobRecord> = {},
  summary?: JobReading['summary'],
): JobReading {
  const record = jobRecord({
    job: name.padEnd(16, '0'),
    state: 'running',
    inputs: [{ ...INPUT, key: `uploads/abc/${name}.parquet` }],
    ...changes,
  });
  return { record, summary };
}
