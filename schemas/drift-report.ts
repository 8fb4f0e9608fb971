/** How far a job's rows lie from those that the model was trained on, or from those of another job, feature by feature. */
import Type, { type Static } from 'typebox';
import { ColumnCounts } from './histograms.ts';

export const DriftVerdict = Type.Union([
  Type.Literal('stable'),
  Type.Literal('moderate'),
  Type.Literal('major'),
  Type.Literal('too little data'),
]);
export type DriftVerdict = Static<typeof DriftVerdict>;

export const DriftMeasure = Type.Union([
  Type.Literal('populationStabilityIndex'),
  Type.Literal('meanShift'),
  Type.Literal('missingShare'),
  Type.Literal('outOfRangeShare'),
  Type.Literal('impossibleShare'),
]);
export type DriftMeasure = Static<typeof DriftMeasure>;

/** A measure that is above its threshold and above what chance gives. */
export const Movement = Type.Object(
  {
    measure: DriftMeasure,
    change: Type.Number({ description: 'In the unit of the measure; of shares, their difference.' }),
    noiseFloor: Type.Number({ description: 'What chance alone gives in so many rows.' }),
    verdict: Type.Union([Type.Literal('moderate'), Type.Literal('major')]),
  },
  { additionalProperties: false },
);
export type Movement = Static<typeof Movement>;

const Share = Type.Number({ minimum: 0, maximum: 1 });
const Measure = Type.Union([Type.Number(), Type.Null()]);

/** A share of rows before and now; null where it is not counted. */
const ShareChange = Type.Union([
  Type.Object({ reference: Share, current: Share }, { additionalProperties: false }),
  Type.Null(),
]);

/** What a column is compared with: training, or another job. */
export const DriftBaseline = Type.Object(
  {
    edges: Type.Array(Type.Number()),
    counts: Type.Array(Type.Integer({ minimum: 0 })),
    missing: Type.Integer({ minimum: 0 }),
    below: Type.Integer({ minimum: 0 }),
    above: Type.Integer({ minimum: 0 }),
    impossible: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
      description: 'Null where they were not counted.',
    }),
    mean: Measure,
    standardDeviation: Type.Union([Type.Number({ minimum: 0 }), Type.Null()], {
      description: 'Of training, whatever is compared.',
    }),
    skewness: Type.Number({ description: 'Of training, whatever is compared.' }),
  },
  { additionalProperties: false },
);
export type DriftBaseline = Static<typeof DriftBaseline>;

export const FeatureDrift = Type.Object(
  {
    feature: Type.String(),
    label: Type.String({ description: 'The feature in words.' }),
    unit: Type.String(),
    verdict: DriftVerdict,
    sentence: Type.String(),
    movements: Type.Array(Movement, { description: 'The worst first; none where it is stable.' }),
    populationStabilityIndex: Measure,
    jensenShannonDistance: Measure,
    meanShift: Type.Union([Type.Number(), Type.Null()], { description: 'In training standard deviations.' }),
    mean: Type.Object({ reference: Measure, current: Measure }, { additionalProperties: false }),
    missingShare: ShareChange,
    outOfRangeShare: ShareChange,
    impossibleShare: ShareChange,
    reference: DriftBaseline,
    current: ColumnCounts,
  },
  { additionalProperties: false },
);
export type FeatureDrift = Static<typeof FeatureDrift>;

export const GradeDrift = Type.Object(
  {
    verdict: DriftVerdict,
    sentence: Type.String(),
    movements: Type.Array(Movement),
    populationStabilityIndex: Measure,
    jensenShannonDistance: Measure,
    reference: Type.Array(Type.Integer({ minimum: 0 }), { minItems: 5, maxItems: 5 }),
    current: Type.Array(Type.Integer({ minimum: 0 }), { minItems: 5, maxItems: 5 }),
  },
  { additionalProperties: false },
);
export type GradeDrift = Static<typeof GradeDrift>;

export const DriftReport = Type.Object(
  {
    modelVersion: Type.String(),
    against: Type.String({ description: '`training`, or the job that is compared with.' }),
    rows: Type.Integer({ minimum: 0, description: 'Rows that declared nutrients are counted over: all.' }),
    accepted: Type.Integer({ minimum: 0, description: 'Graded rows, that all else is counted over.' }),
    verdict: DriftVerdict,
    features: Type.Array(FeatureDrift),
    grades: GradeDrift,
  },
  { additionalProperties: false },
);
export type DriftReport = Static<typeof DriftReport>;
