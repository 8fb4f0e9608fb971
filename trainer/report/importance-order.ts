/** Features in the order in which people want to read them. */

import { words } from '../../core/report/format-figures.ts';
import type { FeatureImportance, ReportData } from '../../schemas/report-data.ts';

export interface RankedFeature extends FeatureImportance {
  /** Mean absolute contributions of all five grades, added up. */
  readonly shapSum: number;
}

/** `saturated_fat` as words; a unit at the end (`energy_kj`) is left to the table of meanings. */
export function featureLabel(name: string): string {
  return words(name.replace(/_kj$/, ''));
}

/** Most contributing first; equal ones by gain, then by name, so that the order never depends on the input's. */
export function rankFeatures({ features }: ReportData['importance']): RankedFeature[] {
  return features
    .map((feature) => ({ ...feature, shapSum: feature.shap.reduce((sum, value) => sum + value, 0) }))
    .sort(
      (left, right) =>
        right.shapSum - left.shapSum || right.gain - left.gain || (left.name < right.name ? -1 : 1),
    );
}
