/**
 * Puts libxgboost in place for the trainer's tests, as a global set-up of the test runner. Where it cannot, the
 * way to install it is printed and those tests fail with the same line; none is skipped.
 */
import { findXgboost, XgboostMissingError } from '../../trainer/xgboost/xgboost-library.ts';
import { installDebianPackage } from './debian-package.ts';

export function setup(): void {
  if (missingXgboost() === null) return;
  installDebianPackage('libxgboost0');
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
