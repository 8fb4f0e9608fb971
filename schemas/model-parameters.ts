/** `best.json`: what `npm run tune` found and `npm run train -- --parameters` reads. XGBoost's own names. */
import Type, { type Static } from 'typebox';

export const ModelParameters = Type.Object(
  {
    num_boost_round: Type.Integer({
      minimum: 1,
      maximum: 5000,
      description: 'Rounds; each is one tree for all grades.',
    }),
    max_depth: Type.Integer({ minimum: 1, maximum: 16 }),
    max_leaves: Type.Integer({
      minimum: 0,
      maximum: 4096,
      description: 'Leaves of a tree, grown where they gain most; 0 for no bound but the depth.',
    }),
    eta: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
    subsample: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
    colsample_bytree: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
    min_child_weight: Type.Number({ minimum: 0 }),
    reg_lambda: Type.Number({ minimum: 0 }),
    gamma: Type.Number({ minimum: 0 }),
  },
  { additionalProperties: false },
);
export type ModelParameters = Static<typeof ModelParameters>;
