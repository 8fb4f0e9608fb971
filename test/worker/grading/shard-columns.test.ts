import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validate } from '../../../core/validation/validate.ts';
import { createShardColumns, type GradedShard } from '../../../worker/grading/shard-columns.ts';
import { columnsOf, PLAIN, type RowValues } from '../../core/validation/rows.ts';

const MODEL = '0123456789abcdef';

/** The rows taken in as batches of `batchRows`; the model's answer depends on the row alone. */
function shardOf(rows: readonly RowValues[], batchRows: number): GradedShard {
  const shard = createShardColumns(rows.length, MODEL);
  for (let first = 0; first < rows.length; first += batchRows) {
    const batch = columnsOf(rows.slice(first, first + batchRows));
    const items = validate({ ...batch, firstRowNumber: first });
    const probabilities = Float32Array.from({ length: items.acceptedRows.length * 5 }, (_, at) => {
      const salt = batch.nutrients.salt[items.acceptedRows[Math.floor(at / 5)] ?? 0] ?? 0;
      return (at % 5) / (1 + salt);
    });
    shard.append(items, probabilities, '2023');
  }
  return shard.finish();
}

const row: fc.Arbitrary<RowValues> = fc
  .record({
    code: fc.constantFrom('', ' ', '1', '2', '3', '40', '400', 'ß'),
    sugars: fc.constantFrom(5, 26, 5000.5),
    fruitShare: fc.constantFrom(0, 50, Number.NaN, Number.POSITIVE_INFINITY),
    salt: fc.constantFrom(0.5, 0.05, 1),
  })
  .map((values) => ({ ...PLAIN, ...values }));

describe('the columns of a shard', () => {
  it('are the same whatever the size of the batches that they were gathered from', () => {
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 39 }),
        (rows, size) => {
          expect(shardOf(rows, size)).toEqual(shardOf(rows, rows.length));
        },
      ),
    );
  });

  it('flag a code that an earlier graded row has, however far before, and count it', () => {
    const codes = ['1', '2', '3', '2', '1', '1'];
    const { graded, counts } = shardOf(
      codes.map((code) => ({ ...PLAIN, code })),
      2,
    );
    expect([...graded.warnings].map((bits) => bits & 1)).toEqual([0, 0, 0, 1, 1, 1]);
    expect(counts.warnings).toEqual({ 'duplicate-code': 3 });
  });

  it('compare graded rows only: a rejected row makes none of them a duplicate', () => {
    const { graded, rejected, counts } = shardOf(
      [
        { ...PLAIN, code: '1', salt: -1 },
        { ...PLAIN, code: '1' },
        { ...PLAIN, code: '1', salt: -1 },
      ],
      3,
    );
    expect([graded.rowCount, rejected.rowCount]).toEqual([1, 2]);
    expect(counts.warnings).toEqual({});
  });
});
