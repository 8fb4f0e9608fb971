/** What is tuned: XGBoost's parameters, their ranges, and the number of rounds that follows from them. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../core/models/model-version.ts';
import type { SearchSpace } from '../tpe/search-space.ts';

/**
 * `num_boost_round` is not drawn: of the rounds of a trial, the one with the least score is taken. Ranges reach past
 * what was ever best on real rows on each side; those that act by factors are logarithmic.
 */
export const MODEL_SPACE = {
  max_depth: { kind: 'integer', low: 3, high: 12, isLog: false },
  max_leaves: { kind: 'integer', low: 8, high: 512, isLog: true },
  eta: { kind: 'log-uniform', low: 0.03, high: 0.6 },
  subsample: { kind: 'uniform', low: 0.5, high: 1 },
  colsample_bytree: { kind: 'uniform', low: 0.4, high: 1 },
  min_child_weight: { kind: 'log-uniform', low: 0.1, high: 50 },
  reg_lambda: { kind: 'log-uniform', low: 0.01, high: 30 },
  gamma: { kind: 'log-uniform', low: 0.001, high: 5 },
} as const satisfies SearchSpace;

export function spaceFingerprint(space: SearchSpace): string {
  return createHash('sha256').update(canonicalJson(space)).digest('hex');
}
