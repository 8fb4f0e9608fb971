/** One line a trial: what it came to, the best so far, and how long the rest takes. */
import { bestTrial, type Study, type Trial } from '../study/study.ts';

export interface Pace {
  readonly trials: number;
  readonly parallel: number;
  /** Until the time limit; infinite without one. */
  readonly secondsLeft: number;
}

export function renderProgress(study: Study, trial: Trial, pace: Pace): string {
  const best = bestTrial(study);
  const bestSoFar =
    best === undefined
      ? 'none within the budget yet'
      : `best ${best.result.score.toFixed(4)} (trial ${best.number + 1})`;
  const left = secondsLeft(study, pace);
  const time = left === null ? '' : `; ${renderSeconds(left)} left`;
  return `trial ${trial.number + 1} of ${pace.trials}: ${renderResult(trial)}; ${bestSoFar}${time}`;
}

function renderResult({ state, result, error }: Trial): string {
  if (result === undefined) return error === undefined ? state : `${state} (${error})`;
  const { score, logLoss, rowsPerSecond, rounds, seconds } = result;
  const speed = `${Math.round(rowsPerSecond / 100) / 10}k rows/s`;
  const penalised = score - logLoss > 1e-4 ? `, score ${score.toFixed(4)}` : '';
  const end = state === 'pruned' ? 'pruned at' : 'log loss';
  return `${end} ${logLoss.toFixed(4)}${penalised}, ${rounds} rounds, ${speed}, ${seconds.toFixed(0)} s`;
}

/** From the mean of the trials so far; `null` before the first has ended. */
export function secondsLeft(study: Study, { trials, parallel, secondsLeft: limit }: Pace): number | null {
  const taken = study.trials.flatMap(({ result }) => result?.seconds ?? []);
  if (taken.length === 0) return null;
  const mean = taken.reduce((sum, seconds) => sum + seconds, 0) / taken.length;
  const ended = study.trials.filter(({ state }) => state !== 'running').length;
  return Math.min(limit, (mean * Math.max(0, trials - ended)) / parallel);
}

export function renderSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
