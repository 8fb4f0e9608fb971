/** What the model is compared with, on the same rows. */
import type { ItemColumns } from '../../core/items/item-columns.ts';
import { categoryFacts } from '../../core/nutriscore/category-facts.ts';
import { CATEGORY_ROLES } from '../../core/nutriscore/category-roles.ts';
import { officialGrades } from '../../core/nutriscore/official-grades.ts';
import { GRADES, NO_GRADE } from '../../schemas/grade.ts';
import type { LabelledRows } from '../rows/training-set.ts';
import { Booster, type FeatureRows, TrainingMatrix } from '../xgboost/booster.ts';
import type { XgboostLibrary } from '../xgboost/xgboost-library.ts';
import { predictedGrades } from './figures.ts';

export interface Baseline {
  readonly name: string;
  /** Grade of each row; with probabilities where it has any. */
  judge(rows: LabelledRows): Promise<Judgement>;
}

export interface Judgement {
  readonly grades: Uint8Array;
  readonly probabilities?: Float32Array;
}

/** The grade that most training rows have. */
export function majority({ labels, weights }: LabelledRows): Baseline {
  const sums = GRADES.map(() => 0);
  labels.forEach((label, row) => {
    sums[label] = (sums[label] ?? 0) + (weights[row] ?? 0);
  });
  const most = sums.indexOf(Math.max(...sums));
  return {
    name: 'majority',
    judge: async ({ labels: { length } }) => ({ grades: new Uint8Array(length).fill(most) }),
  };
}

/** The official rules with 0 for every absent nutrient, and food for an unknown category. */
export const RULES_WITH_ZERO: Baseline = {
  name: 'rules with missing as zero',
  judge: async ({ pool }) => {
    const { grade } = officialGrades(withoutGaps(pool.columns), '2023');
    // Categories without a Nutri-Score: any answer is as good.
    return { grades: grade.map((of) => (of === NO_GRADE ? 0 : of)) };
  },
};

function withoutGaps(columns: ItemColumns): ItemColumns {
  const filled = Object.entries(columns.nutrients).map(([name, values]) => {
    // An absent fruit share stays absent: the rules then take what the category implies.
    const isKept = name === 'fruitShare';
    return [name, isKept ? values : values.map((value) => (Number.isNaN(value) ? 0 : value))] as const;
  });
  return {
    ...columns,
    nutrients: Object.fromEntries(filled) as ItemColumns['nutrients'], // the keys are those of the columns
    categoryRoles: columns.categoryRoles.map((roles) =>
      categoryFacts(roles, '2023').isKnown ? roles : roles | CATEGORY_ROLES.known,
    ),
  };
}

/** One tree of depth 6 for each grade, on the model's own features and training rows. */
export function shallowTrees(library: XgboostLibrary, training: LabelledRows): Baseline & Disposable {
  const matrix = new TrainingMatrix(library, training.features, training.labels, training.weights);
  const booster = new Booster(library, [matrix], {
    objective: 'multi:softprob',
    num_class: GRADES.length,
    tree_method: 'hist',
    max_depth: 6,
    eta: 1,
    min_child_weight: 1,
  });
  booster.update(0, matrix);
  matrix[Symbol.dispose]();
  return {
    name: 'one tree of depth 6 a grade',
    judge: async (rows) => withProbabilities(predictRows(library, booster, rows.features)),
    [Symbol.dispose]: () => booster[Symbol.dispose](),
  };
}

export function withProbabilities(probabilities: Float32Array): Judgement {
  return { grades: predictedGrades(probabilities), probabilities };
}

/** Probabilities of a booster of five grades, row by row. */
export function predictRows(library: XgboostLibrary, booster: Booster, rows: FeatureRows): Float32Array {
  using matrix = new TrainingMatrix(library, rows);
  return booster.predict(matrix, GRADES.length);
}
