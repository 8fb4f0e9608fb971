/** What a load test found, as text. */
import type { LoadReport } from '../load/load-report.ts';
import type { LoadCounts } from '../load/load-tally.ts';
import { formatCount, renderTable } from './render-format.ts';

/** Above it the client's own lateness is worth a word. */
const CLIENT_LATE_MS = 5;

export function renderLoad(report: LoadReport, figure: string | undefined): string {
  const { total, phases, reasons, speed, clientLateMs, isWhole } = report;
  const columns = [
    { title: 'seconds', align: 'right' },
    { title: 'asked/s', align: 'right' },
    { title: 'requests', align: 'right' },
    { title: 'ok', align: 'right' },
    { title: 'shed', align: 'right' },
    { title: 'refused', align: 'right' },
    { title: 'failed', align: 'right' },
    { title: 'p50 ms', align: 'right' },
    { title: 'p90', align: 'right' },
    { title: 'p99', align: 'right' },
    { title: 'p99.9', align: 'right' },
    { title: 'max', align: 'right' },
  ] as const;
  const rows = phases.map((phase) => [
    short(phase.seconds / speed),
    short(phase.requestsPerSecond),
    ...countCells(phase),
  ]);
  const seconds = phases.reduce((sum, phase) => sum + phase.seconds / speed, 0);
  const found = Object.entries(reasons).map(([reason, count]) => `${reason} (${formatCount(count)})`);
  return [
    renderTable(columns, [...rows, [short(seconds), 'all', ...countCells(total)]]),
    'Latencies are from when a request was due, waits in this client included.',
    ...(isWhole ? [] : ['Stopped before the end of the schedule.']),
    ...(found.length === 0 ? [] : [`Not ok: ${found.join(', ')}`]),
    ...(total.retries === 0 ? [] : [`Tried again: ${formatCount(total.retries)} times`]),
    ...(clientLateMs < CLIENT_LATE_MS
      ? []
      : [`This client was late itself: by ${short(clientLateMs)} ms or more with one request of a hundred.`]),
    ...(figure === undefined ? [] : [`Figure: ${figure}`]),
  ].join('\n');
}

function countCells({ requests, ok, shed, refused, failed, latencyMs }: LoadCounts): string[] {
  const times =
    latencyMs === undefined
      ? ['', '', '', '', '']
      : [latencyMs.p50, latencyMs.p90, latencyMs.p99, latencyMs.p999, latencyMs.max].map(short);
  return [...[requests, ok, shed, refused, failed].map(formatCount), ...times];
}

/** Three digits are what there is. */
function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
