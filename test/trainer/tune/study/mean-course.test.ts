import { describe, expect, it } from 'vitest';
import { meanCourse } from '../../../../trainer/tune/study/mean-course.ts';
import { complete, started, studyOf } from './made-study.ts';

describe('the mean course of studies', () => {
  const first = studyOf([started(0), complete(0, 0.4), started(1), complete(1, 0.2)]);
  const pruned = studyOf([
    started(0),
    { kind: 'ended', trial: 0, state: 'pruned' },
    started(1),
    complete(1, 0.6),
    started(2),
  ]);

  it('is the mean at each trial, without a best until all studies have one', () => {
    const course = meanCourse([first, pruned]);
    expect(course.map(({ trial, best }) => [trial, best])).toEqual([
      [1, null],
      [2, 0.4],
    ]);
    expect(course.map(({ loss }) => loss)).toEqual([0.4, 0.4]);
  });

  it('is empty of no studies', () => {
    expect(meanCourse([])).toEqual([]);
  });
});
