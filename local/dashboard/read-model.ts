import { AGREEMENT_METRIC } from '../../core/drift/agreement.ts';
import type { ObjectStore } from '../../producer/commands/ports.ts';
import { CurrentModel, ModelManifest } from '../../schemas/model.ts';
import { CURRENT_MODEL_KEY, MODEL_FILES, modelKey } from '../../schemas/model-keys.ts';
import { createParser } from '../../schemas/parse.ts';
import type { ModelReading } from './reading.ts';

const currentModel = createParser(CURRENT_MODEL_KEY, CurrentModel);
const modelManifest = createParser(MODEL_FILES.manifest, ModelManifest);

/** @returns what reads the current model, its manifest only when it is another than before. */
export function createModelReader(
  store: Pick<ObjectStore, 'readText'>,
  bucket: string,
): () => Promise<ModelReading | undefined> {
  let known: { readonly version: string; readonly accuracy: number | undefined } | undefined;

  const accuracyOf = async (version: string): Promise<number | undefined> => {
    const text = await store.readText(bucket, modelKey(version, MODEL_FILES.manifest));
    return text === undefined ? undefined : modelManifest.parse(JSON.parse(text)).metrics[AGREEMENT_METRIC];
  };
  return async () => {
    const text = await store.readText(bucket, CURRENT_MODEL_KEY);
    if (text === undefined) return undefined;
    const { version, promotedAt } = currentModel.parse(JSON.parse(text));
    if (known?.version !== version) known = { version, accuracy: await accuracyOf(version) };
    return { version, promotedAt, accuracy: known.accuracy };
  };
}
