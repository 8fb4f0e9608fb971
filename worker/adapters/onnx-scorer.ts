/** Scores with ONNX Runtime. `run()` blocks its thread (297 ms for a large batch), so it runs in grading threads only. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { FEATURE_NAMES } from '../../core/features/feature-table.ts';
import { GRADES } from '../../schemas/grade.ts';
import type { ComparableScorer } from '../grading/scorer.ts';
import { checkFeatures, modelDamaged } from '../models/model-fit.ts';
import type { LoadedModel } from '../models/model-store.ts';

/** @throws {NutrisageError} `model-damaged` when it does not load or does not fit the features of this program. */
export async function createOnnxScorer(model: LoadedModel): Promise<ComparableScorer> {
  const { version } = model.manifest;
  checkFeatures(model.manifest);

  const session = await InferenceSession.create(model.onnx, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
  }).catch((cause: unknown) => {
    throw modelDamaged(version, cause instanceof Error ? cause.message : String(cause), cause);
  });

  async function run(output: string, features: Float32Array, rowCount: number): Promise<Tensor | undefined> {
    const tensor = new Tensor('float32', features, [rowCount, FEATURE_NAMES.length]);
    return (await session.run({ features: tensor }, [output]))[output];
  }

  return {
    modelVersion: version,
    engine: 'onnxruntime',
    async score(features, rowCount) {
      const probabilities = await run('probabilities', features, rowCount);
      if (probabilities === undefined || probabilities.size !== rowCount * GRADES.length) {
        throw modelDamaged(version, 'its output `probabilities` is not five numbers a row', undefined);
      }
      return probabilities.data as Float32Array; // float32 by the model contract, checked by the trainer
    },
    scoreSync: undefined,
    async label(features, rowCount) {
      const labels = await run('label', features, rowCount);
      return Int32Array.from((labels?.data ?? []) as ArrayLike<bigint>, Number); // int64 by the contract
    },
    release: () => session.release(),
  };
}
