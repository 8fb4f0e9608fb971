/** Brings local files into the data bucket, each under the hash of its content: once, however often submitted. */
import pLimit from 'p-limit';
import type { FileReference } from '../../schemas/file-reference.ts';
import { PREFIXES } from '../../schemas/names.ts';
import { CommandError } from '../command-error.ts';
import { hashFile, type LocalFile } from '../inputs/local-files.ts';
import { formatBytes } from '../output/render-format.ts';
import type { CommandContext } from './command.ts';

export interface UploadedFile {
  readonly object: FileReference;
  /** False: the same content was there already. */
  readonly wasSent: boolean;
}

const FILES_AT_ONCE = 4;

/** `uploads/<sha256 of the content>/<file name>`. */
function uploadKey(file: LocalFile, sha256: string): string {
  return `${PREFIXES.uploads}${sha256}/${file.name}`;
}

/** Results in the order of the files. The first failure stops the others: their job will not come to be. */
export async function uploadFiles(
  files: readonly LocalFile[],
  context: CommandContext,
): Promise<readonly UploadedFile[]> {
  const failure = new AbortController();
  const signal = AbortSignal.any([context.signal, failure.signal]);
  const limit = pLimit(FILES_AT_ONCE);
  try {
    return await Promise.all(files.map((file) => limit(() => uploadFile(file, { ...context, signal }))));
  } catch (error) {
    failure.abort();
    throw error;
  }
}

async function uploadFile(
  file: LocalFile,
  { services, progress, signal }: CommandContext,
): Promise<UploadedFile> {
  signal.throwIfAborted();
  const { store, dataBucket } = services;
  const sha256 = await hashFile(file.path, signal);
  const key = uploadKey(file, sha256);
  const before = await store.head(dataBucket, key);
  if (before?.size === file.size) return { object: before, wasSent: false };
  progress.note(`uploading ${file.path} (${formatBytes(file.size)})`);
  await store.upload(dataBucket, key, file, sha256, signal);
  // Asked again rather than taken from the upload's answer: what a later submit will be told counts.
  const after = await store.head(dataBucket, key);
  if (after === undefined) throw vanished(file, dataBucket, key);
  return { object: after, wasSent: true };
}

function vanished(file: LocalFile, bucket: string, key: string): CommandError {
  return new CommandError(
    'service-refused',
    `${file.path} was uploaded to s3://${bucket}/${key} and is not there`,
    'Submit it again; if it stays so, something deletes what lies below uploads/.',
  );
}
