/** Compares what ONNX Runtime reads out of a model file with what XGBoost itself predicts. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { FeatureRows } from '../xgboost/booster.ts';

/** XGBoost and ONNX Runtime add the same float32 leaves in another order; 8e-7 was seen on 200,000 rows. */
export const PARITY_DIFFERENCE_MAX = 1e-5;
const BLOCK_ROWS = 2000;

export interface Parity {
  readonly rows: number;
  readonly differenceMax: number;
  readonly differentLabels: number;
}

/** The exported file does not predict what was trained; nothing may be published. */
export class ParityError extends Error {
  constructor({ rows, differenceMax, differentLabels }: Parity) {
    super(
      `the ONNX file does not predict what XGBoost does: on ${rows} rows probabilities differ by up to ` +
        `${differenceMax.toExponential(2)} (allowed ${PARITY_DIFFERENCE_MAX}) and ${differentLabels} labels differ`,
    );
    this.name = 'ParityError';
  }
}

/**
 * @param expected XGBoost's probabilities, row by row.
 * @throws {ParityError} above `PARITY_DIFFERENCE_MAX`, or when a label is not (one of) the most probable.
 */
export async function checkParity(
  onnx: Uint8Array,
  rows: FeatureRows,
  expected: Float32Array,
): Promise<Parity> {
  const session = await InferenceSession.create(onnx);
  const classCount = expected.length / Math.max(1, rows.rowCount);
  let differenceMax = 0;
  let differentLabels = 0;
  for (let first = 0; first < rows.rowCount; first += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, rows.rowCount - first);
    const { labels, probabilities } = await predictBlock(session, rows, first, count);
    const block = expected.subarray(first * classCount, (first + count) * classCount);
    for (let at = 0; at < block.length; at += 1) {
      const difference = Math.abs((block[at] as number) - (probabilities[at] as number));
      differenceMax = Math.max(
        differenceMax,
        Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference,
      );
    }
    for (let row = 0; row < count; row += 1) {
      const label = Number(labels[row]);
      const best = mostProbable(block, row * classCount, classCount);
      // Two classes as probable as each other within the allowed difference have no one right label.
      const gap = (block[row * classCount + best] as number) - (block[row * classCount + label] as number);
      if (!(gap <= PARITY_DIFFERENCE_MAX)) differentLabels += 1;
    }
  }
  await session.release();
  const parity = { rows: rows.rowCount, differenceMax, differentLabels };
  if (!(differenceMax <= PARITY_DIFFERENCE_MAX) || differentLabels > 0) throw new ParityError(parity);
  return parity;
}

/** All rows through a session, block by block. */
export async function predictOnnx(
  session: InferenceSession,
  rows: FeatureRows,
): Promise<{ readonly probabilities: Float32Array }> {
  const blocks: Float32Array[] = [];
  for (let first = 0; first < rows.rowCount; first += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, rows.rowCount - first);
    blocks.push((await predictBlock(session, rows, first, count)).probabilities);
  }
  const probabilities = new Float32Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    probabilities.set(block, at);
    at += block.length;
  }
  return { probabilities };
}

async function predictBlock(session: InferenceSession, rows: FeatureRows, first: number, count: number) {
  const { featureCount } = rows;
  const values = rows.values.slice(first * featureCount, (first + count) * featureCount);
  const outputs = await session.run({ features: new Tensor('float32', values, [count, featureCount]) });
  const { label, probabilities } = outputs;
  if (label === undefined || probabilities === undefined) throw new TypeError('the model lacks an output');
  return {
    labels: label.data as BigInt64Array,
    probabilities: probabilities.data as Float32Array,
  };
}

/** Class with the highest of `count` probabilities from `at` on; the first of equals. */
export function mostProbable(probabilities: Float32Array, at: number, count: number): number {
  let best = 0;
  for (let label = 1; label < count; label += 1) {
    if ((probabilities[at + label] as number) > (probabilities[at + best] as number)) best = label;
  }
  return best;
}
