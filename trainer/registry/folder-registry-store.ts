/** The registry in a folder, for one machine or a shared disk. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { RegistryError } from './registry-error.ts';
import type { ListedFile, ModelRegistryStore, StoredFile } from './registry-store.ts';

/** In the registry's root; whoever could make it may write until it takes it away. */
const LOCK = '.registry.lock';
/** A write holds it for milliseconds, so whoever waits this long waits for a process that is gone. */
const LOCK_WAIT_MS = 5000;
const LOCK_POLL_MS = 10;

export interface FolderRegistryOptions {
  /** @default 5000 */
  readonly lockWaitMs?: number;
}

/**
 * Writes compare and rename under an exclusively made lock file: no reader sees half a file, and one of racing
 * writers wins. A lock that was left behind is never broken by itself (two that break one at once would both
 * write): the error names it.
 */
export function createFolderRegistryStore(
  root: string,
  options: FolderRegistryOptions = {},
): ModelRegistryStore {
  const absolute = (path: string): string => join(root, ...path.split('/'));
  const read = (path: string): Promise<StoredFile | undefined> =>
    translated(root, async () => {
      const bytes = await orAbsent(readFile(absolute(path)));
      return bytes === undefined ? undefined : { bytes, tag: tagOf(bytes) };
    });

  return {
    place: root,
    read,
    list: (prefix) => translated(root, () => listFiles(root, prefix)),
    write: (path, bytes, expectedTag) =>
      translated(root, async () => {
        await mkdir(dirname(absolute(path)), { recursive: true });
        return withLock(root, options.lockWaitMs ?? LOCK_WAIT_MS, async () => {
          const existing = await read(path);
          if (existing?.tag !== expectedTag) return 'conflict';
          await replaceFile(absolute(path), bytes);
          return 'written';
        });
      }),
  };
}

async function listFiles(root: string, prefix: string): Promise<readonly ListedFile[]> {
  // Only the folder that the prefix names is walked: a registry may lie in a folder with much else.
  const folder = join(root, ...prefix.split('/').slice(0, -1));
  const entries = (await orAbsent(readdir(folder, { recursive: true, withFileTypes: true }))) ?? [];
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'));
  const listed: ListedFile[] = [];
  for (const entry of files) {
    const full = join(entry.parentPath, entry.name);
    const path = relative(root, full).split(sep).join('/');
    const found = path.startsWith(prefix) ? await orAbsent(stat(full)) : undefined;
    if (found !== undefined) listed.push({ path, bytes: found.size });
  }
  return listed.sort((left, right) => (left.path < right.path ? -1 : 1));
}

async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${dirname(path)}${sep}.${randomUUID()}.new`;
  try {
    await writeFile(unfinished, bytes, { flush: true });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function withLock<T>(root: string, waitMs: number, work: () => Promise<T>): Promise<T> {
  const path = join(root, LOCK);
  const deadline = performance.now() + waitMs;
  while (!(await tryLock(path))) {
    if (performance.now() > deadline) throw await lockedFor(path, waitMs);
    await pause(LOCK_POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function tryLock(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(`${process.pid}`).finally(() => file.close());
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function lockedFor(path: string, waitMs: number): Promise<RegistryError> {
  const holder = await orAbsent(readFile(path, 'utf8'));
  return new RegistryError(
    'registry-locked',
    `the registry is locked for more than ${waitMs / 1000} s by process ${holder || 'unknown'} (${path})`,
    'If no such process runs, it was stopped in the middle of a write: delete that file and try again.',
  );
}

async function orAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function translated<T>(root: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof RegistryError) throw cause;
    const code = codeOf(cause);
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      const remedy = 'Check who owns it and what may be written there.';
      throw new RegistryError('access-denied', `${root} may not be used: ${reason}`, remedy, { cause });
    }
    const remedy = 'Check that it is a folder with room on its disk.';
    throw new RegistryError('place-unreachable', `${root} can not be used: ${reason}`, remedy, { cause });
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

function tagOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
