import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CommandError } from '../command-error.ts';

/**
 * A text file that a command names.
 * @param what it is, such as `price file`; @param workingDirectory from which a relative path is looked up
 * @throws {CommandError} `file-missing`
 */
export async function readTextFile(
  what: string,
  path: string,
  workingDirectory = process.cwd(),
): Promise<string> {
  try {
    return await readFile(resolve(workingDirectory, path), 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException; // what `readFile` fails with
    const reason = code === 'ENOENT' ? 'it does not exist' : message;
    throw new CommandError(
      'file-missing',
      `the ${what} ${path} can not be read (${reason})`,
      `Check its name and rights; it is looked up from ${workingDirectory}.`,
      { cause },
    );
  }
}
