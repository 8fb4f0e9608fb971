/** Whether a model is for this program's features, and the error of one that can not be used. */
import { NutrisageError } from '../../core/errors.ts';
import { FEATURE_NAMES } from '../../core/features/feature-table.ts';
import type { ModelManifest } from '../../schemas/model.ts';

/** @throws {NutrisageError} `model-damaged` when it expects other features, or these in another order. */
export function checkFeatures({ version, features }: ModelManifest): void {
  const fits =
    features.length === FEATURE_NAMES.length &&
    features.every((name, index) => name === FEATURE_NAMES[index]);
  if (!fits) throw modelDamaged(version, `it expects the features ${features.join(', ')}`, undefined);
}

export function modelDamaged(version: string, reason: string, cause: unknown): NutrisageError {
  return new NutrisageError(
    'model-damaged',
    `Model ${version} can not be used: ${reason}.`,
    'Promote a model made by this version of the trainer; `npm run model -- list` shows what there is.',
    { cause },
  );
}
