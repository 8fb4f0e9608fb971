/** A plan as text: tasks and time, what binds, and the costs. */
import { type CostLine, sumOf } from '../../core/capacity/job-costs.ts';
import type { JobPlan, Limit, LimitName, PlanQuestion } from '../../core/capacity/plan-job.ts';
import { formatDuration } from '../../core/report/format-times.ts';
import { TASKS_MAX } from '../../core/scaling/policy.ts';
import { WORKER_THREADS } from '../../core/scaling/task-sizes.ts';
import type { Prices } from '../../schemas/prices.ts';
import { formatCount, formatQuantity, indent, renderTable } from './render-format.ts';

export function renderPlan(
  question: PlanQuestion,
  plan: JobPlan,
  idle: readonly CostLine[],
  prices: Prices,
): string {
  const { rows, isTableWritten, architecture, isSpot } = question;
  const outputs = isTableWritten ? 'grades to Parquet and DynamoDB' : 'grades to Parquet alone';
  return [
    `${formatQuantity(rows, 'row')}, ${formatQuantity(plan.shards, 'shard')}, ${outputs}; Fargate ${architecture}${isSpot ? ' on Spot' : ''}`,
    '',
    `Tasks  ${tasksLine(question, plan)}`,
    `Time   ${timeLine(plan)}`,
    `Binds  ${bindsLine(question, plan)}`,
    ...(plan.outlivesMessages
      ? ['', 'The queue keeps a message for 14 days: submit the files in parts, each after the one before.']
      : []),
    '',
    'What can not be passed, each alone',
    indent(limitTable(question, plan.limits)),
    '',
    `Costs of the job, US dollars (prices of ${prices.date}, ${prices.region})`,
    indent(costTable(plan.costs, `${dollars(plan.dollarsPerMillionRows)} a million rows`)),
    '',
    'Keeping its results, each month',
    indent(costTable(plan.keepingCosts)),
    '',
    'The installation while it is idle, each month',
    indent(costTable(idle)),
  ].join('\n');
}

function tasksLine({ tasksMax = TASKS_MAX }: PlanQuestion, { tasks, tasksNeeded }: JobPlan): string {
  const wish = tasksNeeded > tasks ? `; to be in time it would take ${formatCount(tasksNeeded)}` : '';
  return `${formatCount(tasks)} of at most ${formatCount(tasksMax)}, ${formatQuantity(WORKER_THREADS, 'thread')} each${wish}`;
}

function timeLine({ seconds, deadlineSeconds, isInTime, rowsPerSecond }: JobPlan): string {
  const verdict = isInTime ? 'in time' : 'too late';
  return `${formatDuration(seconds)} from submission, at ${formatCount(rowsPerSecond)} rows/s once tasks work: ${verdict} for ${formatDuration(deadlineSeconds)}`;
}

function bindsLine(question: PlanQuestion, { limits, isInTime }: JobPlan): string {
  const [first] = limits;
  if (first === undefined) return 'nothing';
  const name = limitName(question, first.name);
  return isInTime
    ? `nothing before the deadline; first would be ${name}`
    : `${name}. ${REMEDIES[first.name]}`;
}

function limitName({ tasksMax = TASKS_MAX, tableWritesPerSecond }: PlanQuestion, name: LimitName): string {
  switch (name) {
    case 'tasks':
      return formatQuantity(tasksMax, 'task');
    case 'table':
      return `the table of grades, from ${formatCount(tableWritesPerSecond)} writes/s`;
    case 'ledger':
      return 'the ledger, one partition for each job';
    case 'reads':
      return 'reads of one prefix in S3';
    case 'writes':
      return 'writes below one prefix in S3';
    case 'in flight':
      return 'messages in flight';
    default:
      return name satisfies never;
  }
}

const REMEDIES: Readonly<Record<LimitName, string>> = {
  tasks: 'More tasks: --tasks-max, and the same in the configuration of the stage.',
  table:
    'Warm the table up before (warm throughput), ask for a higher quota, or leave the table out (--no-table) and read the Parquet.',
  ledger: 'Submit the files as several jobs.',
  reads: 'Spread the files over several prefixes.',
  writes: 'Submit the files as several jobs.',
  'in flight': 'Ask for a higher quota, or use larger shards.',
};

function limitTable(question: PlanQuestion, limits: readonly Limit[]): string {
  const rows = limits.map(({ name, rowsPerSecond, seconds }) => [
    limitName(question, name),
    formatCount(rowsPerSecond),
    formatDuration(seconds),
  ]);
  return renderTable(
    [{ title: 'limit' }, { title: 'rows/s', align: 'right' }, { title: 'takes', align: 'right' }],
    rows,
  );
}

function costTable(lines: readonly CostLine[], remark = ''): string {
  const rows = lines.map(({ service, dollars: of, basis }) => [service, dollars(of), basis]);
  return renderTable(
    [{ title: 'service' }, { title: 'USD', align: 'right' }, { title: 'for' }],
    [...rows, ['together', dollars(sumOf(lines)), remark]],
  );
}

/** Cents where there are dollars, and what is left of them where there are none. */
function dollars(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value.toFixed(4);
}
