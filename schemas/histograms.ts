/**
 * What is counted of a job's rows for drift: histograms over the bins of the model's `reference.json`, per shard and,
 * merged by addition, per job. Integers alone, so that any split of a file comes to the same as the whole.
 */
import Type, { type Static } from 'typebox';

const Count = Type.Integer({ minimum: 0 });

export const ColumnCounts = Type.Object(
  {
    counts: Type.Array(Count, { description: 'Values in each bin of the training histogram.' }),
    missing: Count,
    below: Type.Integer({
      minimum: 0,
      description: 'Values below the smallest of training; the first bin counts them too.',
    }),
    above: Type.Integer({
      minimum: 0,
      description: 'Values above the largest of training; the last bin counts them too.',
    }),
    impossible: Type.Integer({
      minimum: 0,
      description: 'Rows whose value can not be: by itself, beside its part or whole, or beside the energy.',
    }),
    /** As text: millionths over billions of rows are beyond the integers that a JSON number holds. */
    sum: Type.String({
      pattern: '^-?[0-9]+$',
      description:
        'Sum of the values within the range of training, each rounded to a millionth, in millionths.',
    }),
  },
  { additionalProperties: false },
);
export type ColumnCounts = Static<typeof ColumnCounts>;

export const RowHistograms = Type.Object(
  {
    rows: Type.Integer({ minimum: 0, description: 'Rows that declared nutrients are counted over: all.' }),
    accepted: Type.Integer({
      minimum: 0,
      description: 'Rows that all other features are counted over: the graded ones.',
    }),
    columns: Type.Record(Type.String(), ColumnCounts, { description: 'By the name of the feature.' }),
    grades: Type.Array(Count, {
      minItems: 5,
      maxItems: 5,
      description: 'Graded rows by the model’s grade, a to e.',
    }),
  },
  { additionalProperties: false },
);
export type RowHistograms = Static<typeof RowHistograms>;
