/** Bodies of the HTTP endpoint. Errors are RFC 9457 problem documents; their codes stand in `problems.ts`. */
import Type, { type Static } from 'typebox';
import { Failure } from './file-reference.ts';
import { Grade, GradeSource, OfficialStatus, RulesVersion } from './grade.ts';
import { Item, OpenFoodFactsItem, PlainItem } from './item.ts';
import { JobState } from './ledger.ts';

/** Items of one list; an operator may allow fewer. */
export const LIST_ITEMS_MAX = 1000;
/** With `?explain=true`, which takes 300 times as long. */
export const EXPLAINED_ITEMS_MAX = 50;

export const GradeRequest = Type.Union([
  PlainItem,
  OpenFoodFactsItem,
  Type.Array(Item, { minItems: 1, maxItems: LIST_ITEMS_MAX }),
]);
export type GradeRequest = Static<typeof GradeRequest>;

const closed = { additionalProperties: false } as const;
const Code = Type.Optional(Type.String({ description: 'As it was sent.' }));
const Points = Type.Integer({ minimum: 0 });

export const ProductKind = Type.Union(
  [
    Type.Literal('food'),
    Type.Literal('beverage'),
    Type.Literal('water'),
    Type.Literal('fat'),
    Type.Literal('cheese'),
    Type.Literal('redMeat'),
  ],
  { description: 'Whose tables of points apply, by the category.' },
);
export type ProductKind = Static<typeof ProductKind>;

export const OfficialGrade = Type.Object(
  {
    grade: Grade,
    score: Type.Integer({ description: 'Unfavourable points less favourable ones.' }),
    status: OfficialStatus,
    kind: ProductKind,
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
      closed,
    ),
    proteinCounted: Type.Boolean({ description: 'Whether the points of protein are subtracted.' }),
    proteinReason: Type.String(),
  },
  closed,
);
export type OfficialGrade = Static<typeof OfficialGrade>;

const Probability = Type.Number({ minimum: 0, maximum: 1, description: 'Rounded to four decimals.' });
const perGrade = <S extends Type.TSchema>(schema: S) =>
  Type.Object({ a: schema, b: schema, c: schema, d: schema, e: schema }, closed);

export const Contribution = Type.Object(
  {
    feature: Type.String({ description: 'What the model sees, such as `sugars`.' }),
    text: Type.String({ description: 'In words, such as `sugars 32 g: pushes toward E`.' }),
    value: Type.Union([Type.Number(), Type.Null()], { description: 'Null where it is not known.' }),
    toward: Grade,
    share: Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'Of all that the features do, by the size of what each does.',
    }),
    logOdds: perGrade(
      Type.Number({ description: 'What it adds to the grade’s log-odds, less the mean of the five.' }),
    ),
  },
  closed,
);
export type Contribution = Static<typeof Contribution>;

export const GradedItem = Type.Object(
  {
    outcome: Type.Literal('graded'),
    code: Code,
    grade: Grade,
    source: GradeSource,
    official: Type.Union([OfficialGrade, Type.Null()], {
      description: 'Null where the rules give none: no known category, or a needed input is absent.',
    }),
    model: Type.Object({ grade: Grade, probabilities: perGrade(Probability) }, closed),
    warnings: Type.Array(Type.String(), { description: 'Codes of docs/rejects-and-warnings.md.' }),
    modelVersion: Type.String(),
    contributions: Type.Optional(
      Type.Array(Contribution, {
        description: 'With `?explain=true`: why the model says so, the strongest reason first.',
      }),
    ),
  },
  closed,
);
export type GradedItem = Static<typeof GradedItem>;

export const RejectReason = Type.Object(
  {
    code: Type.String({ description: 'Of docs/rejects-and-warnings.md.' }),
    detail: Type.String(),
  },
  closed,
);
export type RejectReason = Static<typeof RejectReason>;

/** The inputs that broke the rules, by the names that the item used. */
const OffendingValues = Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()]));

export const RejectedItem = Type.Object(
  {
    outcome: Type.Literal('rejected'),
    code: Code,
    reasons: Type.Array(RejectReason, { minItems: 1 }),
    values: OffendingValues,
  },
  closed,
);
export type RejectedItem = Static<typeof RejectedItem>;

