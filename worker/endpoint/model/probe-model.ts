/** A product whose grade is known through all that a request goes through, before a model answers anyone. */
import { NutrisageError } from '../../../core/errors.ts';
import { GRADES, type RulesVersion } from '../../../schemas/grade.ts';
import { GradedItem } from '../../../schemas/http.ts';
import type { PlainItem } from '../../../schemas/item.ts';
import { createParser } from '../../../schemas/parse.ts';
import { createSliceGrader } from '../grading/grade-slice.ts';
import type { ServingModel } from '../grading/serving-model.ts';

/** Far inside E by both versions of the rules. */
const PROBE: PlainItem = {
  categories: ['en:hazelnut-spreads'],
  energyKj: 2252,
  fat: 30.9,
  saturatedFat: 10.6,
  carbohydrates: 57.5,
  sugars: 56.3,
  fibre: 0,
  proteins: 6.3,
  salt: 0.107,
  fruitShare: 0,
};
const PROBE_GRADE = 'e';
/** Five probabilities rounded to four decimals. */
const SUM_TOLERANCE = 0.001;

const gradedItem = createParser('the answer to the probe', GradedItem);

/** @throws {NutrisageError} `model-damaged` when the answer is none, or the official grade is not the one it is. */
export async function probeModel(model: ServingModel, rules: RulesVersion): Promise<void> {
  let answer: string | undefined;
  const isExplained = model.explain !== undefined;
  const grader = createSliceGrader(rules, 1, { graded() {}, rejected() {} });
  const slice = { values: [PROBE], first: 0, end: 1, model, isExplained };
  try {
    await grader.grade(slice, {
      graded: (_, text) => {
        answer = text;
      },
      rejected() {},
      invalid() {},
    });
    const { official, model: predicted, contributions } = gradedItem.parse(JSON.parse(answer ?? 'null'));
    const sum = GRADES.reduce((total, grade) => total + predicted.probabilities[grade], 0);
    const isRight =
      official?.grade === PROBE_GRADE &&
      Math.abs(sum - 1) <= SUM_TOLERANCE &&
      (contributions !== undefined) === isExplained;
    if (!isRight) throw new Error(`it answered ${answer}`);
  } catch (cause) {
    if (cause instanceof NutrisageError) throw cause;
    throw new NutrisageError(
      'model-damaged',
      `Model ${model.version} can not be used: ${cause instanceof Error ? cause.message : String(cause)}.`,
      'Promote a model that is whole, or go back to the one before with `npm run model -- rollback`.',
      { cause },
    );
  }
}
