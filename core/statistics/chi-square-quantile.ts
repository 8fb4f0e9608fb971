import { normalQuantile } from './normal-quantile.ts';

/**
 * Value that a chi-square variable stays below with this probability. In the upper tail it errs upwards: by 7 % with
 * one degree of freedom at 0.9999, by 1 % with nine.
 * Source: Wilson and Hilferty, "The distribution of chi-square", PNAS 17 (1931), 684-688.
 * @param probability above 0 and below 1
 * @param degreesOfFreedom at least 1
 * @throws {RangeError}
 */
export function chiSquareQuantile(probability: number, degreesOfFreedom: number): number {
  if (!(degreesOfFreedom >= 1)) throw new RangeError(`${degreesOfFreedom} degrees of freedom are none`);
  const spread = 2 / (9 * degreesOfFreedom);
  const cubeRoot = 1 - spread + normalQuantile(probability) * Math.sqrt(spread);
  return degreesOfFreedom * Math.max(0, cubeRoot) ** 3;
}
