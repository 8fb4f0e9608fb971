/** What moves a model's answer for one product, feature by feature, with the grade that each pushes toward. */
import { GRADES, type Grade } from '../../schemas/grade.ts';
import type { Contribution } from '../../schemas/http.ts';
import { FEATURES } from './feature-table.ts';
import { featureWords } from './feature-words.ts';

/** What does less than this of all is left out: with twenty features it is noise to a reader. */
const SHARE_MIN = 0.005;
const ROUNDING = 10_000;

/**
 * @param features of one product; NaN is missing
 * @param added `GRADES.length` x (`FEATURES.length` + 1), grade by grade, in units of log-odds: SHAP values of each
 * feature, and last what holds for no product in particular
 * @returns the strongest first. Only differences between grades count in a softmax, so what a feature adds to all alike is
 * taken away from each.
 */
export function contributionsOf(features: Float32Array, added: Float64Array): Contribution[] {
  const perGrade = FEATURES.length + 1;
  const moves = FEATURES.map((_, feature) => {
    const raw = GRADES.map((_grade, grade) => added[grade * perGrade + feature] as number);
    const mean = raw.reduce((sum, value) => sum + value, 0) / GRADES.length;
    const logOdds = raw.map((value) => value - mean);
    const size = logOdds.reduce((sum, value) => sum + Math.abs(value), 0);
    return { feature, logOdds, size };
  });
  const total = moves.reduce((sum, { size }) => sum + size, 0);
  return moves
    .filter(({ size }) => size > total * SHARE_MIN)
    .sort((one, other) => other.size - one.size)
    .map(({ feature, logOdds, size }) =>
      contribution(feature, features[feature] as number, logOdds, size / total),
    );
}

function contribution(
  feature: number,
  value: number,
  logOdds: readonly number[],
  share: number,
): Contribution {
  const toward = GRADES[logOdds.indexOf(Math.max(...logOdds))] as Grade;
  const [a, b, c, d, e] = logOdds.map(rounded) as [number, number, number, number, number];
  return {
    feature: FEATURES[feature]?.name ?? '',
    text: `${featureWords(feature, value)}: pushes toward ${toward.toUpperCase()}`,
    value: Number.isNaN(value) ? null : rounded(value),
    toward,
    share: rounded(share),
    logOdds: { a, b, c, d, e },
  };
}

function rounded(value: number): number {
  return Math.round(value * ROUNDING) / ROUNDING;
}
