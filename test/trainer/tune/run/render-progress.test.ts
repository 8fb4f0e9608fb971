import { describe, expect, it } from 'vitest';
import type { StudyLine } from '../../../../schemas/tuning-study.ts';
import { renderProgress } from '../../../../trainer/tune/run/render-progress.ts';
import { complete, started, studyOf } from '../study/made-study.ts';

const pace = { trials: 10, parallel: 2, secondsLeft: Number.POSITIVE_INFINITY };

function lastLine(lines: readonly StudyLine[], changes = {}): string {
  const study = studyOf(lines);
  const trial = study.trials.at(-1);
  return trial === undefined ? '' : renderProgress(study, trial, { ...pace, ...changes });
}

describe('the progress of a study', () => {
  const lines = [started(0), complete(0, 0.4), started(1), complete(1, 0.45)];

  it('tells what a trial came to, the best so far and the time left', () => {
    expect(lastLine(lines)).toBe(
      'trial 2 of 10: log loss 0.4500, 71 rounds, 61k rows/s, 2 s; best 0.4000 (trial 1); 8 s left',
    );
  });

  it('leaves no more time than the limit does', () => {
    expect(lastLine(lines, { trials: 1000, secondsLeft: 90 })).toMatch(/; 1 min 30 s left$/);
  });

  it('tells why a trial failed', () => {
    const failed: StudyLine = { kind: 'ended', trial: 1, state: 'failed', error: 'the loss is NaN' };
    expect(lastLine([...lines.slice(0, 3), failed])).toMatch(/trial 2 of 10: failed \(the loss is NaN\);/);
  });

  it('says that nothing was fast enough yet', () => {
    expect(lastLine([started(0), complete(0, 0.4, 30_000)])).toMatch(/none within the budget yet/);
  });
});
