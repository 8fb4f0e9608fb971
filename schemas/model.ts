/** The model artefact: `manifest.json`, `reference.json`, and the pointer to the current version. */
import Type, { type Static } from 'typebox';
import { RulesVersion } from './grade.ts';

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
/** First 16 hex digits of the SHA-256 of the manifest without its `version`, as canonical JSON. */
export const ModelVersion = Type.String({ pattern: '^[0-9a-f]{16}$' });

export const ModelManifest = Type.Object(
  {
    version: ModelVersion,
    format: Type.Literal(1),
    createdAt: Type.String({ format: 'date-time' }),
    features: Type.Array(Type.String(), {
      minItems: 1,
      description: 'Order of the columns of input `features`.',
    }),
    /** Spelled out: a tuple made by `map` has the static type of an empty one. */
    classes: Type.Tuple([
      Type.Literal('a'),
      Type.Literal('b'),
      Type.Literal('c'),
      Type.Literal('d'),
      Type.Literal('e'),
    ]),
    rules: RulesVersion,
    onnx: Type.Object(
      {
        sha256: Sha256,
        bytes: Type.Integer({ minimum: 1 }),
        opset: Type.Integer(),
        mlOpset: Type.Integer(),
        trees: Type.Integer({ minimum: 1 }),
        maxDepth: Type.Integer({ minimum: 0 }),
      },
      { additionalProperties: false },
    ),
    referenceSha256: Sha256,
    trainingData: Type.Object(
      {
        fingerprint: Sha256,
        rows: Type.Integer({ minimum: 1 }),
        sources: Type.Array(
          Type.Object({ name: Type.String(), rows: Type.Integer() }, { additionalProperties: false }),
        ),
        attribution: Type.String(),
      },
      { additionalProperties: false },
    ),
    parameters: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Boolean()])),
    metrics: Type.Record(Type.String(), Type.Number(), { description: 'On rows not trained on.' }),
    libraries: Type.Record(Type.String(), Type.String()),
  },
  { additionalProperties: false },
);
export type ModelManifest = Static<typeof ModelManifest>;

/**
 * Training histogram of one feature, for drift. Counts have one more entry than edges. What is optional is told by
 * references that count rejected rows too; an older one is of graded rows alone and has none of it.
 */
export const FeatureReference = Type.Object(
  {
    name: Type.String(),
    edges: Type.Array(Type.Number()),
    counts: Type.Array(Type.Integer({ minimum: 0 })),
    missing: Type.Integer({ minimum: 0 }),
    below: Type.Optional(Type.Integer({ minimum: 0, description: 'Values below `min`, of rejected rows.' })),
    above: Type.Optional(Type.Integer({ minimum: 0, description: 'Values above `max`, of rejected rows.' })),
    impossible: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Rows, mostly rejected ones, whose value can not be.' }),
    ),
    mean: Type.Union([Type.Number(), Type.Null()], { description: 'Of the values from `min` to `max`.' }),
    standardDeviation: Type.Union([Type.Number(), Type.Null()]),
    skewness: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
    min: Type.Union([Type.Number(), Type.Null()], { description: 'Smallest value of a graded row.' }),
    max: Type.Union([Type.Number(), Type.Null()], { description: 'Largest value of a graded row.' }),
  },
  { additionalProperties: false },
);
export type FeatureReference = Static<typeof FeatureReference>;

export const ModelReference = Type.Object(
  {
    rows: Type.Integer({ minimum: 1, description: 'Rows that declared nutrients are counted over.' }),
    accepted: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: 'Graded rows, that all other features are counted over; absent: `rows`.',
      }),
    ),
    features: Type.Array(FeatureReference),
    grades: Type.Array(Type.Integer({ minimum: 0 }), {
      minItems: 5,
      maxItems: 5,
      description: 'Graded rows by the model’s grade, a to e.',
    }),
  },
  { additionalProperties: false },
);
export type ModelReference = Static<typeof ModelReference>;

/** A version that was current, with the time it became so. */
export const PastModel = Type.Object(
  { version: ModelVersion, promotedAt: Type.String({ format: 'date-time' }) },
  { additionalProperties: false },
);
export type PastModel = Static<typeof PastModel>;

/**
 * `models/current.json`, moved by compare-and-swap. What was current before lies in the pointer itself: a history
 * in a file of its own could not move with it in one write.
 */
export const CurrentModel = Type.Object(
  {
    version: ModelVersion,
    promotedAt: Type.String({ format: 'date-time' }),
    promotedBy: Type.Optional(Type.String({ description: 'Who moved the pointer, such as `user@host`.' })),
    move: Type.Optional(
      Type.String({ description: 'Of this move alone: whose write it was is told by it.', maxLength: 64 }),
    ),
    previous: Type.Optional(
      Type.Array(PastModel, { description: 'Newest first; a rollback goes to the first.', maxItems: 20 }),
    ),
  },
  { additionalProperties: false },
);
export type CurrentModel = Static<typeof CurrentModel>;
