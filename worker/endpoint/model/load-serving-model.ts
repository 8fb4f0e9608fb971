/** A model ready to grade with, loaded in a thread, which ends once the event loop can score by itself. */

import type { NutrisageError } from '../../../core/errors.ts';
import { createExplainer } from '../../../core/forest/explain.ts';
import { unpackMemory } from '../../../core/forest/packed-memory.ts';
import { createForestScorer, forestKernelModule } from '../../adapters/forest-scorer.ts';
import type { Scorer } from '../../grading/scorer.ts';
import type { ServingModel } from '../grading/serving-model.ts';
import { type ModelThread, openModelThread } from './open-thread.ts';
import type { ModelThreadSettings, ThreadModel } from './thread-protocol.ts';

export interface LoadedServingModel extends ServingModel {
  /** Why it is ONNX Runtime although the kernel was to be tried. */
  readonly fallback: string | undefined;
  /** Fulfilled when it can grade no more, its thread having died. */
  readonly lost: Promise<NutrisageError>;
  /** Grades no more once what it has is scored. */
  release(): Promise<void>;
}

/** @throws {NutrisageError} why the model can not be used. */
export async function loadServingModel(settings: ModelThreadSettings): Promise<LoadedServingModel> {
  const thread = openModelThread(settings);
  const model = await thread.model.catch(async (error: unknown) => {
    await thread.end();
    throw error;
  });
  if (model.kernel !== undefined) await thread.end();
  const { version } = model.manifest;
  return {
    version,
    scorer: scorerOf(model, thread),
    explain: explainOf(model),
    fallback: model.fallback,
    lost: thread.died,
    release: thread.end,
  };
}

function scorerOf({ manifest, kernel }: ThreadModel, thread: ModelThread): Scorer {
  if (kernel !== undefined) return createForestScorer(manifest, kernel.forest, unpackMemory(kernel.image));
  return { modelVersion: manifest.version, engine: 'onnxruntime', score: thread.score, scoreSync: undefined };
}

function explainOf({ explanation }: ThreadModel): ServingModel['explain'] {
  if (explanation === undefined) return undefined;
  const { forest, image } = explanation;
  const explainer = createExplainer(forestKernelModule(), forest, unpackMemory(image));
  return (features) => explainer.explain(features);
}
