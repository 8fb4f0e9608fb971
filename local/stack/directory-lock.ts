/**
 * One stack a directory. LevelDB ends the whole process on a second opener, so the claim comes first.
 * It is an SQLite lock and not a file with a process id: the operating system drops it when its holder
 * dies in whatever way, and ids repeat (in a container the stack has the same one after each start).
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ENVIRONMENT } from '../../schemas/names.ts';
import { StackError } from './stack-error.ts';

export interface DirectoryLock {
  release(): void;
}

/**
 * Claims `directory`, making it where it is missing.
 * @throws {StackError} when a living stack, of this process or another, holds it.
 */
export function lockDirectory(directory: string): DirectoryLock {
  mkdirSync(directory, { recursive: true });
  const ownerFile = join(directory, 'stack.pid');
  const claim = new DatabaseSync(join(directory, 'stack.lock'), { timeout: 0 });
  try {
    claim.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    claim.close();
    throw new StackError(
      `Another stack (process ${readOwner(ownerFile)}) runs on ${directory}.`,
      `Use that one, stop it, or give another directory with --dir or ${ENVIRONMENT.localDirectory}.`,
      { cause },
    );
  }
  writeFileSync(ownerFile, `${process.pid}\n`);
  return {
    release() {
      if (!claim.isOpen) return;
      rmSync(ownerFile, { force: true });
      claim.close();
    },
  };
}

function readOwner(ownerFile: string): string {
  try {
    return readFileSync(ownerFile, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
