/**
 * What each leaf of a tree adds to the five margins: one Newton step on the whole softmax loss of the rows in
 * it. The second derivatives between classes count too: grades are ordered, and what C gains D loses.
 *
 * For a leaf with rows i of weight w: G = sum w (p - y), H = sum w (diag(p) - p pT), step = -(H + lambda I)^-1 G.
 */

/** Upper triangle of a symmetric matrix with `n` rows. */
function triangle(n: number): number {
  return (n * (n + 1)) / 2;
}

export interface LeafSums {
  readonly classCount: number;
  /** `classCount` first derivatives, then the upper triangle of the second ones, for each leaf. */
  readonly sums: Float64Array;
  readonly stride: number;
}

/**
 * Sums over the rows of each leaf. `leafOf` holds a small integer for each row, below `leafCount`; `probabilities` has
 * `classCount` a row. One pass, typed arrays only: it runs for every tree over all rows.
 */
export function sumLeaves(
  leafOf: Float32Array,
  leafCount: number,
  probabilities: Float32Array,
  labels: Float32Array,
  weights: Float32Array,
  classCount: number,
): LeafSums {
  const stride = classCount + triangle(classCount);
  const sums = new Float64Array(leafCount * stride);
  for (let row = 0; row < leafOf.length; row += 1) {
    const weight = weights[row] as number;
    const from = row * classCount;
    let at = (leafOf[row] as number) * stride;
    const label = labels[row] as number;
    for (let of = 0; of < classCount; of += 1) {
      const miss = (probabilities[from + of] as number) - (of === label ? 1 : 0);
      sums[at + of] = (sums[at + of] as number) + weight * miss;
    }
    at += classCount;
    for (let of = 0; of < classCount; of += 1) {
      const weighted = weight * (probabilities[from + of] as number);
      sums[at] = (sums[at] as number) + weighted * (1 - (probabilities[from + of] as number));
      at += 1;
      for (let other = of + 1; other < classCount; other += 1) {
        sums[at] = (sums[at] as number) - weighted * (probabilities[from + other] as number);
        at += 1;
      }
    }
  }
  return { classCount, sums, stride };
}

/** Steps of all leaves, `classCount` each, shrunk by `eta` and kept within `stepMax`. */
export function leafSteps(
  { classCount, sums, stride }: LeafSums,
  { eta, lambda, stepMax }: { readonly eta: number; readonly lambda: number; readonly stepMax: number },
): Float32Array {
  const leafCount = sums.length / stride;
  const steps = new Float32Array(leafCount * classCount);
  const matrix = new Float64Array(classCount * classCount);
  const right = new Float64Array(classCount);
  for (let leaf = 0; leaf < leafCount; leaf += 1) {
    let at = leaf * stride;
    for (let of = 0; of < classCount; of += 1) right[of] = -(sums[at + of] as number);
    at += classCount;
    for (let of = 0; of < classCount; of += 1) {
      for (let other = of; other < classCount; other += 1) {
        const value = (sums[at] as number) + (of === other ? lambda : 0);
        matrix[of * classCount + other] = value;
        matrix[other * classCount + of] = value;
        at += 1;
      }
    }
    solve(matrix, right, classCount);
    for (let of = 0; of < classCount; of += 1) {
      const step = Math.min(stepMax, Math.max(-stepMax, right[of] as number));
      steps[leaf * classCount + of] = eta * step;
    }
  }
  return steps;
}

/** Solves `matrix x = right` in place by Cholesky's decomposition; the matrix is positive definite through lambda. */
function solve(matrix: Float64Array, right: Float64Array, n: number): void {
  for (let column = 0; column < n; column += 1) {
    for (let row = column; row < n; row += 1) {
      let sum = matrix[row * n + column] as number;
      for (let k = 0; k < column; k += 1) {
        sum -= (matrix[row * n + k] as number) * (matrix[column * n + k] as number);
      }
      const pivot = matrix[column * n + column] as number;
      matrix[row * n + column] = row === column ? Math.sqrt(sum) : sum / pivot;
    }
  }
  for (let row = 0; row < n; row += 1) {
    let sum = right[row] as number;
    for (let k = 0; k < row; k += 1) sum -= (matrix[row * n + k] as number) * (right[k] as number);
    right[row] = sum / (matrix[row * n + row] as number);
  }
  for (let row = n - 1; row >= 0; row -= 1) {
    let sum = right[row] as number;
    for (let k = row + 1; k < n; k += 1) sum -= (matrix[k * n + row] as number) * (right[k] as number);
    right[row] = sum / (matrix[row * n + row] as number);
  }
}
