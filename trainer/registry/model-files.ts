/** The files of one model that are checked, from a folder or from the registry. */
import type { ModelManifest } from '../../schemas/model.ts';
import { MODEL_FILES } from '../../schemas/model-keys.ts';
import { RegistryError } from './registry-error.ts';
import { parseManifest } from './registry-files.ts';

export interface ModelFiles {
  /** That the model is known by: of its place in the registry, or of its manifest. */
  readonly version: string;
  readonly manifest: ModelManifest;
  /** Undefined: not there. */
  readonly onnx: Uint8Array | undefined;
  readonly reference: Uint8Array | undefined;
}

/**
 * @param place for messages, such as `model 0123456789abcdef` or a folder.
 * @param version where the files lie; undefined in a folder, whose manifest tells it.
 * @returns undefined where there is no manifest.
 * @throws {RegistryError} `damaged-model` when the manifest is not as it should be.
 */
export async function readModelFiles(
  read: (file: string) => Promise<Uint8Array | undefined>,
  place: string,
  version?: string,
): Promise<ModelFiles | undefined> {
  const bytes = await read(MODEL_FILES.manifest);
  if (bytes === undefined) return undefined;
  const parsed = parseManifest(bytes);
  if ('damage' in parsed) {
    throw new RegistryError(
      'damaged-model',
      `${MODEL_FILES.manifest} of ${place} can not be used: ${parsed.damage}`,
      'Train it again, or take another version.',
    );
  }
  const manifest = parsed.value;
  return {
    version: version ?? manifest.version,
    manifest,
    onnx: await read(MODEL_FILES.onnx),
    reference: await read(MODEL_FILES.reference),
  };
}
