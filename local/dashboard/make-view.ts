import { alarmViews } from './alarm-views.ts';
import type { DashboardState } from './dashboard-state.ts';
import { flowView } from './flow-view.ts';
import { historyPoint } from './history-point.ts';
import { agreementViews, driftView, jobViews } from './job-views.ts';
import type { PageView } from './page-view.ts';
import { endpointView, latencyView, modelView, queueView, rejectsView } from './system-views.ts';
import { workersView } from './worker-views.ts';

/** The page out of what is kept of the readings; undefined before the first. Pure. */
export function makeView(state: DashboardState): PageView | undefined {
  const { reading } = state;
  if (reading === undefined) return undefined;
  const point = historyPoint(state, reading);
  return {
    at: reading.at,
    flow: flowView(state, reading),
    queue: queueView(reading),
    rates: { rows: point.rows, shards: point.shards },
    workers: workersView(state, reading),
    latency: latencyView(state),
    rejects: rejectsView(state),
    jobs: jobViews(state, reading),
    drift: driftView(reading),
    agreement: agreementViews(reading),
    alarms: alarmViews(state),
    model: modelView(reading),
    endpoint: endpointView(state, reading),
    faults: reading.faults,
    point,
  };
}
