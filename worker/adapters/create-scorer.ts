/** A model's scorer, by the engine that the setting allows. */
import { type ChosenScorer, chooseScorer } from '../models/choose-scorer.ts';
import type { EngineChoice } from '../models/engine-choice.ts';
import type { LoadedModel } from '../models/model-store.ts';
import { createForestScorer } from './forest-scorer.ts';

/** @throws {NutrisageError} `model-damaged` when no engine may run it, or not the one that is asked for. */
export function createScorer(model: LoadedModel, choice: EngineChoice): Promise<ChosenScorer> {
  return chooseScorer(model, choice, {
    createForestScorer: ({ manifest }, forest) => createForestScorer(manifest, forest),
    // Loaded when it is needed: a process that runs the kernel alone never maps the library.
    createOnnxScorer: async (wanted) => (await import('./onnx-scorer.ts')).createOnnxScorer(wanted),
  });
}
