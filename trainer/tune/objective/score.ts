/** What a study makes small: log loss, and a penalty for a forest that is slower than the budget. */

/**
 * Log loss that a forest slower by a factor of e would have to win to be worth it: about ten times what any forest
 * wins on the project's rows by being e times larger. Finite, and it rises evenly, so that of two infeasible
 * trials the estimator knows which is nearer.
 */
const PENALTY_PER_LOG = 1;

/** `logLoss` plus the natural logarithm of how many times too slow the forest is. */
export function scoreOf(logLoss: number, rowsPerSecond: number, rowsPerSecondWanted: number): number {
  return logLoss + PENALTY_PER_LOG * Math.max(0, Math.log(rowsPerSecondWanted / rowsPerSecond));
}
