/** Whether the backlog drains or grows, and how long it takes: what an operator asks first. */
import { count } from '../../core/report/format-figures.ts';
import { formatDuration } from '../../core/report/format-times.ts';
import { isEndState } from '../../producer/job-progress.ts';
import type { DashboardState } from './dashboard-state.ts';
import { rateIn, windowOf } from './metric-windows.ts';
import type { FlowView, HistoryPoint } from './page-view.ts';
import type { QueueReading, Reading } from './reading.ts';

/** A backlog is compared with its own course of so long. */
const TREND_SECONDS = 10;
/** The time left follows from the rate of so long. */
const LEFT_SECONDS = 30;
/** Nothing taken for so long is no chance: a worker's poll takes a second at most. */
const STALLED_SECONDS = 5;

export function flowView(state: DashboardState, reading: Reading): FlowView {
  const { queue } = reading;
  if (queue === undefined)
    return { kind: 'unknown', sentence: 'The queue can not be read', secondsLeft: null };
  const kind = flowKind(state, reading, queue);
  const secondsLeft = kind === 'idle' || kind === 'stalled' ? null : timeLeft(state, reading);
  return { kind, secondsLeft, sentence: sentenceOf(kind, queue, secondsLeft, reading) };
}

function flowKind(state: DashboardState, reading: Reading, queue: QueueReading) {
  const messages = queue.waiting + queue.inFlight;
  if (messages === 0) return openJobs(reading).length === 0 ? 'idle' : 'working';
  const course = since(state, STALLED_SECONDS);
  const isTaken = queue.inFlight > 0 || course.some(({ inFlight, shards }) => inFlight !== 0 || shards > 0);
  const hasWaited = (queue.oldestSeconds ?? 0) >= STALLED_SECONDS;
  if (!isTaken && hasWaited) return 'stalled';
  const before = since(state, TREND_SECONDS).map(({ waiting, inFlight }) => (waiting ?? 0) + (inFlight ?? 0));
  // Below its late peak it drains, also just after a job has come; at the peak it grows, unless it stands.
  if (messages < Math.max(...before)) return 'draining';
  return messages > Math.min(...before) ? 'growing' : 'working';
}

/** The course of the last seconds, without this moment. */
function since({ history, latest }: DashboardState, seconds: number): readonly HistoryPoint[] {
  return history.filter(({ at }) => at < latest.at && at >= latest.at - seconds * 1000);
}

function openJobs({ jobs = [] }: Reading) {
  return jobs.filter(({ record }) => !isEndState(record.state));
}

/** Of the rows that are planned, at the rate of late; null while nothing is done or known. */
function timeLeft(state: DashboardState, reading: Reading): number | null {
  const { seconds, workers } = windowOf(state, LEFT_SECONDS);
  const rate = rateIn(workers, 'RowsRead', seconds);
  const rows = openJobs(reading).map(({ record }) => (record.rows ?? 0) - record.rowsFinished);
  const left = rows.reduce((sum, of) => sum + Math.max(0, of), 0);
  return rate > 0 && left > 0 ? left / rate : null;
}

function sentenceOf(
  kind: Exclude<FlowView['kind'], 'unknown'>,
  { waiting, inFlight }: QueueReading,
  secondsLeft: number | null,
  { fleet }: Reading,
): string {
  const messages = `${count(waiting + inFlight)} ${waiting + inFlight === 1 ? 'message' : 'messages'}`;
  const time = secondsLeft === null ? '' : `, about ${formatDuration(secondsLeft)} left`;
  switch (kind) {
    case 'idle':
      return 'Nothing waits';
    case 'working':
      return waiting + inFlight === 0
        ? 'The last shards are being recorded'
        : `${messages} on the queue${time}`;
    case 'draining':
      return `Draining: ${messages}${time}`;
    case 'growing':
      return `Growing: ${messages}${time}`;
    case 'stalled':
      return fleet.workers.some(({ state }) => state === 'ready')
        ? `Standing still: ${messages} wait, and no worker takes any`
        : `Standing still: ${messages} wait, and no worker runs`;
    default:
      return kind satisfies never;
  }
}
