/**
 * Which engine runs a model. The forest kernel does where it gives what ONNX Runtime gives, which is tried on rows made
 * from the model's own thresholds before it serves; where it does not, or cannot read the model, ONNX Runtime does.
 *
 * The choice follows from the model and the setting alone, and the engines' probabilities are the same bits: a shard's
 * bytes do not depend on who grades it.
 */
import type { Forest } from '../../core/forest/forest.ts';
import { ForestError } from '../../core/forest/forest-error.ts';
import { probeRows } from '../../core/forest/probe-rows.ts';
import { readForest } from '../../core/forest/read-forest.ts';
import type { ComparableScorer, Scorer } from '../grading/scorer.ts';
import type { EngineChoice } from './engine-choice.ts';
import { modelDamaged } from './model-fit.ts';
import type { LoadedModel } from './model-store.ts';

export interface ChosenScorer {
  readonly scorer: Scorer;
  /** Why it is ONNX Runtime although the kernel was to be tried; a clause without a full stop. */
  readonly fallback: string | undefined;
}

export interface ChooseScorerPorts {
  /** @throws {NutrisageError} `model-damaged` */
  readonly createOnnxScorer: (model: LoadedModel) => Promise<ComparableScorer>;
  /** @throws {ForestError} `unsupported` when the forest answers otherwise than a model does. */
  readonly createForestScorer: (model: LoadedModel, forest: Forest) => ComparableScorer;
}

const PROBABILITY_DIFFERENCE_MAX = 1e-6;

/**
 * The file is read as a forest whatever the setting: ONNX Runtime ends the process over a tree that is deep enough.
 * @throws {NutrisageError} `model-damaged` when no engine may run it, or not the one that is asked for.
 */
export async function chooseScorer(
  model: LoadedModel,
  choice: EngineChoice,
  ports: ChooseScorerPorts,
): Promise<ChosenScorer> {
  const { version } = model.manifest;
  const forest = unlessUnsupported(version, () => readForest(model.onnx));
  if (choice === 'onnxruntime') return { scorer: await ports.createOnnxScorer(model), fallback: undefined };
  const kernel =
    forest instanceof ForestError
      ? forest
      : unlessUnsupported(version, () => {
          return { forest, scorer: ports.createForestScorer(model, forest) };
        });
  if (kernel instanceof ForestError) {
    if (choice === 'auto') return { scorer: await ports.createOnnxScorer(model), fallback: kernel.message };
    const reason = `the forest kernel does not run it, and nothing else may (${kernel.message})`;
    throw modelDamaged(version, reason, kernel);
  }
  if (choice === 'forest') return { scorer: kernel.scorer, fallback: undefined };
  const reference = await ports.createOnnxScorer(model);
  const difference = await findDifference(kernel.scorer, reference, kernel.forest);
  if (difference !== undefined) return { scorer: reference, fallback: difference };
  await reference.release();
  return { scorer: kernel.scorer, fallback: undefined };
}

/** What is made of a model, or why the kernel leaves it to others; a damaged one ends here. */
function unlessUnsupported<T>(version: string, make: () => T): T | ForestError {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ForestError)) throw error;
    if (error.kind === 'damaged') throw modelDamaged(version, error.message, error);
    return error;
  }
}

/** In what the kernel's answers differ from the reference's; undefined where they do not. */
async function findDifference(
  kernel: ComparableScorer,
  reference: ComparableScorer,
  forest: Forest,
): Promise<string | undefined> {
  const { features, rowCount } = probeRows(forest);
  const own = await kernel.score(features, rowCount);
  const theirs = await reference.score(features, rowCount);
  let most = 0;
  for (let at = 0; at < own.length; at += 1) {
    const difference = Math.abs((own[at] as number) - (theirs[at] as number));
    most = Math.max(most, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }
  if (most > PROBABILITY_DIFFERENCE_MAX) {
    return `the kernel's probabilities differ by up to ${most.toExponential(1)} on ${rowCount} probe rows`;
  }
  const labels = await kernel.label(features, rowCount);
  const theirLabels = await reference.label(features, rowCount);
  const different = labels.reduce((count, label, row) => count + (label === theirLabels[row] ? 0 : 1), 0);
  return different === 0 ? undefined : `the kernel's labels differ on ${different} of ${rowCount} probe rows`;
}
