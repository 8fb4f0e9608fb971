/** A few rows through a model that was just loaded: one that loads may still not answer as it should. */
import { NutrisageError } from '../../core/errors.ts';
import { FEATURE_NAMES } from '../../core/features/feature-table.ts';
import { GRADES } from '../../schemas/grade.ts';
import type { Scorer } from '../grading/scorer.ts';

/** Values that every feature of a probe row has: nothing known, nothing in it, some, and beyond all thresholds. */
const PROBES = [Number.NaN, 0, 10, 1e6] as const;
/** Five float32 shares; far more than their rounding. */
const SUM_TOLERANCE = 1e-4;

/** @throws {NutrisageError} `model-damaged` when its answer is not a probability for each grade. */
export async function probeScorer(scorer: Scorer): Promise<void> {
  const featureCount = FEATURE_NAMES.length;
  const rows = new Float32Array(PROBES.length * featureCount);
  PROBES.forEach((value, row) => {
    rows.fill(value, row * featureCount, (row + 1) * featureCount);
  });
  const probabilities = await answerOf(scorer, rows);
  for (let row = 0; row < PROBES.length; row += 1) {
    const shares = probabilities.subarray(row * GRADES.length, (row + 1) * GRADES.length);
    const sum = shares.reduce((total, share) => total + share, 0);
    const isDistribution = shares.every((share) => share >= 0) && Math.abs(sum - 1) <= SUM_TOLERANCE;
    if (!isDistribution) throw damaged(scorer, `its answer to a probe row is ${[...shares].join(', ')}`);
  }
}

async function answerOf(scorer: Scorer, rows: Float32Array): Promise<Float32Array> {
  try {
    return await scorer.score(rows, PROBES.length);
  } catch (cause) {
    if (cause instanceof NutrisageError) throw cause;
    throw damaged(scorer, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function damaged(scorer: Scorer, reason: string, cause?: unknown): NutrisageError {
  return new NutrisageError(
    'model-damaged',
    `Model ${scorer.modelVersion} can not be used: ${reason}.`,
    'Promote a model that is whole, or go back to the one before with `npm run model -- rollback`.',
    { cause },
  );
}
