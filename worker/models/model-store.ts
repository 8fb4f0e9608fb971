/** Models as they lie in the model bucket: `models/current.json` and `models/<version>/…`. */
import { createHash } from 'node:crypto';
import { NutrisageError } from '../../core/errors.ts';
import { modelVersion } from '../../core/models/model-version.ts';
import { CurrentModel, ModelManifest } from '../../schemas/model.ts';
import { CURRENT_MODEL_KEY, MODEL_FILES, modelKey } from '../../schemas/model-keys.ts';
import { createParser, type Parser, SchemaError } from '../../schemas/parse.ts';
import type { ObjectStore } from '../objects/object-store.ts';

type ModelFiles = Pick<ObjectStore, 'read'>;

export interface LoadedModel {
  readonly manifest: ModelManifest;
  readonly onnx: Uint8Array;
}

const currentModelParser = createParser(CURRENT_MODEL_KEY, CurrentModel);
const manifestParser = createParser(MODEL_FILES.manifest, ModelManifest);

/**
 * Version that the pointer names.
 * @throws {NutrisageError} `model-missing` when nothing was ever published; `model-damaged`
 */
export async function readCurrentVersion(store: ObjectStore, bucket: string): Promise<string> {
  const bytes = await readModelFile(store, bucket, CURRENT_MODEL_KEY);
  return parseFile(currentModelParser, CURRENT_MODEL_KEY, bytes).version;
}

/**
 * A model, checked: its manifest hashes to its version, and the ONNX file to the manifest.
 * @throws {NutrisageError} `model-missing`, `model-damaged`
 */
export async function loadModel(store: ObjectStore, bucket: string, version: string): Promise<LoadedModel> {
  const manifest = await readManifest(store, bucket, version);
  const onnx = await readModelFile(store, bucket, modelKey(version, MODEL_FILES.onnx));
  const sha256 = createHash('sha256').update(onnx).digest('hex');
  if (sha256 !== manifest.onnx.sha256)
    throw damaged(version, 'model.onnx is not the file its manifest names');
  return { manifest, onnx };
}

/** @throws {NutrisageError} `model-missing`, `model-damaged` */
export async function readManifest(
  store: ModelFiles,
  bucket: string,
  version: string,
): Promise<ModelManifest> {
  const key = modelKey(version, MODEL_FILES.manifest);
  const manifest = parseFile(manifestParser, key, await readModelFile(store, bucket, key));
  if (manifest.version !== version || modelVersion(manifest) !== version) {
    throw damaged(version, 'its manifest does not hash to its version');
  }
  return manifest;
}

async function readModelFile(store: ModelFiles, bucket: string, key: string): Promise<Uint8Array> {
  try {
    return await store.read(bucket, key);
  } catch (error) {
    const isMissing =
      error instanceof NutrisageError && (error.code === 'object-missing' || error.code === 'bucket-missing');
    if (!isMissing) throw error;
    throw new NutrisageError(
      'model-missing',
      `There is no s3://${bucket}/${key}.`,
      'Publish and promote a model (`npm run model`); the embedded stack does so when it starts.',
      { cause: error },
    );
  }
}

function parseFile<T>(parser: Parser<T>, key: string, bytes: Uint8Array): T {
  try {
    return parser.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    const reason = cause instanceof SchemaError ? cause.message : 'it is not JSON';
    const message = `${key} can not be used: ${reason}.`;
    const remedy = 'Promote a model that is whole: `npm run model -- list` shows what there is.';
    throw new NutrisageError('model-damaged', message, remedy, { cause });
  }
}

function damaged(version: string, reason: string): NutrisageError {
  return new NutrisageError(
    'model-damaged',
    `Model ${version} can not be used: ${reason}.`,
    'Promote a model that is whole, or go back to the one before with `npm run model -- rollback`.',
  );
}
