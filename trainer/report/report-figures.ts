/** Which figures a model's report has, in the order in which they are read. */

import type { Figure } from '../../core/figures/figure.ts';
import type { ReportData } from '../../schemas/report-data.ts';
import { confusionFigure } from './figures/confusion-figure.ts';
import { featureImportanceFigure } from './figures/feature-importance-figure.ts';
import { learningCurveFigure } from './figures/learning-curve-figure.ts';
import { reliabilityFigure } from './figures/reliability-figure.ts';
import { slicesFigure } from './figures/slices-figure.ts';
import { studyFigure } from './figures/study-figure.ts';

export interface ReportFigures {
  readonly slices: Figure;
  readonly confusion: Figure;
  /** Absent where the data has nothing to draw. */
  readonly reliability?: Figure;
  readonly importance: Figure;
  readonly learning?: Figure;
  readonly study?: Figure;
}

export function reportFigures(data: ReportData): ReportFigures {
  const main = mainSlice(data);
  return {
    slices: slicesFigure(data.slices),
    confusion: confusionFigure(main),
    ...(main.reliability.length > 0 && { reliability: reliabilityFigure(main) }),
    importance: featureImportanceFigure(data),
    ...(data.learningCurve.length > 1 && { learning: learningCurveFigure(data.learningCurve) }),
    ...(data.study !== undefined && { study: studyFigure(data.study) }),
  };
}

/** The slice that the summary and the detailed figures are about: the first. */
export function mainSlice({ slices }: ReportData): ReportData['slices'][number] {
  const [first] = slices;
  if (first === undefined) throw new RangeError('report data without a slice');
  return first;
}
