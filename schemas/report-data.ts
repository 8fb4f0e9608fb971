/** `report-data.json` beside a model: everything that its report shows, so that the report can be remade. */
import Type, { type Static } from 'typebox';
import { ModelVersion } from './model.ts';

const Share = Type.Number({ minimum: 0, maximum: 1 });
const Count = Type.Integer({ minimum: 0 });
/** `null`: there is no such figure, as a grader without probabilities has no log loss. */
const ShareOrNone = Type.Union([Share, Type.Null()]);
/** One for each grade, a to e. */
const perGrade = <S extends Type.TSchema>(schema: S) => Type.Array(schema, { minItems: 5, maxItems: 5 });

const FIGURES = {
  accuracy: ShareOrNone,
  macroF1: ShareOrNone,
  withinOne: Type.Union([Share, Type.Null()], { description: 'Share of rows at most one grade off.' }),
  logLoss: Type.Union([Type.Number({ minimum: 0 }), Type.Null()], { description: 'Mean, in nats.' }),
  ece: Type.Union([Share, Type.Null()], { description: 'Expected calibration error of the top grade.' }),
};

/** How well one grader does on the rows of one slice. */
export const ReportFigures = Type.Object(FIGURES, { additionalProperties: false });
export type ReportFigures = Static<typeof ReportFigures>;

/** What the model is compared with: `majority`, `rules with missing as zero` and their like. */
export const ReportBaseline = Type.Object(
  { name: Type.String({ minLength: 1 }), ...FIGURES },
  { additionalProperties: false },
);
export type ReportBaseline = Static<typeof ReportBaseline>;

/** Rows whose most probable grade has a probability in one range. Empty ranges are left out. */
export const ReliabilityBin = Type.Object(
  {
    confidence: Type.Number({ minimum: 0, maximum: 1, description: 'Mean probability of the top grade.' }),
    accuracy: Type.Number({ minimum: 0, maximum: 1, description: 'Share on which the top grade is right.' }),
    count: Type.Integer({ minimum: 1 }),
  },
  { additionalProperties: false },
);
export type ReliabilityBin = Static<typeof ReliabilityBin>;

/** Rows judged together, none of them trained on. */
export const ReportSlice = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    description: Type.String(),
    rows: Count,
    ...FIGURES,
    baselines: Type.Array(ReportBaseline),
    confusion: perGrade(perGrade(Count)),
    reliability: Type.Array(ReliabilityBin),
  },
  { additionalProperties: false },
);
export type ReportSlice = Static<typeof ReportSlice>;

/** What the model makes of one feature. */
export const FeatureImportance = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    meaning: Type.String(),
    gain: Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'Its share of the loss that all splits saved.',
    }),
    splits: Count,
    shap: Type.Array(Type.Number({ minimum: 0 }), {
      minItems: 5,
      maxItems: 5,
      description: 'Mean absolute contribution to the margin of each grade, a to e, in nats.',
    }),
  },
  { additionalProperties: false },
);
export type FeatureImportance = Static<typeof FeatureImportance>;

/** Log loss after one round of boosting; the validation rows are not trained on. */
export const LearningRound = Type.Object(
  {
    round: Type.Integer({ minimum: 1 }),
    train: Type.Number({ minimum: 0 }),
    validation: Type.Number({ minimum: 0 }),
  },
  { additionalProperties: false },
);
export type LearningRound = Static<typeof LearningRound>;

export const StudyTrial = Type.Object(
  {
    trial: Type.Integer({ minimum: 1 }),
    loss: Type.Union([Type.Number(), Type.Null()], {
      description: 'Null where the trial was pruned or failed.',
    }),
    best: Type.Union([Type.Number(), Type.Null()], { description: 'Least loss so far.' }),
  },
  { additionalProperties: false },
);
export type StudyTrial = Static<typeof StudyTrial>;

/** One sampler's way through the search, such as `TPE` or `random`. */
export const StudyCourse = Type.Object(
  { sampler: Type.String({ minLength: 1 }), trials: Type.Array(StudyTrial) },
  { additionalProperties: false },
);
export type StudyCourse = Static<typeof StudyCourse>;

export const ReportData = Type.Object(
  {
    format: Type.Literal(1),
    version: ModelVersion,
    createdAt: Type.String({ format: 'date-time' }),
    rows: Type.Object(
      { training: Count, heldOut: Count },
      {
        additionalProperties: false,
        description: 'Rows trained on, and held-out rows as they stand in the files.',
      },
    ),
    parameters: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Boolean()])),
    /** The command that made the model, without paths. */
    command: Type.String(),
    /** The first is what the summary and the detailed figures are about. */
    slices: Type.Array(ReportSlice, { minItems: 1 }),
    importance: Type.Object(
      {
        /** Rows whose contributions were averaged; a sample, since contributions are slow. */
        rows: Count,
        features: Type.Array(FeatureImportance, { minItems: 1 }),
      },
      { additionalProperties: false },
    ),
    learningCurve: Type.Array(LearningRound),
    study: Type.Optional(
      Type.Object(
        {
          objective: Type.String({ description: 'What was made small, in words.' }),
          courses: Type.Array(StudyCourse, { minItems: 1 }),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type ReportData = Static<typeof ReportData>;
