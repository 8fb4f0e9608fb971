/** Which trials are stopped early: those that are behind most others at the same point of their way. */
import type { Study } from './study.ts';

export interface MedianRule {
  /** Complete trials before any is stopped. */
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
 * Whether a trial whose best loss up to `step` is `loss` is to be stopped: it is above the median of what the
 * complete trials had then. Source: Golovin et al., "Google Vizier" (KDD 2017), section 3.2.
 */
export function isHopeless(
  study: Study,
  step: number,
  loss: number,
  rule: MedianRule = MEDIAN_RULE,
): boolean {
  if (step < rule.warmUpSteps) return false;
  const complete = study.trials.filter(({ state }) => state === 'complete');
  if (complete.length < rule.warmUpTrials) return false;
  const losses = complete.flatMap(({ steps }) => bestUpTo(steps, step) ?? []);
  losses.sort((left, right) => left - right);
  const median = losses[Math.floor(losses.length / 2)];
  return median !== undefined && loss > median;
}

/** Least loss of the steps up to and with `step`; `undefined` where none was reported. */
export function bestUpTo(steps: readonly (number | undefined)[], step: number): number | undefined {
  const reached = steps.slice(0, step).filter((loss) => loss !== undefined);
  return reached.length === 0 ? undefined : Math.min(...reached);
}
