/**
 * What a booster makes of its features: the loss that its splits saved (gain), and how far each feature moves
 * the margin of each grade (mean absolute SHAP). Gain counts what training found useful, also where it fits
 * noise; SHAP counts what changes answers on rows. Where both agree, trust them.
 */
import Type, { type Static } from 'typebox';
import { FEATURES } from '../../core/features/feature-table.ts';
import { GRADES } from '../../schemas/grade.ts';
import { createParser } from '../../schemas/parse.ts';
import type { ReportData } from '../../schemas/report-data.ts';
import { createRandom } from '../random.ts';
import { type Booster, type FeatureRows, TrainingMatrix } from '../xgboost/booster.ts';
import type { XgboostLibrary } from '../xgboost/xgboost-library.ts';

/** Contributions take 6 ms a row for 500 trees of 127 leaves: 12 s for so many, and the order of features stands. */
export const SHAP_ROWS = 2000;

export interface SplitGains {
  /** Loss saved by all splits on each feature, in the booster's own unit. */
  readonly gains: Float64Array;
  readonly splits: Uint32Array;
}

const Tree = Type.Object({
  left_children: Type.Array(Type.Integer()),
  split_indices: Type.Array(Type.Integer()),
  loss_changes: Type.Array(Type.Number()),
});
type Tree = Static<typeof Tree>;

const BoosterTrees = Type.Object({
  learner: Type.Object({
    gradient_booster: Type.Object({
      model: Type.Object({
        trees: Type.Array(Tree),
      }),
    }),
  }),
});
const parser = createParser('the booster’s JSON', BoosterTrees);

/**
 * A tree that speaks for all grades is written once a grade (`trainer/forest/booster-json.ts`) and counted once.
 * @throws {SchemaError} when the text is not a tree booster's JSON.
 */
export function splitGains(boosterJson: string, featureCount: number): SplitGains {
  const gains = new Float64Array(featureCount);
  const splits = new Uint32Array(featureCount);
  const { trees } = parser.parse(JSON.parse(boosterJson)).learner.gradient_booster.model;
  for (const tree of trees.filter((tree, index) => !isCopy(tree, trees[index - 1]))) {
    // A leaf has no left child, and its split index says nothing.
    tree.left_children.forEach((left, node) => {
      if (left < 0) return;
      const feature = tree.split_indices[node] ?? 0;
      gains[feature] = (gains[feature] ?? 0) + (tree.loss_changes[node] ?? 0);
      splits[feature] = (splits[feature] ?? 0) + 1;
    });
  }
  return { gains, splits };
}

/** Whether two trees in a row have the same branches: losses saved, as floats, are as good as a fingerprint. */
function isCopy(tree: Tree, before: Tree | undefined): boolean {
  return (
    before !== undefined &&
    tree.left_children.length > 1 &&
    tree.loss_changes.length === before.loss_changes.length &&
    tree.loss_changes.every((loss, node) => loss === before.loss_changes[node])
  );
}

/**
 * Mean absolute SHAP, `features x classes`, in nats of margin.
 * Source: Lundberg and Lee, "Consistent feature attribution for tree ensembles" (2018), as XGBoost computes it.
 */
export function meanAbsoluteShap(
  library: XgboostLibrary,
  booster: Booster,
  rows: FeatureRows,
  classes: number,
): number[][] {
  const { featureCount, rowCount } = rows;
  const sums = Array.from({ length: featureCount }, () => Array.from({ length: classes }, () => 0));
  if (rowCount === 0) return sums;
  using matrix = new TrainingMatrix(library, rows);
  const contributions = booster.contributions(matrix, classes, featureCount);
  // The last of each class is the bias: what the model says before it sees anything.
  const width = featureCount + 1;
  sums.forEach((ofFeature, feature) => {
    for (let label = 0; label < classes; label += 1) {
      let sum = 0;
      for (let row = 0; row < rowCount; row += 1) {
        sum += Math.abs(contributions[(row * classes + label) * width + feature] ?? 0);
      }
      ofFeature[label] = sum / rowCount;
    }
  });
  return sums;
}

/** At most `most` rows, drawn without repeats, in their old order. */
export function sampleRows(rows: FeatureRows, most: number, seed: number): FeatureRows {
  const { values, rowCount, featureCount } = rows;
  if (rowCount <= most) return rows;
  const random = createRandom(seed, 'importance');
  const order = Uint32Array.from({ length: rowCount }, (_, row) => row);
  for (let at = 0; at < most; at += 1) {
    const other = at + random.integer(rowCount - at);
    const held = order[at] ?? 0;
    order[at] = order[other] ?? 0;
    order[other] = held;
  }
  const sampled = new Float32Array(most * featureCount);
  order
    .subarray(0, most)
    .sort()
    .forEach((row, at) => {
      sampled.set(values.subarray(row * featureCount, (row + 1) * featureCount), at * featureCount);
    });
  return { values: sampled, rowCount: most, featureCount };
}

export interface ImportanceInput {
  readonly library: XgboostLibrary;
  readonly booster: Booster;
  /** The booster as JSON, which the trainer has at hand anyway. */
  readonly boosterJson: string;
  /** Rows to explain, best ones not trained on; a sample of them is. */
  readonly rows: FeatureRows;
  readonly seed: number;
  /** What calibration multiplies margins with (1 / temperature), where the booster itself is not calibrated. */
  readonly marginScale?: number;
}

/** Importance of every feature in the model's order, as the report stores it; six decimals. */
export function featureImportance(input: ImportanceInput): ReportData['importance'] {
  const { library, booster, boosterJson, marginScale = 1 } = input;
  const rows = sampleRows(input.rows, SHAP_ROWS, input.seed);
  const { gains, splits } = splitGains(boosterJson, FEATURES.length);
  const gainSum = gains.reduce((sum, gain) => sum + gain, 0);
  const shap = meanAbsoluteShap(library, booster, rows, GRADES.length);
  return {
    rows: rows.rowCount,
    features: FEATURES.map(({ name, meaning }, feature) => ({
      name,
      meaning,
      gain: rounded(gainSum === 0 ? 0 : (gains[feature] ?? 0) / gainSum),
      splits: splits[feature] ?? 0,
      shap: GRADES.map((_, grade) => rounded((shap[feature]?.[grade] ?? 0) * marginScale)),
    })),
  };
}

function rounded(value: number): number {
  return Number(value.toFixed(6));
}
