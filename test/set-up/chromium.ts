/**
 * Puts Chromium in place for the tests of pages, as a global set-up of the test runner. Where it cannot, the way to install
 * it is printed and those tests are skipped: a browser is more than one may ask of every machine, and CI has it.
 */
import { ChromiumMissingError, findChromium } from '../../local/browser/find-chromium.ts';
import { installDebianPackage } from './debian-package.ts';

export function setup(): void {
  if (missingChromium() === null) return;
  installDebianPackage('chromium');
  const stillMissing = missingChromium();
  if (stillMissing !== null) process.stderr.write(`tests of pages are skipped: ${stillMissing.message}\n`);
}

/** Why the tests of pages are skipped, if they are. */
export function missingChromium(): ChromiumMissingError | null {
  try {
    findChromium(process.env);
    return null;
  } catch (error) {
    if (error instanceof ChromiumMissingError) return error;
    throw error;
  }
}
