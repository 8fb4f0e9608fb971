import { type DashboardState, processKey } from './dashboard-state.ts';
import { PROCESS_SECONDS } from './fold-reading.ts';
import { gaugeIn, infoIn, quantileIn, rateIn, type Window, windowOf } from './metric-windows.ts';
import type { WorkersView, WorkerView } from './page-view.ts';
import type { Reading, WorkerReading } from './reading.ts';

export function workersView(state: DashboardState, { fleet }: Reading): WorkersView {
  const window = windowOf(state, PROCESS_SECONDS);
  const list = fleet.workers.map((worker) => workerView(worker, window));
  return {
    ready: list.filter((worker) => worker.state === 'ready' || worker.state === 'silent').length,
    desired: fleet.desired ?? null,
    list,
  };
}

function workerView(worker: WorkerReading, window: Window): WorkerView {
  const { name, state, pid = null, snapshot = [] } = worker;
  const counted = window.process(processKey(worker));
  const isSilent = state === 'ready' && worker.snapshot === undefined;
  return {
    name,
    state: isSilent ? 'silent' : state,
    pid,
    threads: gaugeIn(snapshot, 'Threads'),
    busyPercent: gaugeIn(snapshot, 'ThreadUse'),
    rowsPerSecond: rateIn(counted, 'RowsRead', window.seconds),
    delaySeconds: quantileIn(counted, 'EventLoopDelay', 1),
    memoryBytes: gaugeIn(snapshot, 'ResidentMemory'),
    model: infoIn(snapshot, 'ModelVersion'),
  };
}
