import { spawnSync } from 'node:child_process';

const INSTALL_MILLISECONDS_MAX = 300_000;

/** Installs a package only on a machine that is ours to change: root with apt, as in a container of CI. */
export function installDebianPackage(name: string): void {
  if (process.getuid?.() !== 0 || process.platform !== 'linux') return;
  const options = { stdio: 'ignore', timeout: INSTALL_MILLISECONDS_MAX } as const;
  spawnSync('apt-get', ['update', '-qq'], options);
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], options);
}
