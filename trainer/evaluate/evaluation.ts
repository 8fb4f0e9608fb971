/** How well the model, and what it is compared with, grade rows of products that none was trained on. */

import { GRADES } from '../../schemas/grade.ts';
import type { ReportBaseline, ReportSlice } from '../../schemas/report-data.ts';
import { logLoss } from '../forest/softmax.ts';
import { type Baseline, type Judgement, withProbabilities } from './baselines.ts';
import type { EvaluationSet } from './evaluation-sets.ts';
import { type Confusion, calibrationError, confusionOf, figuresOf, reliabilityOf } from './figures.ts';

/** Figures of one set, in the form in which they are reported. `NaN` where a figure has no rows. */
export interface Evaluation extends ReportSlice {
  readonly accuracy: number;
  readonly macroF1: number;
  readonly withinOne: number;
  readonly logLoss: number;
  readonly ece: number;
}

/** @param probabilities of the set's rows, by the model. */
export async function evaluate(
  { name, description, rows }: EvaluationSet,
  probabilities: Float32Array,
  baselines: readonly Baseline[],
): Promise<Evaluation> {
  const { labels } = rows;
  const own = withProbabilities(probabilities);
  const confusion = confusionOf(labels, own.grades);
  const compared: ReportBaseline[] = [];
  for (const baseline of baselines) {
    const judgement = await baseline.judge(rows);
    const figures = judgementFigures(confusionOf(labels, judgement.grades), judgement, labels);
    compared.push({ name: baseline.name, ...figures });
  }
  const figures = judgementFigures(confusion, own, labels);
  return {
    name,
    description,
    rows: labels.length,
    ...figures,
    logLoss: figures.logLoss ?? Number.NaN,
    ece: figures.ece ?? Number.NaN,
    baselines: compared,
    confusion: confusion.map((counts) => [...counts]),
    reliability: reliabilityOf(probabilities, labels),
  };
}

function judgementFigures(confusion: Confusion, { probabilities }: Judgement, labels: Float32Array) {
  const { accuracy, macroF1, withinOneGrade } = figuresOf(confusion);
  return {
    accuracy,
    macroF1,
    withinOne: withinOneGrade,
    logLoss: probabilities === undefined ? null : logLoss(probabilities, labels, GRADES.length),
    ece: probabilities === undefined ? null : calibrationError(reliabilityOf(probabilities, labels)),
  };
}
