/** `data-card.json`: what an ingest read, left out and wrote. Equal sources and options give equal cards. */
import Type, { type Static } from 'typebox';
import { GradeCounts } from './counts.ts';

const Count = Type.Integer({ minimum: 0 });
const closed = { additionalProperties: false } as const;

export const DataCardSource = Type.Object(
  {
    name: Type.String({ description: 'As in the column `source`: the file’s name without its endings.' }),
    shape: Type.Union([
      Type.Literal('official export'),
      Type.Literal('flat columns'),
      Type.Literal('older dump'),
      Type.Literal('value and unit columns'),
    ]),
    bytes: Count,
    rows: Type.Integer({ minimum: 0, description: 'Rows read, unreadable lines not among them.' }),
    kept: Count,
    unreadableLines: Count,
    codes: Type.Union([Type.Literal('given'), Type.Literal('row numbers')]),
    gradeRules: Type.Union([Type.Literal('2023'), Type.Literal('older'), Type.Literal('none')], {
      description: 'Rules that the source’s own grades follow; only those of 2023 become labels.',
    }),
    gradesWithheld: Type.Integer({ minimum: 0, description: 'Rows read with a grade of older rules.' }),
  },
  closed,
);

/** One reason a row, the first that applies in this order, so that with `kept` they add up to `read`. */
export const DroppedRows = Type.Object(
  {
    unreadableLine: Count,
    noCode: Count,
    wrongCountry: Count,
    duplicateCode: Count,
    noUsableNutrient: Count,
    rejected: Count,
    notSampled: Count,
  },
  closed,
);
export type DroppedRows = Static<typeof DroppedRows>;

export const DataCard = Type.Object(
  {
    format: Type.Literal(1),
    fingerprint: Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'SHA-256 of the rows in the order of their codes.',
    }),
    options: Type.Object(
      {
        country: Type.Union([Type.String(), Type.Null()]),
        sample: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
        seed: Count,
      },
      closed,
    ),
    sources: Type.Array(DataCardSource, { minItems: 1 }),
    rows: Type.Object({ read: Count, kept: Count, dropped: DroppedRows }, closed),
    rejectReasons: Type.Record(Type.String(), Count, {
      description: 'Dropped rows by reject code of core/validation; a row may count under several.',
    }),
    missing: Type.Record(Type.String(), Count, { description: 'Kept rows without the input, by column.' }),
    labels: Type.Object(
      {
        reported: GradeCounts,
        rules: GradeCounts,
        completeWithoutCategory: Type.Integer({
          minimum: 0,
          description: 'Rows that a category is all they lack for a grade by the rules.',
        }),
        none: Count,
      },
      { additionalProperties: false, description: 'Kept rows by where their grade comes from.' },
    ),
    attribution: Type.String(),
  },
  closed,
);
export type DataCard = Static<typeof DataCard>;
export type DataCardSource = Static<typeof DataCardSource>;
