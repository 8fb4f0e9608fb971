/** Softmax of margins, row by row. */
export function softmaxInto(margins: Float32Array, probabilities: Float32Array, classCount: number): void {
  for (let from = 0; from < margins.length; from += classCount) {
    let highest = Number.NEGATIVE_INFINITY;
    for (let of = 0; of < classCount; of += 1) highest = Math.max(highest, margins[from + of] as number);
    let sum = 0;
    for (let of = 0; of < classCount; of += 1) {
      const power = Math.exp((margins[from + of] as number) - highest);
      probabilities[from + of] = power;
      sum += power;
    }
    for (let of = 0; of < classCount; of += 1)
      probabilities[from + of] = (probabilities[from + of] as number) / sum;
  }
}

/** Mean of -ln of the probability of the true class, weighted. */
export function logLoss(
  probabilities: Float32Array,
  labels: Float32Array,
  classCount: number,
  weights?: Float32Array,
): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < labels.length; row += 1) {
    const weight = weights === undefined ? 1 : (weights[row] as number);
    const probability = probabilities[row * classCount + (labels[row] as number)] as number;
    sum -= weight * Math.log(Math.max(probability, 1e-15));
    total += weight;
  }
  return sum / total;
}
