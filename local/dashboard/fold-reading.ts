/**
 * Readings folded into what the page is made of: rates need the readings before, alarms those of a quarter of an hour, charts
 * those of half an hour. Pure: the same readings give the same page.
 */
import { startAlarmWatch, watchAlarms } from '../../core/alarms/watch-alarms.ts';
import { mergeCounts } from '../../core/metrics/merge-counts.ts';
import type { Series, Snapshot } from '../../core/metrics/registry.ts';
import { snapshotDelta } from '../../core/metrics/snapshot-delta.ts';
import { type DashboardState, type Milestone, processKey } from './dashboard-state.ts';
import { historyPoint } from './history-point.ts';
import type { QueueReading, Reading } from './reading.ts';

/** Latencies are shown of so much time. */
export const LATENCY_SECONDS = 300;
/** The rate of each worker and the delay of its event loop, of so much. */
export const PROCESS_SECONDS = 30;
const HISTORY_SECONDS = 1800;

/** @param at milliseconds since 1970 */
export function startDashboardState(at: number): DashboardState {
  return {
    startedAt: at,
    reading: undefined,
    latest: { at, workers: [], endpoint: [], processes: new Map() },
    past: [],
    history: [],
    alarms: startAlarmWatch(at),
    running: new Map(),
  };
}

/** @param alarmSpeed as `speed` of `AlarmLook` */
export function foldReading(state: DashboardState, reading: Reading, alarmSpeed = 1): DashboardState {
  const { at, fleet, queue, endpoint } = reading;
  const known = state.latest.processes;
  const workerDeltas = fleet.workers.map((worker) => deltaOf(known, processKey(worker), worker.snapshot));
  const endpointDelta = deltaOf(known, ENDPOINT_KEY, endpoint?.snapshot);
  const latest: Milestone = {
    at,
    workers: mergeCounts([state.latest.workers, ...workerDeltas]),
    endpoint: mergeCounts([state.latest.endpoint, endpointDelta]),
    processes: processesOf(known, reading),
  };
  const alarms = watchAlarms(state.alarms, {
    at,
    speed: alarmSpeed,
    counted: {
      worker: [...workerDeltas.flat().filter(isNotOfQueue), ...deadLetters(queue)],
      endpoint: endpointDelta,
      queue: queueAge(queue),
    },
  });
  const folded: DashboardState = {
    ...state,
    reading,
    latest,
    past: pastOf(state, at),
    alarms,
    running: firstRunnings(state, reading),
  };
  const history = state.history.filter((point) => point.at > at - HISTORY_SECONDS * 1000);
  return { ...folded, history: [...history, historyPoint(folded, reading)] };
}

/** Of the one endpoint there is. */
const ENDPOINT_KEY = 'endpoint';

/** One that does not answer tells with its next answer what it counted meanwhile. */
function deltaOf(known: Milestone['processes'], key: string, snapshot: Snapshot | undefined): Snapshot {
  return snapshot === undefined ? [] : snapshotDelta(known.get(key) ?? [], snapshot);
}

function processesOf(known: Milestone['processes'], { fleet, endpoint }: Reading): Milestone['processes'] {
  const now: (readonly [string, Snapshot | undefined])[] = [
    ...fleet.workers.map((worker) => [processKey(worker), worker.snapshot] as const),
    [ENDPOINT_KEY, endpoint?.snapshot],
  ];
  return new Map(
    now.flatMap(([key, snapshot]) => {
      const told = snapshot ?? known.get(key);
      return told === undefined ? [] : [[key, told]];
    }),
  );
}

function pastOf({ past, latest }: DashboardState, at: number): readonly Milestone[] {
  const all = [...past, latest];
  // One from before the window stays, so that the whole window is measured.
  const first = all.findLastIndex((one) => one.at <= at - LATENCY_SECONDS * 1000);
  const needed = all.findLastIndex((one) => one.at <= at - PROCESS_SECONDS * 1000);
  return all
    .slice(Math.max(0, first))
    .map((one, index) => (index + Math.max(0, first) < needed ? { ...one, processes: new Map() } : one));
}

const OF_QUEUE: readonly string[] = ['BacklogMessages', 'InFlightMessages', 'DeadLetterMessages'];

/** Workers tell the queues' depths a quarter of a minute late; who owns the queue server knows them now. */
function isNotOfQueue({ metric }: Series): boolean {
  return !OF_QUEUE.includes(metric);
}

function deadLetters(queue: QueueReading | undefined): Snapshot {
  return queue === undefined ? [] : [{ metric: 'DeadLetterMessages', labels: {}, value: queue.dead }];
}

function queueAge(queue: QueueReading | undefined): Snapshot {
  if (queue === undefined) return [];
  return [{ metric: 'OldestMessageAge', labels: {}, value: queue.oldestSeconds ?? 0 }];
}

function firstRunnings({ running }: DashboardState, { at, jobs }: Reading): DashboardState['running'] {
  if (jobs === undefined) return running;
  const open = jobs.filter(({ record }) => record.state === 'running');
  return new Map(
    open.map(({ record: { job, rowsFinished } }) => [
      job,
      running.get(job) ?? { atMilliseconds: at, rowsFinished },
    ]),
  );
}
