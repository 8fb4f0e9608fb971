/** What is counted over rows, per shard and, merged by addition, per job. */
import Type, { type Static } from 'typebox';
import { GRADES } from './grade.ts';

const Count = Type.Integer({ minimum: 0 });

export const GradeCounts = Type.Object(
  { a: Count, b: Count, c: Count, d: Count, e: Count },
  { additionalProperties: false },
);
export type GradeCounts = Static<typeof GradeCounts>;

export const RowCounts = Type.Object(
  {
    rows: Count,
    graded: Count,
    rejected: Count,
    official: Type.Integer({ minimum: 0, description: 'Rows whose grade is the official one.' }),
    model: Type.Integer({ minimum: 0, description: 'Rows whose grade is the model’s.' }),
    provisional: Type.Integer({ minimum: 0, description: 'Rows with a provisional official grade.' }),
    compared: Type.Integer({
      minimum: 0,
      description: 'Rows where a final official grade and a model grade exist.',
    }),
    agreed: Type.Integer({ minimum: 0, description: 'Compared rows on which both are the same.' }),
    grades: GradeCounts,
    rejectReasons: Type.Record(Type.String(), Count, {
      description: 'Rows by reject code; a row may count under several.',
    }),
    warnings: Type.Record(Type.String(), Count, {
      description: 'Rows by warning code; a row may count under several.',
    }),
  },
  { additionalProperties: false },
);
export type RowCounts = Static<typeof RowCounts>;

export function zeroRowCounts(): RowCounts {
  return {
    rows: 0,
    graded: 0,
    rejected: 0,
    official: 0,
    model: 0,
    provisional: 0,
    compared: 0,
    agreed: 0,
    grades: { a: 0, b: 0, c: 0, d: 0, e: 0 },
    rejectReasons: {},
    warnings: {},
  };
}

/** Adds counts; keys of the records come out sorted, so that equal sums are equal bytes as JSON. */
export function mergeRowCounts(parts: readonly RowCounts[]): RowCounts {
  const sum = zeroRowCounts();
  for (const part of parts) {
    sum.rows += part.rows;
    sum.graded += part.graded;
    sum.rejected += part.rejected;
    sum.official += part.official;
    sum.model += part.model;
    sum.provisional += part.provisional;
    sum.compared += part.compared;
    sum.agreed += part.agreed;
    for (const grade of GRADES) sum.grades[grade] += part.grades[grade];
  }
  sum.rejectReasons = mergeByKey(parts.map((part) => part.rejectReasons));
  sum.warnings = mergeByKey(parts.map((part) => part.warnings));
  return sum;
}

function mergeByKey(records: readonly Record<string, number>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const record of records) {
    for (const [key, count] of Object.entries(record)) sums.set(key, (sums.get(key) ?? 0) + count);
  }
  return Object.fromEntries([...sums].sort(([left], [right]) => (left < right ? -1 : 1)));
}
