/** How well the model grades products that it was not trained on. */
import { officialGrades } from '../../core/nutriscore/official-grades.ts';
import { GRADES, NO_GRADE } from '../../schemas/grade.ts';
import { mostProbable } from '../onnx/onnx-parity.ts';
import { createRandom } from '../random.ts';
import { completeRows, createDonors } from '../rows/complete-items.ts';
import { drawGaps, gapsWithout, hide, hideInputs, readGapPatterns } from '../rows/hide-inputs.ts';
import { type ItemPool, joinPools, pickRows, rowsWhere } from '../rows/item-pool.ts';
import { gradeByRules } from '../rows/rule-labels.ts';
import { SOURCE_RULES } from '../rows/source-table.ts';
import { type LabelledRows, labelRows, type Split } from '../rows/training-set.ts';
import { type Booster, TrainingMatrix } from '../xgboost/booster.ts';
import type { XgboostLibrary } from '../xgboost/xgboost-library.ts';

/** Rows judged together. Names are keys of the manifest's metrics. */
export interface EvaluationSet {
  readonly name: string;
  readonly description: string;
  readonly rows: LabelledRows;
}

export interface Evaluation {
  readonly name: string;
  readonly description: string;
  readonly rowCount: number;
  readonly accuracy: number;
  readonly macroF1: number;
  readonly withinOneGrade: number;
  /** `[true grade][predicted grade]`, counts. */
  readonly confusion: readonly (readonly number[])[];
  /** Accuracy of the official rules on the rows where they give a grade, and how many those are. */
  readonly rules: { readonly rowCount: number; readonly accuracy: number };
}

/** Inputs hidden from whole products, one set each. */
const HIDDEN = [
  { name: 'complete', nutrients: [], hidesCategory: false, description: 'made whole, nothing hidden' },
  { name: 'without-fibre', nutrients: ['fibre'], hidesCategory: false, description: 'fibre hidden' },
  {
    name: 'without-saturated-fat',
    nutrients: ['saturatedFat'],
    hidesCategory: false,
    description: 'saturated fat hidden',
  },
  {
    name: 'without-fibre-and-fruit-share',
    nutrients: ['fibre', 'fruitShare'],
    hidesCategory: false,
    description: 'fibre and fruit share hidden',
  },
  { name: 'without-sugars', nutrients: ['sugars'], hidesCategory: false, description: 'sugars hidden' },
  {
    name: 'without-fruit-share',
    nutrients: ['fruitShare'],
    hidesCategory: false,
    description: 'fruit share hidden',
  },
  { name: 'category-unknown', nutrients: [], hidesCategory: true, description: 'category hidden' },
] as const;

/** Everything is made of held-out rows; what they lack is borrowed from training rows. */
export function evaluationSets({ training, heldOut }: Split, seed: number): EvaluationSet[] {
  const sources = sourceSets(heldOut);
  const donors = createDonors(training);
  const all = rowsWhere(heldOut, () => true);
  const whole = completeRows(heldOut, all, donors, createRandom(seed, 'evaluate'));
  gradeByRules(whole);
  const gapped = pickRows(whole, all);
  const patterns = readGapPatterns(training);
  hideInputs(gapped, drawGaps(all.length, patterns, createRandom(seed, 'evaluate gaps')));
  return [
    {
      name: 'all',
      description: 'held-out rows with a grade, as they stand in the files',
      rows: labelRows(joinPools(sources.map(({ rows }) => rows.pool))),
    },
    ...sources,
    ...HIDDEN.map((hidden) => ({
      name: hidden.name,
      description: hidden.description,
      rows: labelRows(withHidden(whole, gapsWithout(hidden.nutrients, hidden.hidesCategory))),
    })),
    { name: 'real-gaps', description: 'the gaps of real rows', rows: labelRows(gapped) },
  ];
}

function sourceSets(heldOut: ItemPool): EvaluationSet[] {
  return SOURCE_RULES.flatMap(({ name, labels }, source) => {
    const isGraded = (row: number): boolean =>
      heldOut.sources[row] === source && heldOut.grades[row] !== NO_GRADE;
    const rows = rowsWhere(heldOut, isGraded);
    if (rows.length === 0) return [];
    const origin = labels === 'reported' ? 'grades of Open Food Facts' : 'graded by the rules';
    return [{ name, description: `source \`${name}\`, ${origin}`, rows: labelRows(pickRows(heldOut, rows)) }];
  });
}

function withHidden(pool: ItemPool, pattern: number): ItemPool {
  const copy = pickRows(
    pool,
    rowsWhere(pool, () => true),
  );
  for (let row = 0; row < copy.columns.rowCount; row += 1) hide(copy, row, pattern);
  return copy;
}

export function predictRows(library: XgboostLibrary, booster: Booster, rows: LabelledRows): Float32Array {
  using matrix = new TrainingMatrix(library, rows.features);
  return booster.predict(matrix, GRADES.length);
}

/** Figures of one set; `NaN` accuracy where it has no rows. */
export function evaluate(set: EvaluationSet, probabilities: Float32Array): Evaluation {
  const { rows, name, description } = set;
  const confusion = GRADES.map(() => GRADES.map(() => 0));
  for (let row = 0; row < rows.features.rowCount; row += 1) {
    const counts = confusion[rows.labels[row] ?? 0];
    const predicted = mostProbable(probabilities, row * GRADES.length, GRADES.length);
    if (counts !== undefined) counts[predicted] = (counts[predicted] ?? 0) + 1;
  }
  return {
    name,
    description,
    rowCount: rows.features.rowCount,
    ...figuresOf(confusion),
    confusion,
    rules: rulesAccuracy(rows),
  };
}

/** Accuracy, F1 averaged over the grades that occur, and the share at most one grade off. */
export function figuresOf(confusion: readonly (readonly number[])[]) {
  let total = 0;
  let exact = 0;
  let near = 0;
  const f1s: number[] = [];
  confusion.forEach((counts, grade) => {
    const isOf = counts.reduce((sum, count) => sum + count, 0);
    const saidToBe = confusion.reduce((sum, row) => sum + (row[grade] ?? 0), 0);
    const hits = counts[grade] ?? 0;
    total += isOf;
    exact += hits;
    near += hits + (counts[grade - 1] ?? 0) + (counts[grade + 1] ?? 0);
    if (isOf > 0) f1s.push((2 * hits) / (isOf + saidToBe));
  });
  return {
    accuracy: exact / total,
    macroF1: f1s.reduce((sum, f1) => sum + f1, 0) / f1s.length,
    withinOneGrade: near / total,
  };
}

function rulesAccuracy({ pool, labels }: LabelledRows) {
  const { grade } = officialGrades(pool.columns, '2023');
  let rowCount = 0;
  let exact = 0;
  labels.forEach((label, row) => {
    if (grade[row] === NO_GRADE) return;
    rowCount += 1;
    if (grade[row] === label) exact += 1;
  });
  return { rowCount, accuracy: exact / rowCount };
}
