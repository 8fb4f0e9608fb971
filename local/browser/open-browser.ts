import { type Browser, chromium } from 'playwright-core';
import { findChromium } from './find-chromium.ts';

/** Chromium without a window. @throws {ChromiumMissingError} */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(process.env),
    // Its sandbox refuses root, and a container's shared memory is 64 MB.
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-dev-shm-usage'],
  });
}
