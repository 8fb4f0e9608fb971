/** Rows that trials are trained and judged on, in memory that all threads share. */
import { createHash } from 'node:crypto';
import { FEATURE_NAMES } from '../../../core/features/feature-table.ts';
import { evaluationSets } from '../../evaluate/evaluation-sets.ts';
import { readSources } from '../../rows/read-sources.ts';
import { makeTrainingRows, splitProducts } from '../../rows/training-set.ts';
import type { TuningRows, WeightedRows } from '../objective/growing-forest.ts';

/** Share of all products that trials are judged on. */
const VALIDATION_SHARE = 0.15;

export interface ReadTuningRows {
  readonly rows: TuningRows;
  /** SHA-256 over all values, labels and weights: also another way to make rows is another study. */
  readonly fingerprint: string;
}

/**
 * The products that `npm run train` holds out with the same seed and share are left out altogether: a model is judged
 * on products that neither its trees nor its parameters were fitted to. Trials are judged as models are: on the rows
 * of all evaluation sets together.
 * @throws {NoSourcesError} without a known file.
 */
export async function readTuningRows(
  folder: string,
  { seed, heldOut, copies }: { readonly seed: number; readonly heldOut: number; readonly copies: number },
): Promise<ReadTuningRows> {
  const sources = await readSources(folder);
  const { training, validation } = splitProducts(sources.pool, seed, heldOut, VALIDATION_SHARE);
  const sets = evaluationSets(training, validation, seed).map(({ rows }) => ({
    ...rows,
    weights: new Float32Array(rows.labels.length).fill(1),
  }));
  const rows = {
    training: shareRows([makeTrainingRows(training, seed, copies)]),
    validation: shareRows(sets),
  };
  return { rows, fingerprint: fingerprintOf(rows) };
}

function fingerprintOf({ training, validation }: TuningRows): string {
  const hash = createHash('sha256');
  for (const { features, labels, weights } of [training, validation]) {
    hash.update(`${features.rowCount} rows of ${features.featureCount}`);
    for (const { buffer } of [features.values, labels, weights]) hash.update(new Uint8Array(buffer));
  }
  return hash.digest('hex');
}

/** The parts one after the other. */
function shareRows(parts: readonly WeightedRows[]): WeightedRows {
  const join = (of: (part: WeightedRows) => Float32Array): Float32Array => {
    const length = parts.reduce((sum, part) => sum + of(part).length, 0);
    const joined = new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
    let at = 0;
    for (const part of parts) {
      joined.set(of(part), at);
      at += of(part).length;
    }
    return joined;
  };
  const labels = join((part) => part.labels);
  return {
    features: {
      values: join(({ features }) => features.values),
      rowCount: labels.length,
      featureCount: FEATURE_NAMES.length,
    },
    labels,
    weights: join(({ weights }) => weights),
  };
}
