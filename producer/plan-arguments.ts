/** Numbers of `nutrisage plan` as people write them: `10M` rows, a deadline of `1h`. */
import { InvalidArgumentError } from 'commander';
import { DEADLINE_SECONDS_MIN } from '../core/capacity/plan-job.ts';
import { formatDuration } from '../core/report/format-times.ts';
import { MEASURED_RATES } from '../core/scaling/measured-rates.ts';
import type { PlanOptions } from './commands/plan.ts';

/** The command line's flags, by commander's names for them. */
export interface PlanFlags {
  readonly rows: number;
  readonly deadline?: number;
  readonly table: boolean;
  readonly tasksMax: number;
  readonly rate?: number;
  readonly tableWrites: number;
  readonly x86?: boolean;
  readonly spot?: boolean;
  readonly prices?: string;
  readonly workersMin: number;
  readonly endpointsMin: number;
}

const SCALES: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };
const SECONDS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600, d: 86_400 };
/** Above it nobody has products: 10 times what the plan is made for. */
const ROWS_MAX = 1e11;

/** `250000`, `10M`, `1.5G`: a whole number of rows. */
export function rowsArgument(text: string): number {
  const [, digits = '', scale = ''] = /^(\d+(?:\.\d+)?)([kMG]?)$/.exec(text.replaceAll(/[_,]/g, '')) ?? [];
  const rows = Number(digits) * (SCALES[scale] ?? Number.NaN);
  if (digits !== '' && Number.isInteger(rows) && rows >= 1 && rows <= ROWS_MAX) return rows;
  throw new InvalidArgumentError('Give a number of rows, such as 250000, 10M or 1.5G; 100G at most.');
}

/** `90s`, `20min`, `1h`, `1.5h`, `2d`: seconds. */
export function deadlineArgument(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)(s|min|h|d)$/.exec(text) ?? [];
  const seconds = Number(digits) * (SECONDS[unit] ?? Number.NaN);
  if (digits !== '' && seconds >= DEADLINE_SECONDS_MIN) return seconds;
  throw new InvalidArgumentError(
    `Give a time such as 20min, 1h or 2d; longer than ${formatDuration(DEADLINE_SECONDS_MIN - 1)}, which pass before the first task works.`,
  );
}

export function planOptions(flags: PlanFlags): PlanOptions {
  const measured = flags.table ? MEASURED_RATES.rowsWithTable : MEASURED_RATES.rows;
  return {
    rows: flags.rows,
    ...(flags.deadline === undefined ? {} : { deadlineSeconds: flags.deadline }),
    isTableWritten: flags.table,
    tableWritesPerSecond: flags.tableWrites,
    rowsPerSecond: flags.rate ?? measured.perSecond,
    tasksMax: flags.tasksMax,
    architecture: flags.x86 === true ? 'x86_64' : 'arm64',
    isSpot: flags.spot === true,
    priceFile: flags.prices,
    workersMin: flags.workersMin,
    endpointsMin: flags.endpointsMin,
  };
}
