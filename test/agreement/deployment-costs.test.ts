/** The figures of docs/deploy.md against the plan that they come from. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { idleCosts } from '../../core/capacity/idle-costs.ts';
import { sumOf } from '../../core/capacity/job-costs.ts';
import { planJob } from '../../core/capacity/plan-job.ts';
import { PRICES } from '../../core/capacity/prices.ts';
import { SERVICE_LIMITS } from '../../core/capacity/service-limits.ts';
import { formatDuration } from '../../core/report/format-times.ts';
import { MEASURED_RATES } from '../../core/scaling/measured-rates.ts';

const text = readFileSync(new URL('../../docs/deploy.md', import.meta.url), 'utf8');
const UNITS: Readonly<Record<string, number>> = { M: 1e6, G: 1e9 };
const cellsOf = (line: string): readonly string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
const JOBS = text
  .split('\n')
  .filter((line) => /^\| \d+[MG] \|/.test(line))
  .map(cellsOf);

describe('what docs/deploy.md says that AWS costs', () => {
  it('has lines to compare', () => {
    expect(JOBS.length).toBeGreaterThan(5);
  });

  it.each(JOBS)('is the plan’s for %s rows, table: %s', (rows, table, tasks, takes, dollars, perMillion) => {
    const isTableWritten = table === 'yes';
    const { rowsWithTable, rows: rowsAlone } = MEASURED_RATES;
    const plan = planJob(
      {
        rows: Number.parseInt(rows ?? '', 10) * (UNITS[rows?.slice(-1) ?? ''] ?? 0),
        isTableWritten,
        rowsPerSecond: (isTableWritten ? rowsWithTable : rowsAlone).perSecond,
        tableWritesPerSecond: SERVICE_LIMITS.newTableWritesPerSecond,
        architecture: 'arm64',
        isSpot: false,
      },
      PRICES,
    );
    expect([tasks, takes, dollars, perMillion]).toEqual([
      String(plan.tasks),
      formatDuration(plan.seconds),
      plan.dollars.toFixed(2),
      plan.dollarsPerMillionRows.toFixed(4),
    ]);
  });

  it.each([
    { installation: '`dev`: no task runs', workersMin: 0, endpointsMin: 0 },
    { installation: 'one worker always, as in `production`', workersMin: 1, endpointsMin: 0 },
    { installation: 'and one endpoint task behind a load balancer', workersMin: 1, endpointsMin: 1 },
  ])('is the plan’s while idle: $installation', ({ installation, workersMin, endpointsMin }) => {
    const month = sumOf(idleCosts({ architecture: 'arm64', workersMin, endpointsMin }, PRICES));
    expect(text).toContain(`| ${installation} | ${month.toFixed(2)} |`);
  });
});
