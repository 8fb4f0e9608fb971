import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL_STACK_FILE, type LocalStackFile } from '../../schemas/local-stack.ts';

/** Tells clients where the stack of this process is. A reader never sees half a file. */
export function writeStackFile(directory: string, environment: Readonly<Record<string, string>>): void {
  const content: LocalStackFile = {
    pid: process.pid,
    startedAt: new Date().toISOString(),
    environment: { ...environment },
  };
  const path = join(directory, LOCAL_STACK_FILE);
  writeFileSync(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

export function removeStackFile(directory: string): void {
  rmSync(join(directory, LOCAL_STACK_FILE), { force: true });
}
