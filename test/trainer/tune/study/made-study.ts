/** Lines of made studies, for tests. */
import type { StudyHeader, StudyLine } from '../../../../schemas/tuning-study.ts';
import { addLine, type Study } from '../../../../trainer/tune/study/study.ts';

export const HEADER: StudyHeader = {
  kind: 'study',
  format: 1,
  sampler: 'tpe',
  seed: 1,
  rowsPerSecond: 60_000,
  copies: 2,
  heldOut: 0.2,
  fingerprint: 'a'.repeat(64),
  space: 'b'.repeat(64),
};

export const PARAMETERS = {
  max_depth: 6,
  max_leaves: 31,
  eta: 0.2,
  subsample: 0.8,
  colsample_bytree: 0.9,
  min_child_weight: 4,
  reg_lambda: 1,
  gamma: 0.01,
};

export function started(trial: number): StudyLine {
  return { kind: 'started', trial, parameters: PARAMETERS };
}

export function complete(trial: number, score: number, rowsPerSecond = 61_000): StudyLine {
  const result = { score, logLoss: score, rowsPerSecond, rounds: 70 + trial, seconds: 2 };
  return { kind: 'ended', trial, state: 'complete', result };
}

export function studyOf(lines: readonly StudyLine[]): Study {
  return lines.reduce(addLine, { header: HEADER, trials: [] } as Study);
}
