import type { DashboardState } from './dashboard-state.ts';
import { quantilesIn, rateIn, windowOf } from './metric-windows.ts';
import type { HistoryPoint } from './page-view.ts';
import type { Reading } from './reading.ts';

/** Rates are means of so much time: a shard of 65,536 rows is counted in one moment. */
export const RATE_SECONDS = 10;

/** The newest moment as the charts have it. */
export function historyPoint(state: DashboardState, { at, queue, fleet, endpoint }: Reading): HistoryPoint {
  const { seconds, workers, endpoint: requests } = windowOf(state, RATE_SECONDS);
  const latency = endpoint === undefined ? null : quantilesIn(requests, 'RequestTime');
  return {
    at,
    rows: rateIn(workers, 'RowsRead', seconds),
    shards: rateIn(workers, 'ShardsFinished', seconds),
    waiting: queue?.waiting ?? null,
    inFlight: queue?.inFlight ?? null,
    workers: fleet.workers.filter((worker) => worker.state === 'ready').length,
    desired: fleet.desired?.desired ?? null,
    requests: endpoint === undefined ? null : rateIn(requests, 'Requests', seconds),
    requestP50: latency?.p50 ?? null,
    requestP99: latency?.p99 ?? null,
  };
}
