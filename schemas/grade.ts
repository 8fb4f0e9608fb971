/** The five letters of the Nutri-Score, best first, and their numbers: a = 0 … e = 4. */
import Type, { type Static } from 'typebox';

export const GRADES = ['a', 'b', 'c', 'd', 'e'] as const;

/** Spelled out: a union made by `map` has the static type `never` wherever a contract holds it. */
export const Grade = Type.Union(
  [Type.Literal('a'), Type.Literal('b'), Type.Literal('c'), Type.Literal('d'), Type.Literal('e')],
  { description: 'Nutri-Score grade, a (best) to e.' },
);
export type Grade = (typeof GRADES)[number];

/** Stands for "no grade" in columns of grade numbers. */
export const NO_GRADE = 255;

export const GradeSource = Type.Union([Type.Literal('official'), Type.Literal('model')], {
  description: 'Whether the grade is the published rules’ own or the model’s.',
});
export type GradeSource = Static<typeof GradeSource>;

/**
 * Whether the official grade can change when the inputs that are absent become known.
 * `final`: no. `provisional`: fibre or fruit share is absent and decides the grade.
 */
export const OfficialStatus = Type.Union([Type.Literal('final'), Type.Literal('provisional')]);
export type OfficialStatus = Static<typeof OfficialStatus>;

export const RulesVersion = Type.Union([Type.Literal('2023'), Type.Literal('2021')], {
  description: 'The published Nutri-Score rules: 2023, or 2017/2021.',
});
export type RulesVersion = Static<typeof RulesVersion>;
