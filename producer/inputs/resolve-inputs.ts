/** From arguments to files: what is there, checked for being Parquet before anything is sent. */
import pLimit from 'p-limit';
import { NutrisageError } from '../../core/errors.ts';
import type { FileReference } from '../../schemas/file-reference.ts';
import { CommandError } from '../command-error.ts';
import type { ObjectStore } from '../commands/ports.ts';
import { hasParquetName, type InputArgument, isHiddenName, parseInputArgument } from './input-argument.ts';
import { findLocalFiles, type LocalFile } from './local-files.ts';
import { assertNotEmpty, assertParquet, MAGIC_BYTES } from './parquet-magic.ts';

export type ResolvedInput =
  | { readonly kind: 'local'; readonly file: LocalFile }
  | { readonly kind: 'stored'; readonly object: FileReference };

const CHECKS_AT_ONCE = 8;

/** Inputs in the order of the arguments; those of a folder or prefix in the order of their names. */
export async function resolveInputs(
  texts: readonly string[],
  store: ObjectStore,
): Promise<readonly ResolvedInput[]> {
  const parsed = texts.map(parseInputArgument);
  const resolved: ResolvedInput[] = [];
  for (const argument of parsed) resolved.push(...(await resolveOne(argument, store)));
  return resolved;
}

async function resolveOne(argument: InputArgument, store: ObjectStore): Promise<readonly ResolvedInput[]> {
  switch (argument.kind) {
    case 'local':
      return (await findLocalFiles(argument.path)).map((file) => ({ kind: 'local', file }));
    case 'object':
      return checkAll([await storedObject(argument.bucket, argument.key, store)], store);
    case 'prefix':
      return checkAll(await objectsBelow(argument.bucket, argument.prefix, store), store);
    default:
      return argument satisfies never;
  }
}

async function storedObject(bucket: string, key: string, store: ObjectStore): Promise<FileReference> {
  const object = await store.head(bucket, key);
  if (object !== undefined) return object;
  throw new NutrisageError(
    'object-missing',
    `there is no object s3://${bucket}/${key}`,
    `Check the key; to submit all that lies below a prefix, end it with a slash: s3://${bucket}/${key}/`,
  );
}

async function objectsBelow(
  bucket: string,
  prefix: string,
  store: ObjectStore,
): Promise<readonly FileReference[]> {
  const listed = await store.list(bucket, prefix);
  const objects = listed.filter(({ key }) => isInput(key.slice(prefix.length)));
  if (objects.length > 0) return objects;
  throw new CommandError(
    'no-parquet-files',
    `nothing below s3://${bucket}/${prefix} is called *.parquet, *.parq or *.pq`,
    'Check the prefix, or name the objects one by one whatever their ending.',
  );
}

function isInput(relativeKey: string): boolean {
  return hasParquetName(relativeKey) && !relativeKey.split('/').some(isHiddenName);
}

async function checkAll(
  objects: readonly FileReference[],
  store: ObjectStore,
): Promise<readonly ResolvedInput[]> {
  const limit = pLimit(CHECKS_AT_ONCE);
  await Promise.all(objects.map((object) => limit(() => checkStored(object, store))));
  return objects.map((object) => ({ kind: 'stored', object }));
}

async function checkStored(object: FileReference, store: ObjectStore): Promise<void> {
  const { bucket, key, size } = object;
  const name = `s3://${bucket}/${key}`;
  assertNotEmpty(name, size);
  const length = Math.min(size, MAGIC_BYTES);
  const head = await store.readRange(object, 0, length);
  const tail = await store.readRange(object, size - length, size);
  assertParquet(name, size, head, tail);
}
