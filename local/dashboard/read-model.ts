import { AGREEMENT_METRIC } from '../../core/drift/agreement.ts';
import type { ObjectStore } from '../../producer/commands/ports.ts';
import { CurrentModel, ModelManifest } from '../../schemas/model.ts';
import { createParser } from '../../schemas/parse.ts';
import type { ModelReading } from './reading.ts';

const currentModel = createParser('models/current.json', CurrentModel);
const modelManifest = createParser('manifest.json', ModelManifest);

/** @returns what reads the current model, its manifest only when it is another than before. */
export function createModelReader(
  store: Pick<ObjectStore, 'readText'>,
  bucket: string,
): () => Promise<ModelReading | undefined> {
  let known: { readonly version: string; readonly accuracy: number | undefined } | undefined;

  const accuracyOf = async (version: string): Promise<number | undefined> => {
    const text = await store.readText(bucket, `models/${version}/manifest.json`);
    return text === undefined ? undefined : modelManifest.parse(JSON.parse(text)).metrics[AGREEMENT_METRIC];
  };
  return async () => {
    const text = await store.readText(bucket, 'models/current.json');
    if (text === undefined) return undefined;
    const { version, promotedAt } = currentModel.parse(JSON.parse(text));
    if (known?.version !== version) known = { version, accuracy: await accuracyOf(version) };
    return { version, promotedAt, accuracy: known.accuracy };
  };
}
