/** Scores with ONNX Runtime. `run()` blocks its thread (297 ms for a large batch), so it runs in grading threads only. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { NutrisageError } from '../../core/errors.ts';
import { FEATURE_NAMES } from '../../core/features/feature-table.ts';
import { GRADES } from '../../schemas/grade.ts';
import type { Scorer } from '../grading/scorer.ts';
import type { LoadedModel } from '../models/model-store.ts';

/** @throws {NutrisageError} `model-damaged` when it does not load or does not fit the features of this program. */
export async function createOnnxScorer(model: LoadedModel): Promise<Scorer> {
  const { version } = model.manifest;
  const fits =
    model.manifest.features.length === FEATURE_NAMES.length &&
    model.manifest.features.every((name, index) => name === FEATURE_NAMES[index]);
  if (!fits)
    throw damaged(version, `it expects the features ${model.manifest.features.join(', ')}`, undefined);

  const session = await InferenceSession.create(model.onnx, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
  }).catch((cause: unknown) => {
    throw damaged(version, cause instanceof Error ? cause.message : String(cause), cause);
  });

  return {
    modelVersion: version,
    async score(features, rowCount) {
      const tensor = new Tensor('float32', features, [rowCount, FEATURE_NAMES.length]);
      const { probabilities } = await session.run({ features: tensor }, ['probabilities']);
      if (probabilities === undefined || probabilities.size !== rowCount * GRADES.length) {
        throw damaged(version, 'its output `probabilities` is not five numbers a row', undefined);
      }
      return probabilities.data as Float32Array; // float32 by the model contract, checked by the trainer
    },
  };
}

function damaged(version: string, reason: string, cause: unknown): NutrisageError {
  return new NutrisageError(
    'model-damaged',
    `Model ${version} can not be used: ${reason}.`,
    'Promote a model made by this version of the trainer; `npm run model -- list` shows what there is.',
    { cause },
  );
}
