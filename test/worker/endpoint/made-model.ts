/** The model of five stumps as the endpoint grades with it, in this thread. */

import { createExplainer } from '../../../core/forest/explain.ts';
import { readForest } from '../../../core/forest/read-forest.ts';
import { createForestScorer, forestKernelModule } from '../../../worker/adapters/forest-scorer.ts';
import type { ServingModel } from '../../../worker/endpoint/grading/serving-model.ts';
import { tinyModel } from '../../contracts/scorer.ts';

export async function servingModel(): Promise<
  ServingModel & { readonly explain: NonNullable<ServingModel['explain']> }
> {
  const { manifest, onnx } = await tinyModel();
  const forest = readForest(onnx);
  const explainer = createExplainer(forestKernelModule(), forest);
  return {
    version: manifest.version,
    scorer: createForestScorer(manifest, forest),
    explain: (features) => explainer.explain(features),
  };
}

/** The same with a scorer that answers later, as a thread with ONNX Runtime does. */
export function slowly(
  model: ServingModel,
  delay: () => Promise<void> = () => Promise.resolve(),
): ServingModel {
  const { scorer } = model;
  const score = async (features: Float32Array, rowCount: number): Promise<Float32Array> => {
    const probabilities = await scorer.score(features.slice(), rowCount);
    await delay();
    return probabilities;
  };
  return { ...model, scorer: { ...scorer, engine: 'onnxruntime', score, scoreSync: undefined } };
}
