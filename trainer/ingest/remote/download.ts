/**
 * Fetches a remote file so that it may break off at any byte: what has arrived lies in `<target>.part`, and
 * `<target>.json` says of which version. A file of that name without `.part` is whole, whatever happens.
 */
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { NutrisageError } from '../../../core/errors.ts';
import { diskFull } from '../database.ts';
import type { RemoteContent, RemoteFile } from './remote-file.ts';

export interface DownloadOptions {
  readonly signal: AbortSignal;
  readonly onBytes: (done: number, total: number) => void;
  /** Attempts in a row that bring no byte. @default 4 */
  readonly attemptsMax?: number;
  /** Before the second attempt, then doubled. @default 500 */
  readonly pauseMilliseconds?: number;
}

interface DownloadState {
  readonly address: string;
  readonly etag?: string;
  readonly size?: number;
}

type Content = Extract<RemoteContent, { kind: 'content' }>;

/**
 * @throws {NutrisageError} `download-incomplete` when attempts bring nothing more, with what has arrived kept
 *   for the next run; `source-missing`, `object-unreadable`, `disk-full`.
 */
export async function download(remote: RemoteFile, target: string, options: DownloadOptions): Promise<void> {
  const { attemptsMax = 4, pauseMilliseconds = 500, signal } = options;
  mkdirSync(dirname(target), { recursive: true });
  let failures = 0;
  for (;;) {
    signal.throwIfAborted();
    const before = arrivedBytes(target);
    try {
      if (await attempt(remote, target, options)) return;
      failures = 0;
    } catch (error) {
      if (error instanceof NutrisageError) throw error;
      signal.throwIfAborted();
      throwIfDiskFull(error);
      failures = arrivedBytes(target) > before ? 1 : failures + 1;
      if (failures >= attemptsMax) throw incomplete(remote, target, error);
    }
    await setTimeout(pauseMilliseconds * 2 ** Math.max(0, failures - 1), undefined, { signal });
  }
}

/** One request; true when the file is whole. */
async function attempt(remote: RemoteFile, target: string, options: DownloadOptions): Promise<boolean> {
  const state = readState(target, remote.address);
  // Without a version nothing says that the rest belongs to the same file.
  const known = state?.etag === undefined ? undefined : { etag: state.etag, size: state.size };
  const isWhole = existsSync(target) && known !== undefined && known.size === statSync(target).size;
  const arrived = known === undefined ? 0 : arrivedBytes(target);
  if (!isWhole && known?.size !== undefined && known.size === arrived)
    return finish(target, arrived, options);
  const content = await remote.open(isWhole ? 0 : arrived, known?.etag, options.signal);
  if (content.kind === 'changed') {
    forget(target);
    return false;
  }
  if (isWhole && content.etag === known?.etag) {
    content.discard();
    return true;
  }
  return receive(content, remote.address, target, options);
}

async function receive(
  content: Content,
  address: string,
  target: string,
  options: DownloadOptions,
): Promise<boolean> {
  const { start, size, etag } = content;
  const state: DownloadState = {
    address,
    ...(etag === undefined ? {} : { etag }),
    ...(size === undefined ? {} : { size }),
  };
  writeFileSync(statePath(target), JSON.stringify(state));
  let done = start;
  const counted = async function* () {
    for await (const chunk of content.body) {
      done += chunk.length;
      options.onBytes(done, size ?? 0);
      yield chunk;
    }
  };
  const flags = start === 0 ? 'w' : 'r+';
  await pipeline(counted, createWriteStream(partPath(target), { flags, start }), { signal: options.signal });
  if (size !== undefined && done !== size) throw new Error(`${done} of ${size} bytes arrived`);
  return finish(target, done, options);
}

function finish(target: string, bytes: number, { onBytes }: DownloadOptions): true {
  renameSync(partPath(target), target);
  onBytes(bytes, bytes);
  return true;
}

function forget(target: string): void {
  for (const path of [partPath(target), statePath(target), target]) rmSync(path, { force: true });
}

function arrivedBytes(target: string): number {
  return statSync(partPath(target), { throwIfNoEntry: false })?.size ?? 0;
}

/** A state that cannot be read is none: the download starts anew. */
function readState(target: string, address: string): DownloadState | undefined {
  try {
    const state: unknown = JSON.parse(readFileSync(statePath(target), 'utf8'));
    return isState(state) && state.address === address ? state : undefined;
  } catch {
    return undefined;
  }
}

function isState(value: unknown): value is DownloadState {
  return typeof value === 'object' && value !== null && 'address' in value;
}

function partPath(target: string): string {
  return `${target}.part`;
}

function statePath(target: string): string {
  return `${target}.json`;
}

function throwIfDiskFull(error: unknown): void {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (['ENOSPC', 'EFBIG', 'EDQUOT'].includes(code))
    throw diskFull(`the download could not be written (${code})`, error);
}

function incomplete(remote: RemoteFile, target: string, cause: unknown): NutrisageError {
  const size = readState(target, remote.address)?.size;
  const of = size === undefined ? '' : ` of ${size}`;
  const why = cause instanceof Error ? causeOf(cause) : String(cause);
  return new NutrisageError(
    'download-incomplete',
    `The download of ${remote.address} broke off after ${arrivedBytes(target)}${of} bytes (${why}).`,
    'Run the same command again: it goes on where it stopped.',
    { cause },
  );
}

/** Some errors only say that something failed; their cause says what. */
function causeOf(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
