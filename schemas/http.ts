/** Bodies of the HTTP endpoint. Errors are RFC 9457 problem documents. */
import Type, { type Static } from 'typebox';
import { Grade, GradeSource, OfficialStatus } from './grade.ts';
import { Item } from './item.ts';

export const LIST_ITEMS_MAX = 1000;

export const GradeRequest = Type.Union([Item, Type.Array(Item, { minItems: 1, maxItems: LIST_ITEMS_MAX })]);
export type GradeRequest = Static<typeof GradeRequest>;

const Points = Type.Integer({ minimum: 0 });

export const OfficialGrade = Type.Object(
  {
    grade: Grade,
    score: Type.Integer(),
    status: OfficialStatus,
    points: Type.Object(
      {
        energy: Points,
        sugars: Points,
        saturatedFat: Points,
        salt: Points,
        sweeteners: Points,
        fruitShare: Points,
        fibre: Points,
        proteins: Points,
      },
      { additionalProperties: false },
    ),
    proteinCounted: Type.Boolean(),
    proteinReason: Type.String(),
  },
  { additionalProperties: false },
);
export type OfficialGrade = Static<typeof OfficialGrade>;

const Probability = Type.Number({ minimum: 0, maximum: 1 });

export const GradedItem = Type.Object(
  {
    outcome: Type.Literal('graded'),
    code: Type.Optional(Type.String()),
    grade: Grade,
    source: GradeSource,
    official: Type.Union([OfficialGrade, Type.Null()]),
    model: Type.Object(
      {
        grade: Grade,
        probabilities: Type.Object(
          { a: Probability, b: Probability, c: Probability, d: Probability, e: Probability },
          { additionalProperties: false },
        ),
      },
      { additionalProperties: false },
    ),
    warnings: Type.Array(Type.String()),
    modelVersion: Type.String(),
  },
  { additionalProperties: false },
);
export type GradedItem = Static<typeof GradedItem>;

export const RejectedItem = Type.Object(
  {
    outcome: Type.Literal('rejected'),
    code: Type.Optional(Type.String()),
    reasons: Type.Array(
      Type.Object({ code: Type.String(), detail: Type.String() }, { additionalProperties: false }),
      {
        minItems: 1,
      },
    ),
  },
  { additionalProperties: false },
);
export type RejectedItem = Static<typeof RejectedItem>;

export const ItemOutcome = Type.Union([GradedItem, RejectedItem]);
export type ItemOutcome = Static<typeof ItemOutcome>;

export const GradeListResponse = Type.Object(
  { items: Type.Array(ItemOutcome), modelVersion: Type.String() },
  { additionalProperties: false },
);
export type GradeListResponse = Static<typeof GradeListResponse>;

export const ProblemDocument = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer({ minimum: 400, maximum: 599 }),
  code: Type.String(),
  detail: Type.Optional(Type.String()),
  instance: Type.Optional(Type.String()),
});
export type ProblemDocument = Static<typeof ProblemDocument>;
