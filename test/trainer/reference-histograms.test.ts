import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driftAgainstTraining } from '../../core/drift/drift-report.ts';
import { FEATURE_NAMES } from '../../core/features/feature-table.ts';
import { ModelReference } from '../../schemas/model.ts';
import { createParser } from '../../schemas/parse.ts';
import { binsOf, referenceOf } from '../../trainer/evaluate/reference-histograms.ts';
import { copyInputs, createPool, type ItemPool } from '../../trainer/rows/item-pool.ts';
import { columnsOf, PLAIN, type RowValues } from '../core/validation/rows.ts';

const ABSENT = Number.NaN;

function poolOf(rows: readonly RowValues[]): ItemPool {
  const columns = columnsOf(rows);
  const pool = createPool(rows.length);
  for (const row of rows.keys()) copyInputs(columns, row, pool.columns, row);
  return pool;
}

const allB = ({ rowCount }: { readonly rowCount: number }): Uint8Array => new Uint8Array(rowCount).fill(1);
const featureOf = ({ features }: ModelReference, name: string) =>
  features.find((feature) => feature.name === name);

describe('binsOf', () => {
  it('gives a flag a bin for each of its two values', () => {
    expect(binsOf(Float64Array.of(0, 1, 1, ABSENT, 0, 1))).toEqual({ edges: [1], min: 0, max: 1 });
  });

  it('gives ten bins of equal counts to values that differ', () => {
    const { edges, min, max } = binsOf(Float64Array.from({ length: 1000 }, (_, at) => at));
    expect(edges).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900]);
    expect([min, max]).toEqual([0, 999]);
  });

  it('has ascending edges above the smallest value, whatever the values', () => {
    const value = fc.oneof(fc.double({ min: -50, max: 100, noNaN: true }), fc.constantFrom(ABSENT, 0, 1));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 200 }), (values) => {
        const { edges, min } = binsOf(Float64Array.from(values));
        expect(edges).toEqual([...edges].sort((left, right) => left - right));
        for (const edge of edges) expect(edge).toBeGreaterThan(min);
        expect(edges.length).toBeLessThan(10);
      }),
    );
  });

  it('has no bounds where every value is missing', () => {
    const { edges, min, max } = binsOf(Float64Array.of(ABSENT));
    expect([edges, min, max]).toEqual([[], Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  });
});

describe('referenceOf', () => {
  const rows: RowValues[] = Array.from({ length: 300 }, (_, row) => ({
    ...PLAIN,
    sugars: (row % 100) / 10,
    ...(row % 3 === 0 ? { fibre: ABSENT } : {}),
  }));
  // Rejected, so that their salt is in no graded row.
  rows.push({ ...PLAIN, salt: 400 }, { ...PLAIN, salt: 600 });

  it('is of all rows, and of the graded ones where a feature needs them', () => {
    const reference = createParser('reference', ModelReference).parse(referenceOf(poolOf(rows), allB));
    expect(reference).toMatchObject({ rows: 302, accepted: 300, grades: [0, 300, 0, 0, 0] });
    expect(reference.features.map(({ name }) => name)).toEqual(FEATURE_NAMES);
    expect(featureOf(reference, 'salt')).toMatchObject({
      min: 0.5,
      max: 0.5,
      above: 2,
      impossible: 2,
      mean: 0.5,
    });
    expect(featureOf(reference, 'fibre')).toMatchObject({ missing: 100, mean: 3, standardDeviation: 0 });
    expect(featureOf(reference, 'saturated_ratio')).toMatchObject({ counts: [300], mean: 40 });
  });

  it('has no figures for a feature that no row has', () => {
    const bare = poolOf(rows.map((row) => ({ ...row, fibre: ABSENT })));
    expect(featureOf(referenceOf(bare, allB), 'fibre')).toMatchObject({
      edges: [],
      counts: [0],
      missing: 302,
      mean: null,
      skewness: null,
      min: null,
    });
  });

  it('has the moments of the values', () => {
    const { mean, standardDeviation, skewness } = featureOf(referenceOf(poolOf(rows), allB), 'sugars') ?? {};
    expect(mean).toBeCloseTo(4.95, 1);
    expect(standardDeviation).toBeCloseTo(2.887, 1);
    expect(skewness).toBeCloseTo(0, 1);
  });

  it('finds nothing in its own rows', () => {
    const reference = referenceOf(poolOf(rows), allB);
    const columns = Object.fromEntries(
      reference.features.map(({ name, counts, missing, below = 0, above = 0, impossible = 0, mean }) => {
        const values = counts.reduce((sum, count) => sum + count, 0) - below - above;
        const sum = String(Math.round((mean ?? 0) * values * 1e6));
        return [name, { counts, missing, below, above, impossible, sum }] as const;
      }),
    );
    const own = { rows: 302, accepted: 300, columns, grades: reference.grades };
    const report = driftAgainstTraining('model', reference, own);
    expect(report.verdict).toBe('stable');
    for (const { populationStabilityIndex } of report.features) expect(populationStabilityIndex ?? 0).toBe(0);
  });
});
