/**
 * Puts libxgboost in place for the trainer's tests, as a global set-up of the test runner. Where it cannot, the
 * way to install it is printed and those tests fail with the same line; none is skipped.
 */
import { spawnSync } from 'node:child_process';
import { findXgboost, XgboostMissingError } from '../../trainer/xgboost/xgboost-library.ts';

const INSTALL_MILLISECONDS_MAX = 120_000;

export function setup(): void {
  const missing = missingXgboost();
  if (missing === null) return;
  // Only on a machine that is ours to change: root with apt, as in a container of CI.
  const canInstall = process.getuid?.() === 0 && process.platform === 'linux';
  if (canInstall) {
    const options = { stdio: 'ignore', timeout: INSTALL_MILLISECONDS_MAX } as const;
    spawnSync('apt-get', ['update', '-qq'], options);
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'libxgboost0'], options);
  }
  const stillMissing = missingXgboost();
  if (stillMissing !== null) process.stderr.write(`tests of trainer/ will fail: ${stillMissing.message}\n`);
}

function missingXgboost(): XgboostMissingError | null {
  try {
    findXgboost(process.env);
    return null;
  } catch (error) {
    if (error instanceof XgboostMissingError) return error;
    throw error;
  }
}
