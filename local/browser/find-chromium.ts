/** Chromium of the machine, for tests of pages and for their pictures: none is downloaded. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A path that names it where it lies elsewhere. */
const VARIABLE = 'CHROMIUM_PATH';
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const MAC_PLACES = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export class ChromiumMissingError extends Error {
  constructor() {
    super(
      `No Chromium was found in the PATH: install it (\`sudo apt-get install chromium\`, or \`brew install --cask chromium\`), or name one by ${VARIABLE}.`,
    );
    this.name = 'ChromiumMissingError';
  }
}

/** Path of the program. @throws {ChromiumMissingError} */
export function findChromium(environment: NodeJS.ProcessEnv): string {
  const named = environment[VARIABLE];
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const places = named
    ? [named]
    : [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...MAC_PLACES];
  const found = places.find(isProgram);
  if (found === undefined) throw new ChromiumMissingError();
  return found;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
