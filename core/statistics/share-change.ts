import { enoughRows } from './enough-rows.ts';

/** So many of so many rows. */
export interface ShareOf {
  readonly count: number;
  readonly rows: number;
}

/**
 * By how much a share of rows has grown, such as that of missing values: 0.1 is ten points more, negative is fewer.
 * @throws {TooLittleDataError}
 */
export function shareChange(reference: ShareOf, current: ShareOf): number {
  return current.count / enoughRows([current.rows]) - reference.count / enoughRows([reference.rows]);
}

/**
 * What a change stays below, in one direction and with this probability, when both shares are of one population: by
 * Bernstein's inequality with the variance of both together. It holds for the rarest of things too, where the normal
 * distribution promises more than it keeps: of 200 rows three may be out of a range that one in a thousand is out of.
 * Source: Bernstein (1924); Boucheron, Lugosi and Massart, Concentration Inequalities (2013), corollary 2.11.
 */
export function shareChangeNoise(reference: ShareOf, current: ShareOf, probability: number): number {
  const exponent = -Math.log(1 - probability);
  const share = (reference.count + current.count) / (reference.rows + current.rows);
  const perRow = 1 / reference.rows + 1 / current.rows;
  return Math.sqrt(2 * share * (1 - share) * exponent * perRow) + (exponent * perRow) / 3;
}
