import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CommandError } from '../command-error.ts';

/** @throws {CommandError} `file-missing` */
export async function readTextFile(file: string, workingDirectory: string): Promise<string> {
  try {
    return await readFile(resolve(workingDirectory, file), 'utf8');
  } catch (cause) {
    const message = `${file} can not be read: ${(cause as Error).message}`;
    throw new CommandError('file-missing', message, 'Check its name and rights.', { cause });
  }
}
