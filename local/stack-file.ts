import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL_STACK_FILE, type LocalStackFile } from '../schemas/local-stack.ts';

/** Tells clients of the stack where it is. A reader never sees half a file. */
export function writeStackFile(directory: string, content: LocalStackFile): void {
  const path = join(directory, LOCAL_STACK_FILE);
  writeFileSync(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

export function removeStackFile(directory: string): void {
  rmSync(join(directory, LOCAL_STACK_FILE), { force: true });
}
