import type { DriftReport, FeatureDrift } from '../../schemas/drift-report.ts';
import { severityOf } from './column-measures.ts';

/** Features that have moved, the farthest first; as far ones in the order of the model. */
export function movedFeatures({ features }: DriftReport): FeatureDrift[] {
  return features
    .filter(({ movements }) => movements.length > 0)
    .sort((left, right) => farthest(right) - farthest(left));
}

function farthest({ movements: [worst] }: FeatureDrift): number {
  return worst === undefined ? 0 : severityOf(worst);
}

/** The verdict on a whole job as a sentence. */
export function driftHeadline(report: DriftReport): string {
  const { verdict, features, against, grades } = report;
  const place = against === 'training' ? against : `job ${against}`;
  if (verdict === 'too little data') return `Too few rows to tell whether they are like those of ${place}.`;
  const moved = movedFeatures(report);
  if (moved.length === 0) {
    const alsoGrades = grades.movements.length === 0 ? '' : ', and yet the model grades otherwise';
    return `All ${features.length} features are spread as in ${place}${alsoGrades}.`;
  }
  const major = moved.filter((feature) => feature.verdict === 'major').length;
  const degree = major === 0 ? 'none of them far' : `${major} of them far`;
  return `${moved.length} of ${features.length} features have moved from ${place}, ${degree}.`;
}
