/** Two models of the registry side by side. */
import type { ModelManifest } from '../../schemas/model.ts';
import { RegistryError } from './registry-error.ts';
import { readManifest, versionMissing } from './registry-files.ts';
import type { ModelRegistryStore } from './registry-store.ts';

export type Value = number | string | boolean;

export interface ComparedValue {
  readonly name: string;
  /** Undefined: this model's manifest does not tell it. */
  readonly left: Value | undefined;
  readonly right: Value | undefined;
  /** Right less left, of two numbers. */
  readonly difference?: number;
}

export interface Comparison {
  readonly left: string;
  readonly right: string;
  readonly model: readonly ComparedValue[];
  readonly parameters: readonly ComparedValue[];
  readonly metrics: readonly ComparedValue[];
}

/** @throws {RegistryError} `version-missing`, `damaged-model` */
export async function compareModels(
  store: ModelRegistryStore,
  left: string,
  right: string,
): Promise<Comparison> {
  const [leftManifest, rightManifest] = await Promise.all([
    manifestOf(store, left),
    manifestOf(store, right),
  ]);
  return {
    left,
    right,
    model: compare(facts(leftManifest), facts(rightManifest)),
    parameters: compare(leftManifest.parameters, rightManifest.parameters),
    metrics: compare(leftManifest.metrics, rightManifest.metrics),
  };
}

async function manifestOf(store: ModelRegistryStore, version: string): Promise<ModelManifest> {
  const manifest = await readManifest(store, version);
  if (manifest === undefined) throw versionMissing(store, version);
  if ('value' in manifest) return manifest.value;
  throw new RegistryError(
    'damaged-model',
    `the manifest of model ${version} can not be used: ${manifest.damage}`,
    'Take another version.',
  );
}

function facts({ createdAt, rules, features, trainingData, onnx, libraries }: ModelManifest) {
  return {
    created: createdAt,
    rules,
    features: features.length,
    training_rows: trainingData.rows,
    training_data: trainingData.fingerprint.slice(0, 16),
    trees: onnx.trees,
    max_depth: onnx.maxDepth,
    onnx_bytes: onnx.bytes,
    ...Object.fromEntries(Object.entries(libraries).map(([name, version]) => [name, version])),
  };
}

type Values = Readonly<Record<string, Value | undefined>>;

function compare(left: Values, right: Values): ComparedValue[] {
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return names.map((name) => {
    const [was, is] = [left[name], right[name]];
    const values = { name, left: was, right: is };
    if (typeof was !== 'number' || typeof is !== 'number') return values;
    // Six decimals, as figures of a manifest have: 0.9 - 0.8 is no 0.09999999999999998 to a reader.
    return { ...values, difference: Number((is - was).toFixed(6)) };
  });
}
