/** Why the model says what it says of one product, in words. */

import { contributionsOf } from '../../../core/features/contributions.ts';
import type { FeatureMatrix } from '../../../core/features/encode-features.ts';
import type { Contribution } from '../../../schemas/http.ts';
import type { ServingModel } from './serving-model.ts';

/** Undefined where the model can not be explained. @param row of the features */
export function explainGrade(
  { explain }: ServingModel,
  { values, featureCount }: FeatureMatrix,
  row: number,
): readonly Contribution[] | undefined {
  if (explain === undefined) return undefined;
  const features = values.subarray(row * featureCount, (row + 1) * featureCount);
  return contributionsOf(features, explain(features));
}
