import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restoreDecimal, roundProduct } from '../../../core/parquet/restore-decimal.ts';
import { restoredDecimal, roundedProduct } from '../../../trainer/ingest/sql-text.ts';
import { rowsOf } from './ingest-run.ts';

async function evaluated(expression: string, type: string, values: readonly number[]): Promise<unknown[]> {
  const literals = values.map((value) => `(${value}::DOUBLE::${type})`);
  const rows = await rowsOf(`SELECT ${expression} AS result FROM (VALUES ${literals.join(', ')}) AS t (x)`);
  return rows.map((row) => row['result']);
}

describe('SQL and the grading reader', () => {
  it('restore the same decimal from a 32-bit float', async () => {
    const decimals = fc.tuple(fc.integer({ min: 0, max: 4_000_000 }), fc.integer({ min: 0, max: 6 }));
    const values = fc
      .sample(decimals, { numRuns: 2000, seed: 5 })
      .map(([digits, scale]) => digits / 10 ** scale);
    const floats = values.map(Math.fround);
    expect(await evaluated(restoredDecimal('x'), 'FLOAT', floats)).toEqual(floats.map(restoreDecimal));
  });

  it('restore the same decimal from floats of any digits', async () => {
    const floats = fc
      .sample(fc.float({ min: Math.fround(1e-4), max: 10_000, noNaN: true }), { numRuns: 2000, seed: 5 })
      .concat(18.5546875);
    expect(await evaluated(restoredDecimal('x'), 'FLOAT', floats)).toEqual(floats.map(restoreDecimal));
  });

  it('round the same product', async () => {
    const values = fc
      .sample(fc.integer({ min: 0, max: 100_000 }), { numRuns: 2000, seed: 5 })
      .map((n) => n / 1000);
    for (const factor of [2.5, 4.184]) {
      const expected = values.map((value) => roundProduct(value * factor));
      expect(await evaluated(roundedProduct('x', factor), 'DOUBLE', values)).toEqual(expected);
    }
  });
});