export const ItemFault = Type.Object(
  {
    at: Type.String({ description: 'JSON pointer into the item; empty for the item itself.' }),
    problem: Type.String(),
  },
  closed,
);
export type ItemFault = Static<typeof ItemFault>;

/** What is no item at all: a wrong name or type. It spoils no other of its list. */
export const InvalidItem = Type.Object(
  { outcome: Type.Literal('invalid'), faults: Type.Array(ItemFault, { minItems: 1 }) },
  closed,
);
export type InvalidItem = Static<typeof InvalidItem>;

export const ItemOutcome = Type.Union([GradedItem, RejectedItem, InvalidItem]);
export type ItemOutcome = Static<typeof ItemOutcome>;

export const GradeListResponse = Type.Object(
  {
    items: Type.Array(ItemOutcome, { description: 'In the order of the list.' }),
    modelVersion: Type.String({ description: 'The one that all of them are graded with.' }),
  },
  closed,
);
export type GradeListResponse = Static<typeof GradeListResponse>;

export const ProblemDocument = Type.Object(
  {
    type: Type.String({ description: '`urn:nutrisage:problem:` and the code.' }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    code: Type.String({ description: 'Of docs/errors.md.' }),
    detail: Type.String({ description: 'What is wrong here, and what to do.' }),
    requestId: Type.Optional(Type.String({ description: 'By which the log tells of this request.' })),
    faults: Type.Optional(Type.Array(ItemFault, { description: 'With `invalid-item`.' })),
    reasons: Type.Optional(Type.Array(RejectReason, { description: 'With `item-rejected`.' })),
    values: Type.Optional(OffendingValues),
  },
  closed,
);
export type ProblemDocument = Static<typeof ProblemDocument>;

/** One grading of a product by a job, as it lies in the grades table. */
export const Grading = Type.Object(
  {
    job: Type.String(),
    gradedFor: Type.String({ format: 'date-time', description: 'When the job was submitted.' }),
    rowNumber: Type.Integer({ minimum: 0 }),
    grade: Grade,
    source: GradeSource,
    official: Type.Union([
      Type.Object({ grade: Grade, score: Type.Integer(), status: OfficialStatus }, closed),
      Type.Null(),
    ]),
    model: Type.Object({ grade: Grade, probabilities: perGrade(Probability) }, closed),
    warnings: Type.Array(Type.String()),
    modelVersion: Type.String(),
  },
  closed,
);
export type Grading = Static<typeof Grading>;

/** Of a product, where the query does not say how many. */
export const GRADINGS = 10;
export const GRADINGS_MAX = 100;

export const GradingsResponse = Type.Object(
  {
    code: Type.String(),
    latest: Grading,
    earlier: Type.Array(Grading, { description: 'Newest first.' }),
  },
  closed,
);
export type GradingsResponse = Static<typeof GradingsResponse>;

/** How a job stands. */
export const JobStatus = Type.Object(
  {
    job: Type.String(),
    state: JobState,
    origin: Type.Union([Type.Literal('inbox'), Type.Literal('submission')]),
    submittedAt: Type.String({ format: 'date-time' }),
    closedAt: Type.Optional(Type.String({ format: 'date-time' })),
    files: Type.Integer({ minimum: 1 }),
    rows: Type.Optional(Type.Integer({ minimum: 0, description: 'Absent until the job is planned.' })),
    rowsFinished: Type.Integer({ minimum: 0 }),
    rowsRejected: Type.Integer({ minimum: 0 }),
    shards: Type.Optional(Type.Integer({ minimum: 0 })),
    shardsFinished: Type.Integer({ minimum: 0 }),
    modelVersion: Type.String(),
    rules: RulesVersion,
    failure: Type.Optional(Failure),
  },
  closed,
);
export type JobStatus = Static<typeof JobStatus>;

export const Liveness = Type.Object({ status: Type.Literal('live') }, closed);
export type Liveness = Static<typeof Liveness>;

/** Whether the endpoint can grade, and with what. */
export const Readiness = Type.Object(
  {
    status: Type.Union([Type.Literal('ready'), Type.Literal('not ready')]),
    reason: Type.Optional(Type.String()),
    modelVersion: Type.Optional(Type.String()),
    explains: Type.Optional(Type.Boolean({ description: 'Whether the model can be asked why.' })),
    rules: RulesVersion,
  },
  closed,
);
export type Readiness = Static<typeof Readiness>;
