/** Histograms as shares of the rows, before and now, side by side: what page and terminal draw. */
import type { FeatureDrift, GradeDrift } from '../../schemas/drift-report.ts';
import { GRADES } from '../../schemas/grade.ts';
import { allRows, givenRows } from './column-measures.ts';
import { binName } from './drift-sentences.ts';

export interface SharePair {
  readonly name: string;
  /** 0 to 1. */
  readonly reference: number;
  readonly current: number;
}

/** Of each bin and, last, of the rows without a value. */
export function featurePairs(feature: FeatureDrift): SharePair[] {
  const { reference, current } = feature;
  const [before, now] = [allRows(reference), allRows(current)];
  const pairs = reference.counts.map((count, bin) => ({
    name: binName(feature, bin),
    reference: shareOf(count, before),
    current: shareOf(current.counts[bin] ?? 0, now),
  }));
  return [
    ...pairs,
    {
      name: gapName(feature),
      reference: shareOf(reference.missing, before),
      current: shareOf(current.missing, now),
    },
  ];
}

/** What a row without a value is called. */
export function gapName({ unit }: Pick<FeatureDrift, 'unit'>): 'unknown' | 'missing' {
  return unit === 'flag' || unit === 'index' ? 'unknown' : 'missing';
}

/** Of the model's grades, A to E. */
export function gradePairs({ reference, current }: GradeDrift): SharePair[] {
  const [before, now] = [givenRows({ counts: reference }), givenRows({ counts: current })];
  return GRADES.map((grade, index) => ({
    name: grade.toUpperCase(),
    reference: shareOf(reference[index] ?? 0, before),
    current: shareOf(current[index] ?? 0, now),
  }));
}

function shareOf(count: number, rows: number): number {
  return rows === 0 ? 0 : count / rows;
}
