/** The parts of the page that are about the whole: queue, latencies, rejects, model, endpoint. */
import { fileName } from '../../core/jobs/job-files.ts';
import { isHistogram, type Snapshot } from '../../core/metrics/registry.ts';
import { REJECTS } from '../../core/validation/codes.ts';
import type { DeadLetter } from '../../producer/commands/dead-letters.ts';
import type { CounterName } from '../../schemas/metrics.ts';
import type { DashboardState } from './dashboard-state.ts';
import { LATENCY_SECONDS } from './fold-reading.ts';
import { RATE_SECONDS } from './history-point.ts';
import { withoutAddresses } from './job-views.ts';
import { counterIn, gaugeIn, infoIn, meanIn, quantilesIn, rateIn, windowOf } from './metric-windows.ts';
import type {
  EndpointView,
  LatencyView,
  LetterView,
  ModelView,
  QueueView,
  RejectsView,
} from './page-view.ts';
import type { Reading } from './reading.ts';

export function queueView({ queue }: Reading): QueueView | null {
  if (queue === undefined) return null;
  const { waiting, inFlight, dead, oldestSeconds = null, letters } = queue;
  return { waiting, inFlight, dead, oldestSeconds, letters: letters.map(letterView) };
}

function letterView({ kind, job, shard, files, failure }: DeadLetter): LetterView {
  const names = files.map(fileName).join(', ') || 'a message that can not be read';
  const title = kind === 'shard' ? `${names}, shard ${shard}` : names;
  return { title, job: job ?? null, failure: failure === undefined ? null : withoutAddresses(failure) };
}

const STEPS = ['read', 'grade', 'write', 'items'];

export function latencyView(state: DashboardState): LatencyView {
  const { workers } = windowOf(state, LATENCY_SECONDS);
  const steps = STEPS.flatMap((step) => {
    const seconds = meanIn(workers, 'StepTime', { Step: step });
    return seconds === null ? [] : [{ step, seconds }];
  });
  return {
    steps: steps.length === 0 ? null : steps,
    waits: quantilesIn(workers, 'MessageWait'),
    jobs: quantilesIn(workers, 'JobTime'),
  };
}

const SENTENCES: ReadonlyMap<string, string> = new Map(REJECTS.map(({ code, sentence }) => [code, sentence]));

export function rejectsView({ latest: { workers } }: DashboardState): RejectsView {
  const reasons = byLabel(workers, 'RejectReasons', 'Reason').map(([reason, rows]) => ({
    reason,
    rows,
    sentence: SENTENCES.get(reason) ?? '',
  }));
  return {
    rows: counterIn(workers, 'RowsRead'),
    rejected: counterIn(workers, 'RowsRejected'),
    reasons: reasons.toSorted((left, right) => right.rows - left.rows),
  };
}

export function modelView({ model, fleet }: Reading): ModelView | null {
  if (model === undefined) return null;
  const { version, promotedAt, accuracy = null } = model;
  const used = fleet.workers.flatMap(({ snapshot = [] }) => infoIn(snapshot, 'ModelVersion') ?? []);
  return { version, promotedAt, accuracy, others: used.filter((other) => other !== version).length };
}

export function endpointView(state: DashboardState, { endpoint: reading }: Reading): EndpointView | null {
  if (reading === undefined) return null;
  const { address, snapshot } = reading;
  const late = windowOf(state, RATE_SECONDS);
  const { endpoint } = windowOf(state, LATENCY_SECONDS);
  return {
    address,
    requestsPerSecond: rateIn(late.endpoint, 'Requests', late.seconds),
    inFlight: gaugeIn(snapshot, 'RequestsInFlight'),
    latency: quantilesIn(endpoint, 'RequestTime'),
    statuses: byLabel(endpoint, 'Requests', 'Status').map(([status, count]) => ({ status, count })),
    shed: counterIn(endpoint, 'RequestsShed'),
    errors: counterIn(endpoint, 'RequestErrors'),
    model: infoIn(snapshot, 'ModelVersion'),
  };
}

/** A counter by the values of one label, those that were not counted left out, by name. */
function byLabel(
  snapshot: Snapshot,
  metric: CounterName,
  label: string,
): readonly (readonly [string, number])[] {
  const sums = new Map<string, number>();
  for (const series of snapshot) {
    const text = series.labels[label];
    if (series.metric !== metric || text === undefined || isHistogram(series)) continue;
    sums.set(text, (sums.get(text) ?? 0) + series.value);
  }
  return [...sums].filter(([, sum]) => sum > 0).toSorted(([left], [right]) => (left < right ? -1 : 1));
}
