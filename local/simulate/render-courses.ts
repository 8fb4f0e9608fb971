/** Simulated courses as tables. */
import { formatDuration } from '../../core/report/format-times.ts';
import type { PhaseRow } from '../../core/scaling/phase-table.ts';
import { CPU_TARGET_PERCENT, REQUESTS_TARGET_PER_SECOND } from '../../core/scaling/policy.ts';
import { formatCount, formatQuantity, indent, renderTable } from '../../producer/output/render-format.ts';
import type { BurstCourse } from './burst-courses.ts';
import type { TrafficCourse, TrafficCourses } from './traffic-courses.ts';

export function renderTraffic({ fast, aws, own }: TrafficCourses): string {
  return [renderCourse(fast), renderCourse(aws), renderCourse(own), ownNeeds(own)].join('\n\n');
}

function renderCourse({ name, profile, requestsPerTask, phases }: TrafficCourse): string {
  const { clock, cooldownSeconds } = profile;
  const head = `${name}: metrics of ${clock.metricSeconds} s, start-up ${clock.startUpSeconds} s, cooldown ${cooldownSeconds} s; a task of ${formatCount(requestsPerTask)} requests/s`;
  const right = 'right' as const;
  const table = renderTable(
    [
      { title: 'requests/s', align: right },
      { title: 'for', align: right },
      { title: 'tasks', align: right },
      { title: 'at the end', align: right },
      { title: 'settled after', align: right },
      { title: 'CPU', align: right },
      { title: 'at the end', align: right },
      { title: 'refused', align: right },
    ],
    phases.map(phaseCells),
  );
  return `${head}\n${indent(table)}`;
}

function phaseCells(row: PhaseRow): readonly string[] {
  const { phase, tasksFewest, tasksMost, tasksAtEnd, settledAfterSeconds, refusedShare } = row;
  return [
    formatCount(phase.rate),
    formatDuration(phase.seconds),
    tasksFewest === tasksMost ? `${tasksMost}` : `${tasksFewest} to ${tasksMost}`,
    `${tasksAtEnd}`,
    formatDuration(settledAfterSeconds),
    `${row.cpuPercentMean.toFixed(1)} %`,
    `${row.cpuPercentAtEnd.toFixed(1)} %`,
    refusedShare === 0 ? '–' : `${(100 * refusedShare).toFixed(1)} %`,
  ];
}

function ownNeeds({ requestsPerTask, phases }: TrafficCourse): string {
  const most = Math.max(...phases.map(({ tasksMost }) => tasksMost));
  const byCpu = (requestsPerTask * CPU_TARGET_PERCENT) / 100;
  return [
    `What our own endpoint needs for this traffic: ${formatQuantity(most, 'task')}.`,
    `Its processor would ask for a second one above ${formatCount(byCpu)} requests/s, the target of requests above ${REQUESTS_TARGET_PER_SECOND}.`,
  ].join('\n');
}

export function renderBursts(bursts: readonly BurstCourse[]): string {
  const [first] = bursts;
  if (first === undefined) return '';
  const head = `A burst of ${formatQuantity(first.rows, 'row')} on AWS’s clock, to be graded within ${formatDuration(first.acceptableSeconds)}`;
  const table = renderTable(
    [
      { title: 'table of grades' },
      { title: 'rows/s a thread', align: 'right' },
      { title: 'tasks before', align: 'right' },
      { title: 'at most', align: 'right' },
      { title: 'drained in', align: 'right' },
      { title: 'in time' },
    ],
    bursts.map((burst) => [
      burst.tableWritesPerSecond === undefined
        ? 'none'
        : `takes ${formatCount(burst.tableWritesPerSecond)} writes/s`,
      formatCount(burst.rowsPerSecond),
      `${burst.tasksMin}`,
      `${burst.tasksMost}`,
      formatDuration(burst.seconds),
      burst.reason === undefined ? 'yes' : `no: ${burst.reason}`,
    ]),
  );
  return `${head}\n${indent(table)}`;
}
