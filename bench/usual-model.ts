/** XGBoost's usual classifier as a model folder, and as the file that XGBoost itself loads: one model for two programs. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FEATURE_NAMES } from '../core/features/feature-table.ts';
import { readForest } from '../core/forest/read-forest.ts';
import { modelVersion } from '../core/models/model-version.ts';
import { GRADES } from '../schemas/grade.ts';
import { type ModelManifest, ModelReference } from '../schemas/model.ts';
import { createParser } from '../schemas/parse.ts';
import { manifestEntry, onnxBytes } from '../trainer/onnx/onnx-model.ts';
import { createRandom } from '../trainer/random.ts';
import { findXgboost, loadXgboost } from '../trainer/xgboost/xgboost-library.ts';
import { createForestScorer } from '../worker/adapters/forest-scorer.ts';
import { drawRows, growUsualForest } from './drawn-rows.ts';

const ROWS = 20_000;

export interface UsualModel {
  readonly folder: string;
  readonly version: string;
  /** XGBoost's own JSON. */
  readonly boosterFile: string;
  readonly trees: number;
}

/** Grown on rows as in training, labelled by the model in `shipped`. */
export async function writeUsualModel(folder: string, shipped: string, rounds: number): Promise<UsualModel> {
  const reference = await readFile(join(shipped, 'reference.json'), 'utf8');
  const rows = drawRows(
    createParser('reference', ModelReference).parse(JSON.parse(reference)),
    ROWS,
    createRandom(1, 'bench'),
  );
  const labels = await labelsOf(shipped, rows.values, rows.rowCount);
  const { ensemble, json } = growUsualForest(loadXgboost(findXgboost(process.env)), rows, labels, rounds);
  const onnx = onnxBytes(ensemble);
  const manifest: Omit<ModelManifest, 'version'> = {
    format: 1,
    createdAt: new Date(0).toISOString(),
    features: [...FEATURE_NAMES],
    classes: [...GRADES],
    rules: '2023',
    onnx: manifestEntry(onnx, ensemble),
    referenceSha256: createHash('sha256').update(reference).digest('hex'),
    trainingData: {
      fingerprint: 'b'.repeat(64),
      rows: ROWS,
      sources: [],
      attribution: 'made for a benchmark',
    },
    parameters: {},
    metrics: {},
    libraries: {},
  };
  await mkdir(folder, { recursive: true });
  const boosterFile = join(folder, 'booster.json');
  const version = modelVersion(manifest);
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ version, ...manifest }));
  await writeFile(join(folder, 'model.onnx'), onnx);
  await writeFile(join(folder, 'reference.json'), reference);
  await writeFile(boosterFile, json);
  return { folder, version, boosterFile, trees: ensemble.treeCount };
}

async function labelsOf(shipped: string, values: Float32Array, rowCount: number): Promise<number[]> {
  const manifest = JSON.parse(await readFile(join(shipped, 'manifest.json'), 'utf8')) as ModelManifest;
  const scorer = createForestScorer(manifest, readForest(await readFile(join(shipped, 'model.onnx'))));
  const probabilities = await scorer.score(values, rowCount);
  return Array.from({ length: rowCount }, (_, row) => {
    const own = probabilities.subarray(row * GRADES.length, (row + 1) * GRADES.length);
    return own.indexOf(Math.max(...own));
  });
}
