/** Finds and checks the files that the arguments name, before anything is sent. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CommandError } from '../command-error.ts';
import { hasParquetName, isHiddenName } from './input-argument.ts';
import { assertParquet, MAGIC_BYTES } from './parquet-magic.ts';

export interface LocalFile {
  readonly path: string;
  /** Last part of the path: the last part of the object's key. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * The Parquet files that one path names: itself, or all below it when it is a directory, in the order of their paths.
 * @throws {CommandError} `file-missing`, `no-parquet-files`
 * @throws {NutrisageError} `empty-file`, `not-parquet`, `truncated-parquet`
 */
export async function findLocalFiles(path: string): Promise<readonly LocalFile[]> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(path, cause);
  });
  const paths = found.isDirectory() ? await parquetFilesBelow(path) : [path];
  return Promise.all(paths.map(inspect));
}

async function parquetFilesBelow(directory: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (isHiddenName(entry.name)) continue;
    const path = join(directory, entry.name);
    if (entry.isDirectory()) paths.push(...(await parquetFilesBelow(path).catch(absentAsNone)));
    else if (hasParquetName(entry.name)) paths.push(path);
  }
  if (paths.length === 0) {
    throw new CommandError(
      'no-parquet-files',
      `${directory} holds no Parquet file (looked for *.parquet, *.parq and *.pq, in sub-folders too)`,
      'Name the folder that holds them, or name the files themselves whatever their ending.',
    );
  }
  return paths.sort();
}

/** A sub-folder without Parquet files is no fault: only the folder that was named must have one. */
function absentAsNone(thrown: unknown): readonly string[] {
  if (thrown instanceof CommandError) return [];
  throw thrown;
}

async function inspect(path: string): Promise<LocalFile> {
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(path, cause);
  });
  try {
    const { size } = await file.stat();
    const length = Math.min(size, MAGIC_BYTES);
    const head = await file.read(Buffer.alloc(length), 0, length, 0);
    const tail = await file.read(Buffer.alloc(length), 0, length, size - length);
    assertParquet(path, size, head.buffer, tail.buffer);
    return { path, name: basename(path), size };
  } finally {
    await file.close();
  }
}

function unreadable(path: string, cause: NodeJS.ErrnoException): CommandError {
  const isAbsent = cause.code === 'ENOENT' || cause.code === 'ENOTDIR';
  const what = isAbsent
    ? `there is no file or folder ${path}`
    : `${path} cannot be read (${cause.code ?? cause.message})`;
  const remedy = isAbsent
    ? `Check the path; it is looked up from ${process.cwd()}.`
    : 'Check its permissions, and that it is a file or a folder.';
  return new CommandError('file-missing', what, remedy, { cause });
}

/** SHA-256 of the content as hex, read as a stream: memory does not follow the file's size. */
export async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest('hex');
}

/**
 * The file's bytes, ending in an error when they are not those of `sha256`: an upload that reads from here is
 * given up before it completes, so nothing wrong can lie under a key that is derived from the content.
 */
export function readVerified(file: LocalFile, sha256: string): Transform {
  const hash = createHash('sha256');
  const verified = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      const isSame = hash.digest('hex') === sha256;
      done(isSame ? null : changedWhileRead(file.path));
    },
  });
  const source = createReadStream(file.path, { highWaterMark: 1 << 20 });
  pipeline(source, verified).catch((cause) => verified.destroy(cause));
  return verified;
}

function changedWhileRead(path: string): CommandError {
  return new CommandError(
    'file-changed',
    `${path} changed while it was being uploaded`,
    'Submit it again when whatever writes it has finished.',
  );
}
