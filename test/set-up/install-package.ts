import { spawnSync } from 'node:child_process';

const INSTALL_MILLISECONDS_MAX = 120_000;

/** Installs a Debian package, only on a machine that is ours to change: root with apt, as in a container of CI. */
export function installPackage(name: string): void {
  const canInstall = process.getuid?.() === 0 && process.platform === 'linux';
  if (!canInstall) return;
  const options = { stdio: 'ignore', timeout: INSTALL_MILLISECONDS_MAX } as const;
  spawnSync('apt-get', ['update', '-qq'], options);
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], options);
}
