/** Figures of one grader on labelled rows, from its confusion matrix and its probabilities. */
import { GRADES } from '../../schemas/grade.ts';
import type { ReliabilityBin } from '../../schemas/report-data.ts';
import { mostProbable } from '../onnx/onnx-parity.ts';

/** Bins of equal width between 0 and 1, by the probability of the most probable grade. */
const BINS = 15;

/** `[true grade][predicted grade]`, counts. */
export type Confusion = readonly (readonly number[])[];

export function confusionOf(labels: Float32Array, predicted: ArrayLike<number>): Confusion {
  const confusion = GRADES.map(() => GRADES.map(() => 0));
  labels.forEach((label, row) => {
    const counts = confusion[label];
    const grade = predicted[row] ?? 0;
    if (counts !== undefined) counts[grade] = (counts[grade] ?? 0) + 1;
  });
  return confusion;
}

/** Accuracy, F1 averaged over the grades that occur, and the share at most one grade off. */
export function figuresOf(confusion: Confusion) {
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

/** Most probable grade of each row. */
export function predictedGrades(probabilities: Float32Array): Uint8Array {
  const rowCount = probabilities.length / GRADES.length;
  return Uint8Array.from({ length: rowCount }, (_, row) =>
    mostProbable(probabilities, row * GRADES.length, GRADES.length),
  );
}

/** Rows by the probability of their most probable grade; ranges without rows are left out. */
export function reliabilityOf(probabilities: Float32Array, labels: Float32Array): ReliabilityBin[] {
  const bins = Array.from({ length: BINS }, () => ({ confidence: 0, accuracy: 0, count: 0 }));
  predictedGrades(probabilities).forEach((grade, row) => {
    const confidence = probabilities[row * GRADES.length + grade] ?? 0;
    const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))];
    if (bin === undefined) return;
    bin.confidence += Math.min(1, confidence);
    bin.accuracy += grade === labels[row] ? 1 : 0;
    bin.count += 1;
  });
  return bins
    .filter(({ count }) => count > 0)
    .map(({ confidence, accuracy, count }) => ({
      confidence: confidence / count,
      accuracy: accuracy / count,
      count,
    }));
}

/** Expected calibration error: how far confidence and accuracy are apart, averaged over the rows. */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  return bins.reduce(
    (sum, { confidence, accuracy, count }) => sum + (count / total) * Math.abs(confidence - accuracy),
    0,
  );
}
