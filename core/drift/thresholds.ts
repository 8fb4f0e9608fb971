/**
 * When a measure counts: from its threshold on, and only above what chance gives in so many rows. One table, with why
 * each number is what it is.
 */
import type { DriftMeasure } from '../../schemas/drift-report.ts';

export interface DriftThreshold {
  readonly measure: DriftMeasure;
  readonly moderate: number;
  readonly major: number;
  /** Whether less of it counts too. */
  readonly isTwoSided: boolean;
  readonly source: string;
}

export const DRIFT_THRESHOLDS: Readonly<Record<DriftMeasure, DriftThreshold>> = {
  populationStabilityIndex: {
    measure: 'populationStabilityIndex',
    moderate: 0.1,
    major: 0.25,
    isTwoSided: false,
    source: 'Lewis (1994); the usual pair of credit scoring',
  },
  meanShift: {
    measure: 'meanShift',
    moderate: 0.05,
    major: 0.25,
    isTwoSided: true,
    source: 'NutriSage: sugars raised by 15 % shift by 0.1 standard deviations, and must be seen',
  },
  missingShare: {
    measure: 'missingShare',
    moderate: 0.1,
    major: 0.25,
    isTwoSided: true,
    source: 'NutriSage: ten points more rows without fibre cost half a point of accuracy, by the model card',
  },
  outOfRangeShare: {
    measure: 'outOfRangeShare',
    moderate: 0.01,
    major: 0.05,
    isTwoSided: false,
    source: 'NutriSage: no row of training is out of range; one in a hundred is no chance',
  },
  impossibleShare: {
    measure: 'impossibleShare',
    moderate: 0.02,
    major: 0.1,
    isTwoSided: false,
    source: 'NutriSage: what is impossible in a tenth of the rows is a fault of the column, not of rows',
  },
};

/**
 * Probability with which chance alone keeps one measure of one column below its noise floor. A job's report has
 * 23 indices, 22 out-of-range, 11 missing and 8 impossible shares and 7 means of what is derived, which together pass
 * their floors in 3 of 1,000 clean jobs at most (71 x 4e-5).
 */
export const KEPT_BELOW_NOISE = 1 - 4e-5;
/**
 * The same of the means of the eight declared nutrients: in 4 of 1,000 clean jobs (8 x 5e-4). They get the larger part of what
 * may go wrong, since a mean is what a systematic error shows in first.
 */
export const KEPT_BELOW_NOISE_OF_MEANS = 1 - 5e-4;
