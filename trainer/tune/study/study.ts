/** A study in memory: its header and its trials, as the lines of its file add up. Pure. */
import type {
  StudyHeader,
  StudyLine,
  TrialEnded,
  TrialResult,
  TrialStarted,
} from '../../../schemas/tuning-study.ts';
import type { PastTrial } from '../tpe/split-trials.ts';

/**
 * `running`: begun and not ended, in this process or in one that is gone. It becomes `complete`, `pruned` or `failed`
 * by the line that ends it, and stays that.
 */
export interface Trial {
  readonly number: number;
  readonly parameters: TrialStarted['parameters'];
  readonly state: 'running' | TrialEnded['state'];
  /** Loss when each step was reached; `steps[0]` is step 1. A trial may skip steps. */
  readonly steps: readonly (number | undefined)[];
  readonly result: TrialResult | undefined;
  /** Why it failed. */
  readonly error: string | undefined;
}

export interface Study {
  readonly header: StudyHeader;
  /** By number, without gaps. */
  readonly trials: readonly Trial[];
}

/** The study after one more line. @throws {RangeError} for a line that does not fit what came before. */
export function addLine(study: Study, line: StudyLine): Study {
  switch (line.kind) {
    case 'study':
      throw new RangeError('a second header');
    case 'started': {
      if (line.trial !== study.trials.length) throw new RangeError(`trial ${line.trial} out of order`);
      const { trial: number, parameters } = line;
      const begun: Trial = {
        number,
        parameters,
        state: 'running',
        steps: [],
        result: undefined,
        error: undefined,
      };
      return { ...study, trials: [...study.trials, begun] };
    }
    case 'step':
      return changeTrial(study, line.trial, (trial) => {
        const steps = [...trial.steps];
        steps[line.step - 1] = line.loss;
        return { ...trial, steps };
      });
    case 'ended':
      return changeTrial(study, line.trial, (trial) => {
        const { state, result, error } = line;
        return { ...trial, state, result, error };
      });
    default:
      return line satisfies never;
  }
}

function changeTrial(study: Study, number: number, change: (trial: Trial) => Trial): Study {
  const trial = study.trials[number];
  if (trial === undefined) throw new RangeError(`trial ${number} was never begun`);
  if (trial.state !== 'running') throw new RangeError(`trial ${number} had ended`);
  return { ...study, trials: study.trials.with(number, change(trial)) };
}

/** The trials as the estimator takes them. */
export function historyOf({ trials }: Study): PastTrial[] {
  return trials.map(({ parameters, state, result }) => ({
    parameters,
    state,
    loss: result?.score ?? null,
  }));
}

/** The complete trial with the least score that meets the speed budget; `undefined` where there is none. */
export function bestTrial({ trials, header }: Study): (Trial & { readonly result: TrialResult }) | undefined {
  let best: (Trial & { readonly result: TrialResult }) | undefined;
  for (const trial of trials) {
    const { state, result } = trial;
    if (state !== 'complete' || result === undefined) continue;
    if (result.rowsPerSecond < header.rowsPerSecond) continue;
    if (best === undefined || result.score < best.result.score) best = { ...trial, result };
  }
  return best;
}

/** Score of every trial and the best so far, numbered from 1; `loss` is null where a trial was pruned or failed. */
export function studyCourse(study: Study): { trial: number; loss: number | null; best: number | null }[] {
  let best: number | null = null;
  return study.trials.map(({ number, state, result }) => {
    const loss = state === 'complete' && result !== undefined ? result.score : null;
    if (loss !== null) best = Math.min(loss, best ?? loss);
    return { trial: number + 1, loss, best };
  });
}
