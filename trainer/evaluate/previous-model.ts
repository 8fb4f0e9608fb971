/** The model before, as a baseline: read from its folder, fed with the features that it was trained on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { NutrisageError } from '../../core/errors.ts';
import { FEATURE_NAMES, type FeatureName } from '../../core/features/feature-table.ts';
import { ModelManifest } from '../../schemas/model.ts';
import { MODEL_FILES } from '../../schemas/model-keys.ts';
import { createParser } from '../../schemas/parse.ts';
import { predictOnnx } from '../onnx/onnx-parity.ts';
import type { FeatureRows } from '../xgboost/booster.ts';
import { type Baseline, withProbabilities } from './baselines.ts';

const parser = createParser('the previous model’s manifest', ModelManifest);

/** @throws {NutrisageError} `model-missing` where the folder has no model, `model-damaged` where it cannot be used. */
export async function previousModel(folder: string): Promise<Baseline> {
  const { manifest, onnx } = read(folder);
  // A name of the manifest may be any text: what is no feature is found nowhere.
  const columns = manifest.features.map((name) => FEATURE_NAMES.indexOf(name as FeatureName));
  const unknown = manifest.features.filter((_, at) => columns[at] === -1);
  if (unknown.length > 0) {
    throw new NutrisageError(
      'model-damaged',
      `the model in ${folder} asks for features that are no more: ${unknown.join(', ')}`,
      'Leave --previous out, or name a model that this version can feed.',
    );
  }
  const session = await InferenceSession.create(onnx, { intraOpNumThreads: 1 });
  return {
    name: `previous model ${manifest.version}`,
    judge: async (rows) => {
      const { probabilities } = await predictOnnx(session, pickColumns(rows.features, columns));
      return withProbabilities(probabilities);
    },
  };
}

function read(folder: string): { manifest: ModelManifest; onnx: Buffer } {
  try {
    const manifest = parser.parse(JSON.parse(readFileSync(join(folder, MODEL_FILES.manifest), 'utf8')));
    return { manifest, onnx: readFileSync(join(folder, MODEL_FILES.onnx)) };
  } catch (cause) {
    throw new NutrisageError(
      'model-missing',
      `${folder} holds no model: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Name a folder with manifest.json and model.onnx, or leave --previous out.',
      { cause },
    );
  }
}

function pickColumns(rows: FeatureRows, columns: readonly number[]): FeatureRows {
  const values = new Float32Array(rows.rowCount * columns.length);
  for (let row = 0; row < rows.rowCount; row += 1) {
    columns.forEach((column, at) => {
      values[row * columns.length + at] = rows.values[row * rows.featureCount + column] ?? Number.NaN;
    });
  }
  return { values, rowCount: rows.rowCount, featureCount: columns.length };
}
