/** A training reference with the same round figures for every feature, and a job's histograms that equal it. */
import { DRIFT_COLUMNS } from '../../core/drift/drift-columns.ts';
import type { ColumnCounts, RowHistograms } from '../../schemas/histograms.ts';
import type { FeatureReference, ModelReference } from '../../schemas/model.ts';

const ROWS = 30_000;

/** Ten bins of 2,700 values and 3,000 missing ones, from 0 to 100 with a mean of 20 and a standard deviation of 10. */
export function plainReference(): ModelReference {
  return {
    rows: ROWS,
    accepted: ROWS,
    features: DRIFT_COLUMNS.map(
      ({ feature, unit }): FeatureReference => ({
        name: feature,
        edges: unit === 'flag' ? [1] : [5, 8, 11, 14, 17, 20, 24, 30, 40],
        counts: unit === 'flag' ? [21_600, 5400] : new Array<number>(10).fill(2700),
        missing: 3000,
        below: 0,
        above: 0,
        impossible: 300,
        mean: unit === 'flag' ? 0.2 : 20,
        standardDeviation: unit === 'flag' ? 0.4 : 10,
        skewness: 1,
        min: 0,
        max: unit === 'flag' ? 1 : 100,
      }),
    ),
    grades: [6000, 6000, 6000, 6000, 6000],
  };
}

/** Histograms of `rows` rows (a multiple of 100) spread as in the plain reference, with changes to some columns. */
export function plainHistograms(
  rows: number,
  changes: Readonly<Record<string, Partial<ColumnCounts>>> = {},
): RowHistograms {
  const columns = DRIFT_COLUMNS.map(({ feature, unit }) => {
    const given = rows * 0.9;
    const plain: ColumnCounts = {
      counts: unit === 'flag' ? [given * 0.8, given * 0.2] : new Array<number>(10).fill(given / 10),
      missing: rows * 0.1,
      below: 0,
      above: 0,
      impossible: rows * 0.01,
      sum: String(given * (unit === 'flag' ? 0.2 : 20) * 1e6),
    };
    return [feature, { ...plain, ...changes[feature] }] as const;
  });
  return {
    rows,
    accepted: rows,
    columns: Object.fromEntries(columns),
    grades: new Array<number>(5).fill(rows / 5),
  };
}
