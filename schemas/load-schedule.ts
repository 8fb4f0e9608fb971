/** How `nutrisage load` asks the endpoint: phases one after the other, each with its own rate. */
import Type, { type Static } from 'typebox';

export const LoadPhase = Type.Object(
  {
    seconds: Type.Number({ exclusiveMinimum: 0, maximum: 86_400 }),
    requestsPerSecond: Type.Number({ exclusiveMinimum: 0, maximum: 200_000 }),
  },
  { additionalProperties: false },
);
export type LoadPhase = Static<typeof LoadPhase>;

export const LoadSchedule = Type.Object(
  { phases: Type.Array(LoadPhase, { minItems: 1, maxItems: 1000 }) },
  { additionalProperties: false },
);
export type LoadSchedule = Static<typeof LoadSchedule>;

/** A quiet start, three rises, and back: what a fleet that scales is looked at with. */
export const SIX_PHASES: LoadSchedule = {
  phases: [
    { seconds: 180, requestsPerSecond: 5 },
    { seconds: 180, requestsPerSecond: 50 },
    { seconds: 300, requestsPerSecond: 200 },
    { seconds: 300, requestsPerSecond: 350 },
    { seconds: 180, requestsPerSecond: 5 },
    { seconds: 180, requestsPerSecond: 50 },
  ],
};
