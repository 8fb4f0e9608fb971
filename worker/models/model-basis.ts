/**
 * What a model was trained on and promises: what drift and agreement are held against. A model whose reference is
 * missing, or of other features, grades as well as any; its jobs have no drift.
 */
import { createHash } from 'node:crypto';
import { NutrisageError } from '../../core/errors.ts';
import { ModelReference } from '../../schemas/model.ts';
import { MODEL_FILES, modelKey } from '../../schemas/model-keys.ts';
import { createParser, SchemaError } from '../../schemas/parse.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { readManifest } from './model-store.ts';

export interface ModelBasis {
  /** Absent where the model has none that can be used. */
  readonly reference: ModelReference | undefined;
  readonly metrics: Readonly<Record<string, number>>;
}

/** The model gone, or none that anything could be held against. */
const NO_BASIS: ModelBasis = { reference: undefined, metrics: {} };
/** Versions kept: jobs that close in turn are seldom of more. */
const KEPT_MAX = 4;

const referenceParser = createParser(MODEL_FILES.reference, ModelReference);

/** Reads each version once. @throws {NutrisageError} only what another attempt may mend. */
export function createModelBases(
  store: Pick<ObjectStore, 'read'>,
  bucket: string,
): (version: string) => Promise<ModelBasis> {
  const known = new Map<string, Promise<ModelBasis>>();
  return (version) => {
    const found = known.get(version);
    if (found !== undefined) return found;
    const [oldest] = known.keys();
    if (known.size >= KEPT_MAX && oldest !== undefined) known.delete(oldest);
    const basis = readBasis(store, bucket, version);
    known.set(version, basis);
    basis.catch(() => known.delete(version));
    return basis;
  };
}

async function readBasis(
  store: Pick<ObjectStore, 'read'>,
  bucket: string,
  version: string,
): Promise<ModelBasis> {
  try {
    const { metrics, referenceSha256 } = await readManifest(store, bucket, version);
    return { metrics, reference: await readReference(store, bucket, version, referenceSha256) };
  } catch (error) {
    if (isLasting(error)) return NO_BASIS;
    throw error;
  }
}

/** The training histograms, if they are there and are those that the manifest names. */
export async function readReference(
  store: Pick<ObjectStore, 'read'>,
  bucket: string,
  version: string,
  sha256: string,
): Promise<ModelReference | undefined> {
  try {
    const bytes = await store.read(bucket, modelKey(version, MODEL_FILES.reference));
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) return undefined;
    return referenceParser.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    const isUnusable = error instanceof SchemaError || error instanceof SyntaxError || isLasting(error);
    if (isUnusable) return undefined;
    throw error;
  }
}

function isLasting(error: unknown): boolean {
  return error instanceof NutrisageError && error.disposition === 'fail';
}
