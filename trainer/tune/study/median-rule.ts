/** Which trials are stopped early: those that are behind most others at the same point of their way. */
import type { Study } from './study.ts';

export interface MedianRule {
  /** Ended trials before any is stopped. */
  readonly warmUpTrials: number;
  /** Steps before a trial can be stopped. */
  readonly warmUpSteps: number;
}

/**
 * A step is a tenth of the speed budget, not a number of rounds: trials then meet at models of equal cost, where a
 * low `eta` with small trees is compared fairly with a high one with large trees. The first half tells little:
 * a small `eta` catches up late.
 */
export const MEDIAN_RULE: MedianRule = { warmUpTrials: 8, warmUpSteps: 5 };

/**
 * Whether a trial whose best loss up to `step` is `loss` is to be stopped: it is above the median of what the ended
 * trials had then. Source: Golovin et al., "Google Vizier" (KDD 2017), section 3.2, but for one thing: pruned trials
 * count too. Among complete ones alone the median becomes that of a better and better few,
 * and half of the good trials are stopped in the end.
 */
export function isHopeless(
  study: Study,
  step: number,
  loss: number,
  rule: MedianRule = MEDIAN_RULE,
): boolean {
  if (step < rule.warmUpSteps) return false;
  const ended = study.trials.filter(({ state }) => state === 'complete' || state === 'pruned');
  if (ended.length < rule.warmUpTrials) return false;
  const losses = ended.flatMap(({ steps }) => bestUpTo(steps, step) ?? []);
  losses.sort((left, right) => left - right);
  const median = losses[Math.floor(losses.length / 2)];
  return median !== undefined && loss > median;
}

/** Least loss of the steps up to and with `step`; `undefined` where none was reported. */
export function bestUpTo(steps: readonly (number | undefined)[], step: number): number | undefined {
  const reached = steps.slice(0, step).filter((loss) => loss !== undefined);
  return reached.length === 0 ? undefined : Math.min(...reached);
}
