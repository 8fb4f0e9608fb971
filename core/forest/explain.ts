/**
 * Why a forest says what it says of a row: what each feature adds to each sum, against the mean over the rows of
 * training. Exact path-dependent SHAP values, as XGBoost's `pred_contribs`.
 */
import { type ExplanationImage, expectedSums, layExplanation } from './explanation-image.ts';
import type { Forest } from './forest.ts';

export interface Explainer {
  readonly forest: Forest;
  /**
   * Takes 1 ms for 255 trees of 112 leaves and five sums; needs memory of its own, which the scoring kernel lacks.
   * @param features of one row; NaN is missing.
   * @returns `sumCount` x (`featureCount` + 1), sum by sum, in units of the sums (before SOFTMAX or LOGISTIC): the
   * features in order, and last what the forest says of no row in particular. Each row adds up to the sum.
   * @throws {RangeError} when the row has another width.
   */
  explain(features: Float32Array): Float64Array;
}

/** Whether the file tells what contributions need. */
export function canExplain(forest: Forest): boolean {
  return forest.nodes.covers !== undefined;
}

/**
 * @param kernel the module of `kernel.wasm`.
 * @param image of this forest, for this explainer alone
 * @throws {ForestError} `unsupported` when the file does not tell covers; see `canExplain`.
 */
export function createExplainer(
  kernel: WebAssembly.Module,
  forest: Forest,
  image: ExplanationImage = layExplanation(forest),
): Explainer {
  const { memory, at } = image;
  const { featureCount, sumCount } = forest;
  const instance = new WebAssembly.Instance(kernel, { env: { memory } });
  // Compiled from kernel/index.ts.
  const { explainRow } = instance.exports as unknown as { explainRow(image: number, values: number): void };
  const expected = expectedSums(forest, forest.nodes.covers as Float32Array); // checked by `layExplanation`
  const values = new Float32Array(memory.buffer, at.values, featureCount);
  const halves = new Float64Array(memory.buffer, at.contributions, featureCount * sumCount * 2);
  return {
    forest,
    explain(features) {
      if (features.length !== featureCount) {
        throw new RangeError(`a row has ${features.length} features where ${featureCount} are needed`);
      }
      values.set(features);
      halves.fill(0);
      explainRow(at.head, at.values);
      const contributions = new Float64Array(sumCount * (featureCount + 1));
      for (let sum = 0; sum < sumCount; sum += 1) {
        const row = sum * (featureCount + 1);
        for (let feature = 0; feature < featureCount; feature += 1) {
          const half = (feature * sumCount + sum) * 2;
          contributions[row + feature] = (halves[half] as number) + (halves[half + 1] as number);
        }
        contributions[row + featureCount] = expected[sum] as number;
      }
      return contributions;
    },
  };
}
