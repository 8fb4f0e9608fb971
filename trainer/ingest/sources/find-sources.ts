/** From what `--source` says to files on this machine: a path, a pattern, an object or a page. */
import { createHash } from 'node:crypto';
import { glob, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { NutrisageError } from '../../../core/errors.ts';
import { download } from '../remote/download.ts';
import { httpFile } from '../remote/http-file.ts';
import type { RemoteFile } from '../remote/remote-file.ts';
import { s3File } from '../remote/s3-file.ts';

export interface FindOptions {
  readonly downloads: string;
  readonly signal: AbortSignal;
  readonly onBytes: (done: number, total: number) => void;
}

/**
 * Paths of the source's files, sorted. What is remote is first fetched into `downloads`, or taken from there
 * where it lies whole and is still the same.
 * @throws {NutrisageError} `source-missing`; `download-incomplete`, `disk-full` for what is remote.
 */
export async function findSources(source: string, options: FindOptions): Promise<string[]> {
  const remote = remoteFile(source);
  if (remote === undefined) return localFiles(source);
  try {
    // The address is hashed into the name: two pages called export.parquet are two downloads.
    const key = createHash('sha256').update(source).digest('hex').slice(0, 8);
    const name = basename(new URL(source).pathname) || 'download';
    const target = join(options.downloads, key, decodeURIComponent(name));
    await download(remote, target, options);
    return [target];
  } finally {
    remote.close();
  }
}

function remoteFile(source: string): RemoteFile | undefined {
  if (/^s3:\/\//i.test(source)) return s3File(source);
  if (/^https?:\/\//i.test(source)) return httpFile(source);
  return undefined;
}

async function localFiles(source: string): Promise<string[]> {
  const found = await stat(source).catch(() => undefined);
  if (found?.isFile()) return [resolve(source)];
  if (found?.isDirectory())
    throw missing(`${source} is a folder, not a file`, `Name files: ${source}/*.parquet`);
  const paths: string[] = [];
  if (/[*?[{]/.test(source)) {
    for await (const path of glob(source)) {
      if ((await stat(path)).isFile()) paths.push(resolve(path));
    }
  }
  if (paths.length === 0) {
    const what = /[*?[{]/.test(source) ? 'no file matches' : 'there is no file';
    throw missing(`${what} ${source}`, `Check the path; it is looked up from ${process.cwd()}`);
  }
  return paths.sort();
}

function missing(message: string, remedy: string): NutrisageError {
  return new NutrisageError('source-missing', `${message}.`, `${remedy}.`);
}
