/** Columns of the grades and rejects datasets (Parquet), and the item of the `grades` table. */
import Type, { type Static } from 'typebox';
import { Grade, GradeSource, OfficialStatus } from './grade.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Probability = Type.Number({ minimum: 0, maximum: 1 });

export const GradeRow = Type.Object(
  {
    code: Type.String({ minLength: 1, description: 'Barcode as text, leading zeros kept.' }),
    row_number: Type.Integer({ minimum: 0 }),
    grade: Grade,
    grade_source: GradeSource,
    official_grade: Nullable(Grade),
    official_score: Nullable(Type.Integer({ minimum: -17, maximum: 55 })),
    official_status: Nullable(OfficialStatus),
    model_grade: Grade,
    p_a: Probability,
    p_b: Probability,
    p_c: Probability,
    p_d: Probability,
    p_e: Probability,
    warnings: Nullable(Type.String({ description: 'Warning codes, separated by commas.' })),
    model_version: Type.String(),
  },
  { additionalProperties: false },
);
export type GradeRow = Static<typeof GradeRow>;

export const RejectRow = Type.Object(
  {
    code: Nullable(Type.String()),
    row_number: Type.Integer({ minimum: 0 }),
    reasons: Type.String({ minLength: 1, description: 'Reject codes, separated by commas.' }),
    values: Type.String({ description: 'JSON object: each offending input and its value.' }),
  },
  { additionalProperties: false },
);
export type RejectRow = Static<typeof RejectRow>;

/** One grading of one product. Sort key `<submittedAt>#<job>#<row number, 12 digits>`. */
export const GradeItem = Type.Object(
  {
    code: Type.String(),
    sk: Type.String(),
    job: Type.String(),
    rowNumber: Type.Integer({ minimum: 0 }),
    gradedFor: Type.String({ format: 'date-time', description: 'When the job was submitted.' }),
    grade: Grade,
    source: GradeSource,
    officialGrade: Type.Optional(Grade),
    officialScore: Type.Optional(Type.Integer()),
    officialStatus: Type.Optional(OfficialStatus),
    modelGrade: Grade,
    probabilities: Type.Array(Probability, { minItems: 5, maxItems: 5 }),
    warnings: Type.Optional(Type.Array(Type.String())),
    modelVersion: Type.String(),
    expiresAt: Type.Integer(),
  },
  { additionalProperties: false },
);
export type GradeItem = Static<typeof GradeItem>;
