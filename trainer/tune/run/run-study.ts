/** The loop of a study: as many trials at once as there are seats, until enough are done or time is up. */
import type { TrialResult } from '../../../schemas/tuning-study.ts';
import type { TrialOutcome, Verdict } from '../objective/run-trial.ts';
import { isHopeless } from '../study/median-rule.ts';
import { historyOf, type Study, type Trial } from '../study/study.ts';
import type { StudyFile } from '../study/study-file.ts';
import type { ParameterValues } from '../tpe/search-space.ts';
import type { PastTrial } from '../tpe/split-trials.ts';

export interface StudyPlan {
  /** Trials that the study is to have in all, those of earlier runs among them. */
  readonly trials: number;
  readonly parallel: number;
}

export interface StudyPorts {
  suggest(history: readonly PastTrial[]): ParameterValues;
  runTrial(
    parameters: ParameterValues,
    judge: (step: number, loss: number) => Verdict,
  ): Promise<TrialOutcome>;
  /** Called after each trial that ended. */
  onEnded(study: Study, trial: Trial): void;
  isStopped(): boolean;
}

/**
 * Trials that were interrupted run first, with the parameters they were begun with: a study that was stopped at
 * any moment comes to the same trials as one that was not.
 */
export async function runStudy(file: StudyFile, plan: StudyPlan, ports: StudyPorts): Promise<void> {
  const interrupted = file.study.trials.filter(({ state }) => state === 'running');
  const takeTrial = (): Trial | undefined => {
    if (ports.isStopped()) return undefined;
    const left = interrupted.shift();
    if (left !== undefined) return left;
    const trial = file.study.trials.length;
    if (trial >= plan.trials) return undefined;
    file.append({ kind: 'started', trial, parameters: ports.suggest(historyOf(file.study)) });
    return file.study.trials[trial];
  };
  const seat = async (): Promise<void> => {
    for (let trial = takeTrial(); trial !== undefined; trial = takeTrial()) await runOne(file, trial, ports);
  };
  await Promise.all(Array.from({ length: plan.parallel }, seat));
}

async function runOne(file: StudyFile, { number: trial, parameters, steps }: Trial, ports: StudyPorts) {
  const known = steps.length;
  const judge = (step: number, loss: number): Verdict => {
    if (ports.isStopped()) return 'stop';
    // An interrupted trial goes its first steps again; they are on file.
    if (step > known) file.append({ kind: 'step', trial, step, loss });
    return isHopeless(file.study, step, loss) ? 'prune' : 'continue';
  };
  const outcome = await ports.runTrial(parameters, judge).catch((error: unknown) => ({
    state: 'failed' as const,
    error: error instanceof Error ? error.message : String(error),
  }));
  if (outcome.state === 'stopped') return;
  const end: { result: TrialResult } | { error: string } =
    outcome.state === 'failed' ? { error: outcome.error } : { result: outcome.result };
  file.append({ kind: 'ended', trial, state: outcome.state, ...end });
  const ended = file.study.trials[trial];
  if (ended !== undefined) ports.onEnded(file.study, ended);
}
