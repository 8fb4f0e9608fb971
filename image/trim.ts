/**
 * `node image/trim.ts <worker|trainer>`, within an image's build: removes from the folder that it is started in all packages that
 * the program does not need, and from the rest what only other platforms or people need. Prints what is left.
 */
import { existsSync, lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { importedPackages, neededFolders } from './needed-packages.ts';
import { INSTALL_ONLY, TRIM_RULES, type TrimRule, USELESS_FILES } from './trim-rules.ts';

/** Folders of sources in each image; the program's own has its name. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  worker: ['schemas', 'core', 'worker'],
  trainer: ['schemas', 'core', 'trainer'],
};

export interface TrimResult {
  readonly packages: number;
  readonly modulesBytes: number;
  readonly sourcesBytes: number;
}

/** @throws {Error} for a program that there is not, or a rule whose files are not where it says. */
export function trim(root: string, program: string, arch: string): TrimResult {
  const folders = PROGRAMS[program];
  if (folders === undefined) {
    throw new Error(`There is no program "${program}": give one of ${Object.keys(PROGRAMS).join(', ')}.`);
  }
  const modules = join(root, 'node_modules');
  const kept = neededFolders(root, importedPackages(root, program), INSTALL_ONLY);
  removeOthers(modules, kept);
  for (const folder of kept) {
    const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
    for (const rule of TRIM_RULES.filter((one) => one.package === name)) applyRule(folder, rule, arch);
  }
  removeFiles(modules, USELESS_FILES);
  return {
    packages: kept.size,
    modulesBytes: bytesOf(modules),
    sourcesBytes: folders.reduce((sum, folder) => sum + bytesOf(join(root, folder)), 0),
  };
}

/** Every package folder that is not kept, nested ones too; scopes and `node_modules` that are empty then. */
function removeOthers(modules: string, kept: ReadonlySet<string>): void {
  if (!existsSync(modules)) return;
  for (const entry of readdirSync(modules)) {
    const path = join(modules, entry);
    if (entry.startsWith('@')) removeOthers(path, kept);
    else if (kept.has(path)) removeOthers(join(path, 'node_modules'), kept);
    else rmSync(path, { recursive: true });
  }
  if (readdirSync(modules).length === 0) rmdirSync(modules);
}

function applyRule(
  folder: string,
  { package: name, keepOnly = [], remove = [] }: TrimRule,
  arch: string,
): void {
  for (const pattern of keepOnly) {
    const path = join(folder, pattern.replaceAll('{arch}', arch));
    if (!existsSync(path))
      throw new Error(`${name} has no ${relative(folder, path)}: image/trim-rules.ts is out of date.`);
    // Its neighbours go, and the neighbours of its parents, up to the first part of the pattern.
    const top = join(folder, pattern.split('/')[0] ?? '');
    for (let child = path; child !== top; child = dirname(child)) {
      for (const entry of readdirSync(dirname(child))) {
        const other = join(dirname(child), entry);
        if (other !== child) rmSync(other, { recursive: true });
      }
    }
  }
  for (const path of remove) rmSync(join(folder, path), { recursive: true, force: true });
}

function removeFiles(folder: string, pattern: RegExp): void {
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, entry);
    if (pattern.test(entry) && lstatSync(path, { throwIfNoEntry: false })?.isFile()) rmSync(path);
  }
}

export function bytesOf(path: string): number {
  const stat = lstatSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, entry) => sum + bytesOf(join(path, entry)), 0);
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

if (import.meta.main) {
  const { packages, modulesBytes, sourcesBytes } = trim(process.cwd(), process.argv[2] ?? '', process.arch);
  process.stdout.write(
    `${packages} packages, ${megabytes(modulesBytes)}; sources, ${megabytes(sourcesBytes)}\n`,
  );
}
