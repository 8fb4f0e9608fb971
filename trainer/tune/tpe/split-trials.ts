/** Good trials and bad ones. */
import type { ParameterValues } from './search-space.ts';

/**
 * A trial as the estimator sees it. `complete`: `loss` is what it came to. `pruned`: stopped as hopeless, `loss` is
 * where it stood. `running` and `failed` have none.
 */
export interface PastTrial {
  readonly parameters: ParameterValues;
  readonly state: 'complete' | 'pruned' | 'running' | 'failed';
  readonly loss: number | null;
}

export interface TrialSplit {
  readonly good: readonly PastTrial[];
  /** By improvement on the best of the bad ones (Watanabe 2023, section 3.2): the best trial pulls most. */
  readonly goodWeights: readonly number[];
  readonly bad: readonly PastTrial[];
}

/** Least weight of a good trial, as a share of the mean: none is forgotten. */
const WEIGHT_FLOOR = 0.1;

/**
 * The best `ceil(gamma * finished)` complete trials are good, all others bad. A pruned trial is never good: its loss
 * is that of a smaller model. A failed one is as bad as a running one: its neighbourhood is to be avoided.
 */
export function splitTrials(history: readonly PastTrial[], gamma: number): TrialSplit {
  const complete = history.filter(({ state, loss }) => state === 'complete' && loss !== null);
  const finished = history.filter(({ state }) => state === 'complete' || state === 'pruned').length;
  const ordered = [...complete].sort((left, right) => lossOf(left) - lossOf(right));
  const good = ordered.slice(0, Math.ceil(gamma * finished));
  const isGood = new Set(good);
  return {
    good,
    goodWeights: weigh(good, ordered[good.length]),
    bad: history.filter((trial) => !isGood.has(trial)),
  };
}

function weigh(good: readonly PastTrial[], next: PastTrial | undefined): number[] {
  const worst = lossOf(next ?? good.at(-1) ?? { loss: 0 });
  const improvements = good.map((trial) => worst - lossOf(trial));
  const mean = improvements.reduce((sum, improvement) => sum + improvement, 0) / Math.max(1, good.length);
  // All equally good, or an infinite loss beside them.
  if (!(mean > 0) || !Number.isFinite(mean)) return good.map(() => 1);
  return improvements.map((improvement) => Math.max(WEIGHT_FLOOR, improvement / mean));
}

function lossOf({ loss }: Pick<PastTrial, 'loss'>): number {
  return loss ?? Number.POSITIVE_INFINITY;
}
