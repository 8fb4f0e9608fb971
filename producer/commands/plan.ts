/** `nutrisage plan`: what a job of so many rows would take on AWS. Pure arithmetic: it asks no service and needs none. */
import { idleCosts } from '../../core/capacity/idle-costs.ts';
import { type PlanQuestion, planJob } from '../../core/capacity/plan-job.ts';
import { PRICES } from '../../core/capacity/prices.ts';
import { EXIT_CODES } from '../../schemas/names.ts';
import { renderPlan } from '../output/render-plan.ts';
import type { CommandResult } from './command.ts';
import { readPriceFile } from './price-file.ts';

export interface PlanOptions extends PlanQuestion {
  readonly priceFile: string | undefined;
  /** Workers that always run, for the idle costs. */
  readonly workersMin: number;
  /** Endpoint tasks that always run, for the idle costs. */
  readonly endpointsMin: number;
}

/** @throws {CommandError} `file-missing`, `bad-prices` */
export async function plan(options: PlanOptions): Promise<CommandResult> {
  const { priceFile, workersMin, endpointsMin, ...question } = options;
  const changes = priceFile === undefined ? {} : await readPriceFile(priceFile);
  const prices = { ...PRICES, ...changes };
  const job = planJob(question, prices);
  const idle = idleCosts({ architecture: question.architecture, workersMin, endpointsMin }, prices);
  const isMissed = question.deadlineSeconds !== undefined && !job.isInTime;
  return {
    document: { question, plan: job, idle, prices: { ...prices, changed: Object.keys(changes) } },
    text: renderPlan(question, job, idle, prices),
    exitCode: isMissed || job.outlivesMessages ? EXIT_CODES.failed : EXIT_CODES.ok,
  };
}
