/** A whole run: rows, threads, the study's file, and `best.json` whenever there is a better one. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StudyHeader } from '../../../schemas/tuning-study.ts';
import { MODEL_SPACE, spaceFingerprint } from '../objective/model-space.ts';
import { TRIAL_LIMITS } from '../objective/run-trial.ts';
import { bestParameters } from '../study/best-parameters.ts';
import { bestTrial, type Study } from '../study/study.ts';
import { openStudy } from '../study/study-file.ts';
import type { ParameterValues } from '../tpe/search-space.ts';
import type { PastTrial } from '../tpe/split-trials.ts';
import { suggest, suggestAtRandom, TPE_DEFAULTS } from '../tpe/suggest.ts';
import { renderProgress } from './render-progress.ts';
import { runStudy } from './run-study.ts';
import { createTrialThreads } from './trial-threads.ts';
import type { TuneOptions } from './tune-options.ts';
import { readTuningRows } from './tuning-rows.ts';

export interface TunePorts {
  readonly libraryPath: string;
  report(line: string): void;
  /** Seconds, from any start. */
  now(): number;
  /** Aborted by Ctrl-C and by the time limit. */
  readonly signal: AbortSignal;
}

/** @returns the study as it was left; `best.json` lies beside it where a trial met the budget. */
export async function tune(options: TuneOptions, ports: TunePorts): Promise<Study> {
  const begun = ports.now();
  const { rows, fingerprint } = await readTuningRows(options.data, options);
  const { training, validation } = rows;
  const counts = `${training.features.rowCount} rows to train on, ${validation.features.rowCount} to judge on`;
  ports.report(`${counts}; ${options.parallel} trials at once`);
  mkdirSync(dirname(options.study), { recursive: true });
  using file = openStudy(options.study, headerOf(options, fingerprint));
  if (file.study.trials.length > 0) ports.report(`going on with ${file.study.trials.length} trials on file`);
  const limits = { ...TRIAL_LIMITS, rowsPerSecond: options.rowsPerSecond };
  const { libraryPath } = ports;
  await using threads = createTrialThreads({ libraryPath, rows, limits, seed: options.seed });
  const stop = (): void => threads.stop();
  ports.signal.addEventListener('abort', stop);
  try {
    await runStudy(file, options, {
      suggest: samplerOf(options),
      runTrial: threads.run,
      isStopped: () => ports.signal.aborted,
      onEnded: (study, trial) => {
        const secondsLeft = (options.timeout ?? Number.POSITIVE_INFINITY) - (ports.now() - begun);
        ports.report(renderProgress(study, trial, { ...options, secondsLeft }));
        if (bestTrial(study)?.number === trial.number) writeBest(options.study, study);
      },
    });
  } finally {
    ports.signal.removeEventListener('abort', stop);
  }
  return file.study;
}

function samplerOf({ sampler, seed }: TuneOptions): (history: readonly PastTrial[]) => ParameterValues {
  return sampler === 'tpe'
    ? (history) => suggest(MODEL_SPACE, history, { ...TPE_DEFAULTS, seed })
    : (history) => suggestAtRandom(MODEL_SPACE, history.length, seed);
}

function headerOf(options: TuneOptions, fingerprint: string): StudyHeader {
  const { sampler, seed, rowsPerSecond, copies, heldOut } = options;
  const space = spaceFingerprint(MODEL_SPACE);
  return { kind: 'study', format: 1, sampler, seed, rowsPerSecond, copies, heldOut, fingerprint, space };
}

export function bestPathOf(study: string): string {
  return join(dirname(study), 'best.json');
}

/** Renamed into place: whoever reads it meanwhile reads the one before. */
function writeBest(studyPath: string, study: Study): void {
  const path = bestPathOf(studyPath);
  writeFileSync(`${path}.part`, `${JSON.stringify(bestParameters(study), null, 2)}\n`);
  renameSync(`${path}.part`, path);
}
