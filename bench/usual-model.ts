/** The model that users have, as a folder that the stack publishes: 500 trees of depth 6 over the shipped model's features. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createForestKernel } from '../core/forest/forest-kernel.ts';
import { readForest } from '../core/forest/read-forest.ts';
import { modelVersion } from '../core/models/model-version.ts';
import { ModelManifest, ModelReference } from '../schemas/model.ts';
import { createParser } from '../schemas/parse.ts';
import { onnxBytes } from '../trainer/onnx/onnx-model.ts';
import { createRandom } from '../trainer/random.ts';
import type { XgboostLibrary } from '../trainer/xgboost/xgboost-library.ts';
import { forestKernelModule } from '../worker/adapters/forest-scorer.ts';
import { drawRows, growUsualForest } from './drawn-rows.ts';

/** A tree a round and grade. */
const ROUNDS = 100;
const TRAINING_ROWS = 20_000;

export interface UsualModel {
  readonly version: string;
  readonly trees: number;
  /** XGBoost's own form, for its own predictor. */
  readonly json: string;
}

/**
 * Writes the three files of the model into `folder`, which is made. Its labels are the shipped model's, its reference is
 * the shipped one: what is counted for drift costs what it costs with a trained model.
 * @param shipped folder of the shipped model
 */
export function writeUsualModel(library: XgboostLibrary, shipped: string, folder: string): UsualModel {
  const referenceBytes = readFileSync(join(shipped, 'reference.json'));
  const reference = createParser('reference', ModelReference).parse(JSON.parse(referenceBytes.toString()));
  const manifest = createParser('manifest', ModelManifest).parse(
    JSON.parse(readFileSync(join(shipped, 'manifest.json'), 'utf8')),
  );
  const rows = drawRows(reference, TRAINING_ROWS, createRandom(1, 'bench'));
  const kernel = createForestKernel(
    forestKernelModule(),
    readForest(readFileSync(join(shipped, 'model.onnx'))),
  );
  const labels = new Int32Array(rows.rowCount);
  kernel.scoreInto(
    rows.values,
    rows.rowCount,
    new Float32Array(rows.rowCount * manifest.classes.length),
    labels,
  );
  const { ensemble, json } = growUsualForest(library, rows, labels, ROUNDS);
  const onnx = onnxBytes(ensemble);
  const { version: _, ...rest } = manifest;
  const usual: Omit<ModelManifest, 'version'> = {
    ...rest,
    onnx: {
      ...rest.onnx,
      sha256: createHash('sha256').update(onnx).digest('hex'),
      bytes: onnx.length,
      trees: ensemble.treeCount,
      maxDepth: ensemble.maxDepth,
    },
  };
  const version = modelVersion(usual);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ version, ...usual }));
  writeFileSync(join(folder, 'model.onnx'), onnx);
  writeFileSync(join(folder, 'reference.json'), referenceBytes);
  return { version, trees: ensemble.treeCount, json };
}
