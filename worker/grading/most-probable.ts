import { GRADES } from '../../schemas/grade.ts';

/** Number of the most probable grade of the five at `start`; the better one where two are alike. */
export function mostProbable(probabilities: Float32Array, start: number): number {
  let best = 0;
  for (let index = 1; index < GRADES.length; index += 1) {
    if ((probabilities[start + index] ?? 0) > (probabilities[start + best] ?? 0)) best = index;
  }
  return best;
}
