import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockDirectory } from '../stack/directory-lock.ts';
import { StackError } from '../stack/stack-error.ts';

const LOCK = 'stack.lock';

/**
 * Empties a stack's directory; one that is not there is left so.
 *
 * @throws {StackError} when a living stack owns it, or when it holds what no stack wrote: a mistyped `--dir`
 *   must not cost a home directory.
 */
export function clearDirectory(directory: string): void {
  if (!existsSync(directory)) return;
  const names = readdirSync(directory);
  if (names.length === 0) return;
  if (!names.includes(LOCK)) {
    throw new StackError(
      `${directory} is not a demo's directory and is not emptied.`,
      'Give a new one with --dir.',
    );
  }
  const lock = lockDirectory(directory);
  try {
    for (const name of names) {
      if (!name.startsWith(LOCK)) rmSync(join(directory, name), { recursive: true, force: true });
    }
  } finally {
    lock.release();
  }
}
