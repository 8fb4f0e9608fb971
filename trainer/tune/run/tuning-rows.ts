/** Rows that trials are trained and judged on, in memory that all threads share. */
import { createHash } from 'node:crypto';
import { readSources } from '../../rows/read-sources.ts';
import { type LabelledRows, makeTrainingRows, splitProducts } from '../../rows/training-set.ts';
import type { TuningRows, WeightedRows } from '../objective/growing-forest.ts';

/** Share of the training products that trials are judged on. */
const VALIDATION_SHARE = 0.2;
/** Made products of each validation row: their draws then add less than 0.002 to a loss, either way. */
const VALIDATION_COPIES = 3;

export interface ReadTuningRows {
  readonly rows: TuningRows;
  /** SHA-256 over all values, labels and weights: also another way to make rows is another study. */
  readonly fingerprint: string;
}

/**
 * The products that `npm run train` holds out with the same seed and share are left out altogether: a model is judged
 * on products that neither its trees nor its parameters were fitted to. What remains is split once more.
 * @throws {NoSourcesError} without a known file.
 */
export async function readTuningRows(
  folder: string,
  { seed, heldOut, copies }: { readonly seed: number; readonly heldOut: number; readonly copies: number },
): Promise<ReadTuningRows> {
  const sources = await readSources(folder);
  const outer = splitProducts(sources.pool, seed, heldOut);
  const inner = splitProducts(outer.training, seed + 1, VALIDATION_SHARE);
  const rows = {
    training: share(makeTrainingRows(inner.training, seed, copies)),
    validation: share(makeTrainingRows(inner.heldOut, seed + 1, VALIDATION_COPIES)),
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

function share({ features, labels, weights }: LabelledRows): WeightedRows {
  const shared = (values: Float32Array): Float32Array => {
    const copy = new Float32Array(new SharedArrayBuffer(values.byteLength));
    copy.set(values);
    return copy;
  };
  return {
    features: { ...features, values: shared(features.values) },
    labels: shared(labels),
    weights: shared(weights),
  };
}
