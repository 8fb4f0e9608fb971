/**
 * Entry of the thread that loads one model: reading its trees, comparing the engines and laying the forest out take some
 * hundred milliseconds, in which the event loop would answer nobody. Where ONNX Runtime is to run the model, it does so here.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { asNutrisageError, toErrorRecord } from '../../../core/errors.ts';
import { canExplain } from '../../../core/forest/explain.ts';
import { layExplanation } from '../../../core/forest/explanation-image.ts';
import type { Forest } from '../../../core/forest/forest.ts';
import { ForestError } from '../../../core/forest/forest-error.ts';
import { layKernel } from '../../../core/forest/forest-kernel.ts';
import { packMemory } from '../../../core/forest/packed-memory.ts';
import { readForest } from '../../../core/forest/read-forest.ts';
import { createScorer } from '../../adapters/create-scorer.ts';
import { createS3Client, createS3ObjectStore } from '../../adapters/s3-object-store.ts';
import type { Scorer } from '../../grading/scorer.ts';
import { loadModel } from '../../models/model-store.ts';
import { probeScorer } from '../../models/probe-scorer.ts';
import type { ModelThreadReply, ModelThreadSettings, ScoreTask, ThreadModel } from './thread-protocol.ts';

const settings = workerData as ModelThreadSettings; // made by `open-thread.ts`
const port = parentPort;
if (port === null) throw new Error('This file is the entry of a worker thread.');

async function load(): Promise<{ readonly scorer: Scorer; readonly model: ThreadModel }> {
  const store = createS3ObjectStore(createS3Client(process.env));
  const loaded = await loadModel(store, settings.modelBucket, settings.version);
  const { scorer, fallback } = await createScorer(loaded, settings.engine);
  await probeScorer(scorer);
  const forest = forestOf(loaded.onnx);
  const isKernel = scorer.engine === 'forest' && forest !== undefined;
  const isExplained = forest !== undefined && canExplain(forest);
  const model: ThreadModel = {
    manifest: loaded.manifest,
    kernel: isKernel ? { forest, image: packMemory(layKernel(forest)) } : undefined,
    explanation: isExplained ? { forest, image: packMemory(layExplanation(forest)) } : undefined,
    fallback,
  };
  return { scorer, model };
}

/** Undefined where only ONNX Runtime understands the file. */
function forestOf(onnx: Uint8Array): Forest | undefined {
  try {
    return readForest(onnx);
  } catch (error) {
    if (error instanceof ForestError) return undefined;
    throw error;
  }
}

function say(reply: ModelThreadReply): void {
  port?.postMessage(reply);
}

async function score(scorer: Scorer, { id, features, rowCount }: ScoreTask): Promise<void> {
  try {
    say({ kind: 'scored', id, probabilities: await scorer.score(features, rowCount) });
  } catch (error) {
    say({ kind: 'not-scored', id, error: toErrorRecord(asNutrisageError(error)) });
  }
}

try {
  const { scorer, model } = await load();
  port.on('message', (task: ScoreTask) => void score(scorer, task));
  say({ kind: 'loaded', model });
} catch (error) {
  say({ kind: 'not-loaded', error: toErrorRecord(asNutrisageError(error)) });
}
