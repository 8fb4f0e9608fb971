import { describe, expect, it } from 'vitest';
import type { StudyLine } from '../../../../schemas/tuning-study.ts';
import { bestParameters, NoBestTrialError } from '../../../../trainer/tune/study/best-parameters.ts';
import { isHopeless } from '../../../../trainer/tune/study/median-rule.ts';
import { bestTrial, historyOf, studyCourse } from '../../../../trainer/tune/study/study.ts';
import { complete, PARAMETERS, started, studyOf } from './made-study.ts';

const pruned: StudyLine = {
  kind: 'ended',
  trial: 1,
  state: 'pruned',
  result: { score: 0.1, logLoss: 0.1, rowsPerSecond: 90_000, rounds: 9, seconds: 1 },
};

describe('a study', () => {
  const study = studyOf([started(0), started(1), complete(0, 0.4), pruned, started(2), complete(2, 0.3)]);

  it('takes the complete trial with the least score for its best, never a pruned one', () => {
    expect(bestTrial(study)?.number).toBe(2);
  });

  it('passes over trials that are too slow', () => {
    const slow = studyOf([started(0), started(1), complete(0, 0.4), complete(1, 0.2, 59_000)]);
    expect(bestTrial(slow)?.number).toBe(0);
  });

  it('gives the parameters of its best with the rounds it stopped at', () => {
    expect(bestParameters(study)).toEqual({ num_boost_round: 72, ...PARAMETERS });
  });

  it.each([
    [[started(0)], /none of the study's 1 trials is complete/],
    [[started(0), complete(0, 0.4, 41_000)], /60000 rows\/s \(the fastest 41000\)/],
  ])('says why it has no best (%#)', (lines, message) => {
    const find = () => bestParameters(studyOf(lines));
    expect(find).toThrow(NoBestTrialError);
    expect(find).toThrow(message);
  });

  it('tells the estimator which trials are still running', () => {
    const states = historyOf(studyOf([started(0), started(1), complete(0, 0.4)]));
    expect(states.map(({ state, loss }) => [state, loss])).toEqual([
      ['complete', 0.4],
      ['running', null],
    ]);
  });

  it('has a course whose best only falls', () => {
    expect(studyCourse(study)).toEqual([
      { trial: 1, loss: 0.4, best: 0.4 },
      { trial: 2, loss: null, best: 0.4 },
      { trial: 3, loss: 0.3, best: 0.3 },
    ]);
  });

  it.each([
    ['began out of order', [started(1)]],
    ['never began', [complete(0, 1)]],
    ['ended twice', [started(0), complete(0, 1), complete(0, 1)]],
  ])('refuses a trial that %s', (_, lines) => {
    expect(() => studyOf(lines)).toThrow(RangeError);
  });
});

describe('the median rule', () => {
  const rule = { warmUpTrials: 3, warmUpSteps: 2 };
  const step = (trial: number, at: number, loss: number): StudyLine => {
    return { kind: 'step', trial, step: at, loss };
  };
  const trialWith = (trial: number, losses: readonly [number, number]) => [
    started(trial),
    step(trial, 1, losses[0]),
    step(trial, 3, losses[1]),
    complete(trial, losses[1]),
  ];
  const linesOfThree = [
    ...trialWith(0, [0.9, 0.5]),
    ...trialWith(1, [0.8, 0.4]),
    ...trialWith(2, [0.7, 0.3]),
  ];
  const study = studyOf([...linesOfThree, started(3)]);

  it('stops what is behind the median at the same step', () => {
    expect(isHopeless(study, 3, 0.41, rule)).toBe(true);
    expect(isHopeless(study, 3, 0.4, rule)).toBe(false);
  });

  it('compares with the step before where a trial skipped one', () => {
    expect(isHopeless(study, 2, 0.79, rule)).toBe(false);
    expect(isHopeless(study, 2, 0.81, rule)).toBe(true);
  });

  it('counts those that it stopped before', () => {
    const stopped: StudyLine[] = [3, 4, 5].flatMap((trial) => [
      ...(trial === 3 ? [] : [started(trial)]),
      step(trial, 3, 0.9),
      { kind: 'ended', trial, state: 'pruned' },
    ]);
    expect(isHopeless(studyOf([...linesOfThree, started(3), ...stopped]), 3, 0.6, rule)).toBe(false);
  });

  it('waits until enough steps are done and enough trials have ended', () => {
    expect(isHopeless(study, 1, 9, rule)).toBe(false);
    expect(isHopeless(study, 3, 9, { ...rule, warmUpTrials: 4 })).toBe(false);
  });
});
