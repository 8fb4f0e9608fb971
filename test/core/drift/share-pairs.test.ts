import { describe, expect, it } from 'vitest';
import { driftAgainstTraining } from '../../../core/drift/drift-report.ts';
import { featurePairs, gradePairs } from '../../../core/drift/share-pairs.ts';
import { plainHistograms, plainReference } from '../../support/drift-reference.ts';

const reportOf = (...changes: Parameters<typeof plainHistograms>) =>
  driftAgainstTraining('fedcba9876543210', plainReference(), plainHistograms(...changes));

function pairsOf(name: string, report = reportOf(10_000)) {
  const found = report.features.find(({ feature }) => feature === name);
  if (found === undefined) throw new Error(`The report has no ${name}.`);
  return featurePairs(found);
}

describe('the pairs that are drawn', () => {
  it('are shares of all rows, those without a value last', () => {
    const pairs = pairsOf('salt');
    expect(pairs).toHaveLength(11);
    expect(pairs[0]).toEqual({ name: 'below 5 g', reference: 0.09, current: 0.09 });
    expect(pairs.at(-1)).toEqual({ name: 'missing', reference: 0.1, current: 0.1 });
    const sum = (of: 'reference' | 'current') => pairs.reduce((all, pair) => all + pair[of], 0);
    expect(sum('reference')).toBeCloseTo(1, 12);
    expect(sum('current')).toBeCloseTo(1, 12);
  });

  it('call a category that is not there unknown', () => {
    expect(pairsOf('is_cheese').map(({ name }) => name)).toEqual(['no', 'yes', 'unknown']);
    expect(pairsOf('food_group').at(-1)?.name).toBe('unknown');
  });

  it('are nothing, and a number, where there are no rows', () => {
    const empty = reportOf(0);
    for (const { current } of [...pairsOf('fat', empty), ...gradePairs(empty.grades)])
      expect(current).toBe(0);
    expect(gradePairs(empty.grades).map(({ name }) => name)).toEqual(['A', 'B', 'C', 'D', 'E']);
  });
});
