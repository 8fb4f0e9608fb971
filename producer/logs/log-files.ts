/** The logs of the local stack: a file for each worker, and one of the command's own. */
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LogFiles } from '../commands/ports.ts';
import { parseLogLine } from './log-line.ts';

const ENDING = '.log';
/** The command's own. */
const OWN_FILE = `nutrisage${ENDING}`;

export function createLogFiles(directory: string): LogFiles {
  return {
    directory,
    async *linesWith(texts) {
      // Read line by line: workers that ran for weeks leave gigabytes.
      for (const name of (await readdir(directory).catch(() => [])).sort()) {
        if (!name.endsWith(ENDING)) continue;
        const lines = createInterface({ input: createReadStream(join(directory, name)) });
        for await (const text of lines) {
          // Most lines are of other jobs: to look for the text takes a tenth of parsing it.
          if (!texts.some((wanted) => text.includes(wanted))) continue;
          const line = parseLogLine(text);
          if (line !== undefined) yield line;
        }
      }
    },
    async append(line) {
      await mkdir(directory, { recursive: true }).catch(() => undefined);
      await appendFile(join(directory, OWN_FILE), `${JSON.stringify(line)}\n`).catch(() => undefined);
    },
  };
}
