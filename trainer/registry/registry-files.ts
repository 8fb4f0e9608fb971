/** What lies where in the registry, and how it is read: versions and the pointer to the current one. */
import { type CurrentModel, CurrentModel as CurrentModelSchema, ModelManifest } from '../../schemas/model.ts';
import { CURRENT_MODEL_KEY, MODEL_FILES, modelKey } from '../../schemas/model-keys.ts';
import { createParser, type Parser, SchemaError } from '../../schemas/parse.ts';
import { RegistryError } from './registry-error.ts';
import type { ModelRegistryStore } from './registry-store.ts';

const VERSION = /^[0-9a-f]{16}$/;

const manifestParser = createParser(MODEL_FILES.manifest, ModelManifest);
const pointerParser = createParser('current.json', CurrentModelSchema);

/** The pointer as it was read; `tag` is what a move of it must expect. */
export interface Pointer {
  readonly tag: string | undefined;
  /** Undefined where no model was ever promoted. */
  readonly current: CurrentModel | undefined;
  /** Why what lies there can not be used. */
  readonly damage: string | undefined;
}

export async function readPointer(store: ModelRegistryStore): Promise<Pointer> {
  const file = await store.read(CURRENT_MODEL_KEY);
  if (file === undefined) return { tag: undefined, current: undefined, damage: undefined };
  const read = parseJson(pointerParser, file.bytes);
  return 'damage' in read
    ? { tag: file.tag, current: undefined, damage: read.damage }
    : { tag: file.tag, current: read.value, damage: undefined };
}

/** @throws {RegistryError} `pointer-damaged` */
export function usable(store: ModelRegistryStore, pointer: Pointer): Pointer {
  if (pointer.damage === undefined) return pointer;
  throw new RegistryError(
    'pointer-damaged',
    `${store.place}/${CURRENT_MODEL_KEY} can not be used: ${pointer.damage}`,
    'Promote a version with --force: it writes a new pointer.',
  );
}

/** A manifest that matches its schema, or why it can not be used. */
export type ReadManifest = { readonly value: ModelManifest } | { readonly damage: string };

export function parseManifest(bytes: Uint8Array): ReadManifest {
  return parseJson(manifestParser, bytes);
}

/** The manifest that lies at a version; undefined where there is none, so the version is not there or not whole. */
export async function readManifest(
  store: ModelRegistryStore,
  version: string,
): Promise<ReadManifest | undefined> {
  const file = await store.read(modelKey(version, MODEL_FILES.manifest));
  return file === undefined ? undefined : parseManifest(file.bytes);
}

/**
 * The version that a command names: 16 hex digits, or `current`.
 * @throws {RegistryError} `usage`, `nothing-current`, `pointer-damaged`
 */
export async function resolveVersion(store: ModelRegistryStore, named: string): Promise<string> {
  if (named === 'current') {
    const { current } = usable(store, await readPointer(store));
    if (current !== undefined) return current.version;
    throw nothingCurrent(store);
  }
  if (VERSION.test(named)) return named;
  throw new RegistryError(
    'usage',
    `"${named}" is no version: it has 16 hex digits`,
    'Take one that `npm run model -- list` shows, or `current`.',
  );
}

export function nothingCurrent(store: ModelRegistryStore): RegistryError {
  return new RegistryError(
    'nothing-current',
    `no model of ${store.place} is current`,
    'Promote one: `npm run model -- promote <version>`.',
  );
}

export function versionMissing(store: ModelRegistryStore, version: string): RegistryError {
  return new RegistryError(
    'version-missing',
    `there is no model ${version} in ${store.place}`,
    '`npm run model -- list` shows those that are there; `publish <folder>` adds one.',
  );
}

function parseJson<T>(parser: Parser<T>, bytes: Uint8Array): { value: T } | { damage: string } {
  try {
    return { value: parser.parse(JSON.parse(new TextDecoder().decode(bytes))) };
  } catch (error) {
    if (error instanceof SchemaError) return { damage: error.message };
    if (error instanceof SyntaxError) return { damage: 'it is not JSON' };
    throw error;
  }
}
