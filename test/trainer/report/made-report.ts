/** Report data with every part, made of round numbers. */
import { FEATURES } from '../../../core/features/feature-table.ts';
import { GRADES } from '../../../schemas/grade.ts';
import type { ReportData, ReportSlice } from '../../../schemas/report-data.ts';

export function madeSlice(slice: Partial<ReportSlice> = {}): ReportSlice {
  return {
    name: 'all',
    description: 'rows as they stand in the files',
    rows: 1000,
    accuracy: 0.9,
    macroF1: 0.88,
    withinOne: 0.99,
    logLoss: 0.25,
    ece: 0.0123,
    baselines: [
      { name: 'majority', accuracy: 0.3, macroF1: 0.1, withinOne: 0.6, logLoss: null, ece: null },
      {
        name: 'rules, missing as zero',
        accuracy: 0.8,
        macroF1: 0.79,
        withinOne: 0.95,
        logLoss: null,
        ece: null,
      },
    ],
    confusion: GRADES.map((_, truth) => GRADES.map((__, given) => (truth === given ? 180 : 5))),
    reliability: [
      { confidence: 0.55, accuracy: 0.5, count: 40 },
      { confidence: 0.95, accuracy: 0.96, count: 960 },
    ],
    ...slice,
  };
}

export function madeReport(data: Partial<ReportData> = {}): ReportData {
  return {
    format: 1,
    version: '0123456789abcdef',
    createdAt: '2026-11-23T12:00:00Z',
    rows: { training: 12_345, heldOut: 1000 },
    parameters: { max_depth: 8, objective: 'multi:softprob' },
    command: 'npm run train -- --data <folder with the files>',
    slices: [madeSlice(), madeSlice({ name: 'without-fibre', accuracy: 0.85 })],
    importance: {
      rows: 500,
      features: FEATURES.map(({ name, meaning }, at) => ({
        name,
        meaning,
        gain: 1 / FEATURES.length,
        splits: 10 + at,
        shap: GRADES.map((_, grade) => (at + 1) * 0.1 + grade * 0.01),
      })),
    },
    learningCurve: Array.from({ length: 100 }, (_, at) => ({
      round: at + 1,
      train: 1 / (at + 1),
      validation: 0.3 + ((at - 60) / 100) ** 2,
    })),
    study: {
      objective: 'log loss on validation rows',
      courses: ['TPE', 'random'].map((sampler) => ({
        sampler,
        trials: [
          { trial: 1, loss: 0.5, best: 0.5 },
          { trial: 2, loss: null, best: 0.5 },
          { trial: 3, loss: 0.4, best: 0.4 },
        ],
      })),
    },
    ...data,
  };
}
