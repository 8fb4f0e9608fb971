/** Lines of a study's file: what was asked for, and what happened to each trial, in the order it happened. */
import Type, { type Static } from 'typebox';

const Values = Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()]));

/** First line. What is in it makes trials comparable; a study with another one is another study. */
export const StudyHeader = Type.Object(
  {
    kind: Type.Literal('study'),
    format: Type.Literal(1),
    sampler: Type.Union([Type.Literal('tpe'), Type.Literal('random')]),
    seed: Type.Integer({ minimum: 0 }),
    rowsPerSecond: Type.Number({ exclusiveMinimum: 0 }),
    copies: Type.Integer({ minimum: 0 }),
    heldOut: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }),
    /** SHA-256 of the rows that trials are trained and judged on. */
    fingerprint: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    /** SHA-256 of the search space, so that no trial is read in a space that it was not drawn from. */
    space: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  },
  { additionalProperties: false },
);
export type StudyHeader = Static<typeof StudyHeader>;

/** A trial has begun. Without an end it was interrupted, and is what a resumed study does first. */
export const TrialStarted = Type.Object(
  {
    kind: Type.Literal('started'),
    trial: Type.Integer({ minimum: 0 }),
    parameters: Values,
  },
  { additionalProperties: false },
);
export type TrialStarted = Static<typeof TrialStarted>;

/** The model so far, each time it has used up another tenth of the speed budget. */
export const TrialStep = Type.Object(
  {
    kind: Type.Literal('step'),
    trial: Type.Integer({ minimum: 0 }),
    step: Type.Integer({ minimum: 1 }),
    loss: Type.Number(),
  },
  { additionalProperties: false },
);
export type TrialStep = Static<typeof TrialStep>;

/** What a trial came to. */
export const TrialResult = Type.Object(
  {
    /** What is made small: `logLoss` and the penalty of a model slower than the budget. */
    score: Type.Number(),
    /** On validation products, weighted, nats. */
    logLoss: Type.Number(),
    /** Predicted for ONNX Runtime on the reference machine. */
    rowsPerSecond: Type.Number(),
    rounds: Type.Integer({ minimum: 1 }),
    seconds: Type.Number({ minimum: 0 }),
  },
  { additionalProperties: false },
);
export type TrialResult = Static<typeof TrialResult>;

export const TrialEnded = Type.Object(
  {
    kind: Type.Literal('ended'),
    trial: Type.Integer({ minimum: 0 }),
    state: Type.Union([Type.Literal('complete'), Type.Literal('pruned'), Type.Literal('failed')]),
    /** Absent where it failed. */
    result: Type.Optional(TrialResult),
    error: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
export type TrialEnded = Static<typeof TrialEnded>;

export const StudyLine = Type.Union([StudyHeader, TrialStarted, TrialStep, TrialEnded]);
export type StudyLine = Static<typeof StudyLine>;
