/** How far a job's inputs lie from the model's training data, feature by feature. */
import Type, { type Static } from 'typebox';

export const DriftVerdict = Type.Union([
  Type.Literal('stable'),
  Type.Literal('moderate'),
  Type.Literal('major'),
  Type.Literal('too little data'),
]);
export type DriftVerdict = Static<typeof DriftVerdict>;

const Measure = Type.Union([Type.Number(), Type.Null()]);

export const FeatureDrift = Type.Object(
  {
    feature: Type.String(),
    verdict: DriftVerdict,
    populationStabilityIndex: Measure,
    jensenShannonDistance: Measure,
    missingShareChange: Measure,
    meanShift: Type.Union([Type.Number(), Type.Null()], { description: 'In training standard deviations.' }),
    sentence: Type.String(),
  },
  { additionalProperties: false },
);
export type FeatureDrift = Static<typeof FeatureDrift>;

export const DriftReport = Type.Object(
  {
    modelVersion: Type.String(),
    rows: Type.Integer({ minimum: 0 }),
    verdict: DriftVerdict,
    features: Type.Array(FeatureDrift),
    grades: FeatureDrift,
  },
  { additionalProperties: false },
);
export type DriftReport = Static<typeof DriftReport>;
