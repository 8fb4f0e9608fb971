/** A real model of five stumps, made in a moment: for tests that run one and do not care how well it grades. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FEATURE_NAMES, featureIndex } from '../../core/features/feature-table.ts';
import { modelVersion } from '../../core/models/model-version.ts';
import { GRADES } from '../../schemas/grade.ts';
import type { ModelManifest, ModelReference } from '../../schemas/model.ts';
import { manifestEntry, onnxBytes } from '../../trainer/onnx/onnx-model.ts';
import type { TreeEnsemble } from '../../trainer/onnx/tree-ensemble.ts';

/** In what a tiny model differs from the plain one. */
export interface TinyModelChanges {
  /** Grams between the thresholds of two grades: another number is another forest. @default 9 */
  readonly sugarsStep?: number;
  /** Metrics of its manifest. @default none */
  readonly metrics?: Readonly<Record<string, number>>;
  readonly parameters?: ModelManifest['parameters'];
  /** @default those of this program */
  readonly features?: readonly string[];
  /** Bytes in place of the forest's, under a manifest that names them. */
  readonly onnx?: Uint8Array;
  readonly trees?: number;
  /** Training histograms. @default of no features: nothing is counted for drift */
  readonly reference?: ModelReference;
}

/** One tree a grade: below its sugars threshold the grade gains one, above it loses one. */
function stumps(sugarsStep: number): TreeEnsemble {
  const trees = GRADES.map((_, tree) => tree);
  const perTree = <T>(values: (tree: number) => readonly T[]): T[] =>
    trees.flatMap((tree) => [...values(tree)]);
  const sugars = featureIndex('sugars');
  return {
    featureCount: FEATURE_NAMES.length,
    classCount: GRADES.length,
    treeCount: GRADES.length,
    maxDepth: 1,
    baseValues: GRADES.map(() => 0.5),
    nodes: {
      trees: perTree((tree) => [tree, tree, tree]),
      nodes: perTree(() => [0, 1, 2]),
      isLeaf: perTree(() => [0, 1, 1]),
      features: perTree(() => [sugars, 0, 0]),
      values: perTree((tree) => [2 + tree * sugarsStep, 0, 0]),
      trueNodes: perTree(() => [1, 0, 0]),
      falseNodes: perTree(() => [2, 0, 0]),
      missingTracksTrue: perTree(() => [1, 0, 0]),
      covers: perTree(() => [3, 1, 2]),
    },
    leaves: {
      trees: perTree((tree) => [tree, tree]),
      nodes: perTree(() => [1, 2]),
      classes: perTree((tree) => [tree, tree]),
      weights: perTree((tree) => [1.5 - tree * 0.2, -1]),
    },
  };
}

/** Writes the three files of the model into `folder`, which is made; returns its version. */
export async function writeTinyModel(folder: string, changes: TinyModelChanges = {}): Promise<string> {
  const ensemble = stumps(changes.sugarsStep ?? 9);
  const onnx = changes.onnx ?? onnxBytes(ensemble);
  const entry = manifestEntry(onnx, ensemble);
  const reference = JSON.stringify(changes.reference ?? { rows: 1, features: [], grades: [1, 0, 0, 0, 0] });
  const manifest: Omit<ModelManifest, 'version'> = {
    format: 1,
    createdAt: '2026-11-23T10:00:00.000Z',
    features: [...(changes.features ?? FEATURE_NAMES)],
    classes: ['a', 'b', 'c', 'd', 'e'],
    rules: '2023',
    onnx: { ...entry, trees: changes.trees ?? entry.trees },
    referenceSha256: createHash('sha256').update(reference).digest('hex'),
    trainingData: { fingerprint: 'a'.repeat(64), rows: 1, sources: [], attribution: 'made for tests' },
    parameters: { ...changes.parameters },
    metrics: { ...changes.metrics },
    libraries: {},
  };
  const version = modelVersion(manifest);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ version, ...manifest }));
  await writeFile(join(folder, 'model.onnx'), onnx);
  await writeFile(join(folder, 'reference.json'), reference);
  return version;
}
