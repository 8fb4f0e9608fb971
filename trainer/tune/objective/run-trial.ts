/** One trial: grows a forest until its budget is used up, it no longer gets better, is hopeless, or is stopped. */
import type { TrialResult } from '../../../schemas/tuning-study.ts';
import type { TrialForest } from './growing-forest.ts';
import { predictRowsPerSecond } from './predicted-speed.ts';
import { scoreOf } from './score.ts';

export interface TrialLimits {
  /** Rows a second that the forest must reach. */
  readonly rowsPerSecond: number;
  /** Rounds without a better score after which training stops. */
  readonly earlyStoppingRounds: number;
}

export const TRIAL_LIMITS: Omit<TrialLimits, 'rowsPerSecond'> = {
  earlyStoppingRounds: 30,
};

/** Steps of the median rule: tenths of the budget's cost. */
export const STEPS = 10;

/** `go on`, or why not: hopeless by the median rule, or the whole study is being stopped. */
export type Verdict = 'continue' | 'prune' | 'stop';

export interface TrialPorts {
  /** Called each time another tenth of the budget is used up, with the least loss so far. */
  askAtStep(step: number, loss: number): Promise<Verdict>;
  /** Asked every round: a trial must not keep a stopped study waiting. */
  isStopped(): boolean;
  now(): number;
}

export type TrialOutcome =
  | { readonly state: 'complete' | 'pruned'; readonly result: TrialResult }
  | { readonly state: 'stopped' };

/**
 * The rounds up to the one with the least loss within the budget are the trial's model. So a shape that is slow
 * pays with rounds, and all trials of a study can be used. Only a forest whose first round is too slow is above the
 * budget; its score says by how much.
 */
export async function runTrial(
  forest: TrialForest,
  limits: TrialLimits,
  ports: TrialPorts,
): Promise<TrialOutcome> {
  const begun = ports.now();
  let visits = 0;
  let lastStep = 0;
  let leastLoss = Number.POSITIVE_INFINITY;
  let best: Omit<TrialResult, 'seconds'> | undefined;
  const resultOf = (of: Omit<TrialResult, 'seconds'>): TrialResult => ({
    ...of,
    seconds: Math.round(ports.now() - begun) / 1000,
  });
  for (let rounds = 1; rounds <= forest.roundsMax; rounds += 1) {
    if (ports.isStopped()) return { state: 'stopped' };
    const { logLoss, addedVisits } = forest.grow();
    if (!Number.isFinite(logLoss)) throw new RangeError(`the loss is ${logLoss} after ${rounds} rounds`);
    visits += addedVisits;
    leastLoss = Math.min(leastLoss, logLoss);
    const rowsPerSecond = predictRowsPerSecond(visits);
    const isTooSlow = rowsPerSecond < limits.rowsPerSecond;
    if (isTooSlow && best !== undefined) break;
    const score = scoreOf(logLoss, rowsPerSecond, limits.rowsPerSecond);
    if (best === undefined || score < best.score) best = { score, logLoss, rowsPerSecond, rounds };
    const costShare = limits.rowsPerSecond / rowsPerSecond;
    const step = Math.min(STEPS, Math.floor(costShare * STEPS));
    if (step > lastStep) {
      lastStep = step;
      const verdict = await ports.askAtStep(step, leastLoss);
      if (verdict === 'stop') return { state: 'stopped' };
      if (verdict === 'prune') return { state: 'pruned', result: resultOf(best) };
    }
    if (isTooSlow || rounds - best.rounds >= limits.earlyStoppingRounds) break;
  }
  if (best === undefined) throw new RangeError('a trial needs at least one round');
  return { state: 'complete', result: resultOf(best) };
}
