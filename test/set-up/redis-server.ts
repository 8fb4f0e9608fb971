/**
 * Puts redis-server in place for the tests of the queue on Redis, as a global set-up of the test runner. Where it can
 * not, the way to install it is printed and those tests fail with the same line; none is skipped.
 */
import { spawnSync } from 'node:child_process';
import { REDIS_INSTALL } from '../../local/stack/redis-server.ts';
import { installDebianPackage } from './debian-package.ts';

export function setup(): void {
  if (isThere()) return;
  // Without its service: each test starts a server of its own.
  installDebianPackage('redis-server');
  if (!isThere()) process.stderr.write(`tests of the queue on Redis will fail: ${REDIS_INSTALL}\n`);
}

function isThere(): boolean {
  return spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
}
