/** Puts a trained model into the registry, under the version that its manifest hashes to. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { MODEL_FILES, modelKey } from '../../schemas/model-keys.ts';
import { BRANCHES_MAX_DEFAULT, judgeCandidate, MARGIN_DEFAULT, PUBLISH_GATES } from './gates.ts';
import { type ModelFiles, readModelFiles } from './model-files.ts';
import { RegistryError } from './registry-error.ts';
import type { ModelRegistryStore } from './registry-store.ts';

export interface Published {
  readonly version: string;
  /** Paths below the version that were written now, the manifest last; none where it was all there. */
  readonly written: readonly string[];
  readonly files: number;
}

/** A model has some ten files of a few megabytes: more is a folder that was not meant. */
const FILES_MAX = 200;
const BYTES_MAX = 512 * 2 ** 20;

/**
 * Copies every file of the folder, its manifest last, so that a version with a manifest is whole. A version that
 * is there is never changed: the same files again are no work, others are an error.
 * @throws {RegistryError} `no-model-folder`, `damaged-model`, `version-differs`
 */
export async function publishModel(store: ModelRegistryStore, folder: string): Promise<Published> {
  const names = await fileNames(folder);
  const files = await checkedFiles(folder);
  const { version } = files;
  const isWhole = (await store.read(modelKey(version, MODEL_FILES.manifest))) !== undefined;
  const written: string[] = [];
  for (const name of names) {
    const bytes = await readFile(join(folder, name));
    const path = modelKey(version, name);
    const present = await store.read(path);
    if (present !== undefined && Buffer.compare(present.bytes, bytes) === 0) continue;
    // Without a manifest it was left half-way by someone who was stopped, and nobody has used it.
    if (isWhole) throw differs(store, version, name);
    if ((await store.write(path, bytes, present?.tag)) === 'conflict') {
      await sameAsOurs(store, version, name, bytes);
      continue;
    }
    written.push(name);
  }
  return { version, written, files: names.length };
}

/** Someone else publishes at the same time: the same files are as good as ours. */
async function sameAsOurs(
  store: ModelRegistryStore,
  version: string,
  name: string,
  bytes: Uint8Array,
): Promise<void> {
  const theirs = await store.read(modelKey(version, name));
  if (theirs === undefined || Buffer.compare(theirs.bytes, bytes) !== 0) throw differs(store, version, name);
}

async function checkedFiles(folder: string): Promise<ModelFiles> {
  const files = await readModelFiles((name) => readIfThere(join(folder, name)), folder);
  if (files === undefined) throw noModel(folder, `it has no ${MODEL_FILES.manifest}`);
  const limits = { margin: MARGIN_DEFAULT, branchesMax: BRANCHES_MAX_DEFAULT };
  const [refusal] = await judgeCandidate({ files, current: undefined, limits }, PUBLISH_GATES);
  if (refusal === undefined) return files;
  throw new RegistryError(
    'damaged-model',
    `the model in ${folder} is not whole: ${refusal.reason}`,
    'Write it again with `npm run train`; nothing was published.',
  );
}

/** Paths below the folder with `/`, the manifest last; names that begin with a dot are left out. */
async function fileNames(folder: string): Promise<readonly string[]> {
  const isFolder = await stat(folder).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (!isFolder) throw noModel(folder, 'there is no such folder');
  const names: string[] = [];
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const full = join(entry.parentPath, entry.name);
    const name = relative(folder, full).split(sep).join('/');
    const isHidden = name.split('/').some((part) => part.startsWith('.'));
    if (!entry.isFile() || isHidden) continue;
    names.push(name);
    bytes += (await stat(full)).size;
    if (names.length > FILES_MAX || bytes > BYTES_MAX) {
      throw noModel(folder, `it holds more than ${FILES_MAX} files or ${BYTES_MAX / 2 ** 20} MiB`);
    }
  }
  return names
    .sort()
    .sort((left, right) => Number(left === MODEL_FILES.manifest) - Number(right === MODEL_FILES.manifest));
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

function noModel(folder: string, reason: string): RegistryError {
  return new RegistryError(
    'no-model-folder',
    `${folder} is no model's folder: ${reason}`,
    'Give the folder that `npm run train -- --out <folder>` wrote.',
  );
}

function differs(store: ModelRegistryStore, version: string, name: string): RegistryError {
  return new RegistryError(
    'version-differs',
    `${store.place} has version ${version} with another ${name}`,
    'A published version is never changed: train the model again for a version of its own, or leave it as it is.',
  );
}
