/** What the registry holds. */
import type { ModelManifest } from '../../schemas/model.ts';
import { MODEL_FILES, MODELS_PREFIX } from '../../schemas/model-keys.ts';
import { GATE_METRICS } from './gates.ts';
import { type ReadManifest, readManifest, readPointer } from './registry-files.ts';
import type { ListedFile, ModelRegistryStore } from './registry-store.ts';

export interface ListedModel {
  readonly version: string;
  readonly isCurrent: boolean;
  /** `incomplete`: its publishing was not finished. `damaged`: its manifest can not be read. */
  readonly state: 'published' | 'incomplete' | 'damaged';
  /** Of all its files. */
  readonly bytes: number;
  readonly createdAt?: string;
  /** Rows it was trained on. */
  readonly rows?: number;
  readonly trees?: number;
  readonly maxDepth?: number;
  /** Accuracy by slice, on rows not trained on. */
  readonly accuracy?: Readonly<Record<string, number>>;
}

export interface RegistryListing {
  readonly place: string;
  readonly current: string | undefined;
  readonly previous: readonly string[];
  /** Why the pointer can not be used. */
  readonly damage: string | undefined;
  /** Newest first; those without a readable manifest last. */
  readonly models: readonly ListedModel[];
}

const VERSION_FILE = new RegExp(`^${MODELS_PREFIX}([0-9a-f]{16})/(.+)$`);

export async function listModels(store: ModelRegistryStore): Promise<RegistryListing> {
  const [files, pointer] = await Promise.all([store.list(MODELS_PREFIX), readPointer(store)]);
  const models: ListedModel[] = [];
  for (const [version, { bytes, isWhole }] of byVersion(files)) {
    const manifest = isWhole ? await readManifest(store, version) : undefined;
    const isCurrent = pointer.current?.version === version;
    models.push({ version, isCurrent, bytes, ...describe(manifest) });
  }
  models.sort((left, right) => ((left.createdAt ?? '') < (right.createdAt ?? '') ? 1 : -1));
  return {
    place: store.place,
    current: pointer.current?.version,
    previous: (pointer.current?.previous ?? []).map(({ version }) => version),
    damage: pointer.damage,
    models,
  };
}

function byVersion(files: readonly ListedFile[]): Map<string, { bytes: number; isWhole: boolean }> {
  const versions = new Map<string, { bytes: number; isWhole: boolean }>();
  for (const { path, bytes } of files) {
    const [, version, file] = VERSION_FILE.exec(path) ?? [];
    if (version === undefined) continue;
    const known = versions.get(version) ?? { bytes: 0, isWhole: false };
    versions.set(version, {
      bytes: known.bytes + bytes,
      isWhole: known.isWhole || file === MODEL_FILES.manifest,
    });
  }
  return versions;
}

function describe(manifest: ReadManifest | undefined): Omit<ListedModel, 'version' | 'isCurrent' | 'bytes'> {
  if (manifest === undefined) return { state: 'incomplete' };
  if ('damage' in manifest) return { state: 'damaged' };
  const { createdAt, trainingData, onnx } = manifest.value;
  return {
    state: 'published',
    createdAt,
    rows: trainingData.rows,
    trees: onnx.trees,
    maxDepth: onnx.maxDepth,
    accuracy: accuracyBySlice(manifest.value),
  };
}

function accuracyBySlice({ metrics }: ModelManifest): Record<string, number> {
  const { accuracyPrefix } = GATE_METRICS;
  return Object.fromEntries(
    Object.entries(metrics)
      .filter(([name]) => name.startsWith(accuracyPrefix))
      .map(([name, value]) => [name.slice(accuracyPrefix.length), value]),
  );
}
