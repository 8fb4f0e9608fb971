import { unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { textColumn } from '../../../core/items/item-columns.ts';
import type { GradedColumns } from '../../../core/parquet/graded-columns.ts';
import { createItemBodies } from '../../../worker/adapters/grade-item-bodies.ts';
import { JOB, MODEL, SUBMITTED_AT } from '../../support/records.ts';

function rowsOf(codes: readonly string[]): GradedColumns {
  const rowCount = codes.length;
  return {
    rowCount,
    codes: textColumn([...codes]),
    rowNumbers: Float64Array.from({ length: rowCount }, (_, row) => row),
    grade: new Uint8Array(rowCount).fill(4),
    source: new Uint8Array(rowCount),
    officialStatus: new Uint8Array(rowCount).fill(1),
    officialGrade: new Uint8Array(rowCount).fill(4),
    officialScore: new Int8Array(rowCount).fill(-15),
    modelGrade: new Uint8Array(rowCount).fill(3),
    probabilities: new Float32Array(rowCount * 5).fill(0.2),
    warnings: new Uint32Array(rowCount),
    modelVersion: MODEL,
  };
}

const table = 'a "table"';
const target = { table, grading: { job: JOB, submittedAt: SUBMITTED_AT }, retentionDays: 30 };

function itemsOf(body: Uint8Array): Record<string, unknown>[] {
  const requests = JSON.parse(new TextDecoder().decode(body)).RequestItems[table];
  return requests.map((request: { PutRequest: { Item: Parameters<typeof unmarshall>[0] } }) =>
    unmarshall(request.PutRequest.Item),
  );
}

it('keeps every code as it is, whatever characters it has', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 25 }), (codes) => {
      const items = itemsOf(createItemBodies(target, rowsOf(codes))(0, codes.length));
      expect(items.map(({ code }) => code)).toEqual(codes);
    }),
  );
});

it('writes the rows that are asked for and no others', () => {
  const bodyOf = createItemBodies(target, rowsOf(['1', '2', '3', '4']));
  const items = itemsOf(bodyOf(1, 3));
  expect(items.map(({ code, rowNumber }) => [code, rowNumber])).toEqual([
    ['2', 1],
    ['3', 2],
  ]);
  expect(items[0]).toMatchObject({ grade: 'e', modelGrade: 'd', officialScore: -15 });
});
