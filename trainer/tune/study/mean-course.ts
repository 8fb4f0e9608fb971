/** The courses of several studies as one: what a sampler does on average, over seeds. */
import { type Study, studyCourse } from './study.ts';

export type Course = ReturnType<typeof studyCourse>;

/**
 * Means over the studies at each trial, as far as all of them go. A loss is the mean of the trials that completed,
 * null where none did; the best so far is null until every study has one.
 */
export function meanCourse(studies: readonly Study[]): Course {
  const courses = studies.map(studyCourse);
  const length = Math.min(...courses.map((course) => course.length));
  return Array.from({ length: studies.length === 0 ? 0 : length }, (_, at) => {
    const losses = courses.flatMap((course) => course[at]?.loss ?? []);
    const bests = courses.flatMap((course) => course[at]?.best ?? []);
    return {
      trial: at + 1,
      loss: meanOf(losses),
      best: bests.length === courses.length ? meanOf(bests) : null,
    };
  });
}

function meanOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
