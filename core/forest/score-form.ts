/** How a file's sums become scores. What ONNX Runtime does in a way of its own with rare forms is left to it. */
import type { Forest, LeafWeights, ScoreForm, Transform } from './forest.ts';
import { damaged, unsupported } from './forest-error.ts';
import { attributeOf, type EnsembleOperator } from './node-columns.ts';
import type { OnnxNode } from './onnx-file.ts';

export interface Scoring
  extends Pick<Forest, 'form' | 'transform' | 'sumCount' | 'outputCount' | 'labels' | 'baseValues'> {}

const TRANSFORMS: readonly Transform[] = ['NONE', 'SOFTMAX', 'LOGISTIC'];
const OTHER_TRANSFORMS = ['SOFTMAX_ZERO', 'PROBIT'];

/** Labels of a classifier's classes; none for a regression. @throws {ForestError} */
export function labelsOf(node: OnnxNode, operator: EnsembleOperator): readonly (number | string)[] {
  if (operator === 'TreeEnsembleRegressor') {
    const targets = attributeOf(node, 'n_targets').integer ?? 0;
    if (targets !== 1) throw unsupported(`it has ${targets} targets`);
    const aggregate = attributeOf(node, 'aggregate_function').text ?? 'SUM';
    if (aggregate !== 'SUM') throw unsupported(`its aggregate function is ${aggregate}`);
    return [];
  }
  const numbers = attributeOf(node, 'classlabels_int64s').integers;
  const strings = attributeOf(node, 'classlabels_strings').strings;
  if (numbers.length > 0 && strings.length > 0) throw damaged('it has class labels of two kinds');
  const labels = strings.length > 0 ? strings : [...numbers];
  if (labels.length < 2) throw unsupported(`it has ${labels.length} classes`);
  return labels;
}

/** @throws {ForestError} `unsupported` for what only ONNX Runtime knows the meaning of. */
export function scoringOf(
  node: OnnxNode,
  labels: readonly (number | string)[],
  weights: LeafWeights,
  hasEverySum: (sum: number) => boolean,
): Scoring {
  const transform = transformOf(node);
  const baseValues = attributeOf(node, 'base_values').floats;
  if (!baseValues.every(Number.isFinite)) throw unsupported('a base value is no finite number');
  const form = formOf(labels, weights);
  const sumCount = form === 'multiclass' || form === 'pair' ? labels.length : 1;
  const scoring = { form, transform, sumCount, outputCount: Math.max(labels.length, 1), labels };
  checkForm(scoring, baseValues.length, hasEverySum);
  const padded = new Float32Array(sumCount);
  padded.set(baseValues);
  return { ...scoring, baseValues: padded };
}

function transformOf(node: OnnxNode): Transform {
  const written = attributeOf(node, 'post_transform').text ?? 'NONE';
  const transform = TRANSFORMS.find((name) => name === written);
  if (transform !== undefined) return transform;
  if (OTHER_TRANSFORMS.includes(written)) throw unsupported(`its scores are transformed by ${written}`);
  throw damaged(`there is no transform ${written}`);
}

function formOf(labels: readonly (number | string)[], { sums, values }: LeafWeights): ScoreForm {
  if (labels.length === 0) return 'regression';
  if (labels.length > 2) return 'multiclass';
  if (sums.some((sum) => sum !== sums[0])) return 'pair';
  if (sums[0] !== 0) throw unsupported('of its two classes only the second has weights');
  return values.every((value) => value >= 0) ? 'binary-positive' : 'binary';
}

function checkForm(
  { form, transform, sumCount, labels }: Omit<Scoring, 'baseValues'>,
  baseCount: number,
  hasEverySum: (sum: number) => boolean,
): void {
  if (form === 'regression' && transform !== 'NONE') throw unsupported(`a regression with ${transform}`);
  if (form.startsWith('binary') && transform === 'SOFTMAX')
    throw unsupported('one sum for two classes with SOFTMAX');
  // With two sums and base values ONNX Runtime takes minus the one for the other.
  if (form === 'pair' && baseCount > 0) throw unsupported('base values with two classes');
  if (baseCount > 0 && baseCount !== sumCount) {
    throw unsupported(`it has ${baseCount} base values for ${sumCount} sums`);
  }
  // Without base values ONNX Runtime leaves out of the labels what no leaf of a row's paths speaks of.
  const isComplete = baseCount > 0 || labels.every((_, sum) => sumCount === 1 || hasEverySum(sum));
  if (!isComplete) throw unsupported('a class is not reached on every path, and there are no base values');
}
