/** Which packages the sources of a program need: those they import, and what these need themselves. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';

/** What a source imports, statically, as types or by `import()`. Types are erased, so they need nothing. */
const IMPORTS =
  /(?:^|[\s;}])(?:import|export)\s+(?!type\b)[^'"`;()]*?\bfrom\s*['"]([^'"]+)['"]|(?:^|[\s;}])import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;

interface PackageJson {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** A thread's program, which is named to `new Worker` by its address beside the source. */
const THREADS = /\bnew URL\(\s*['"](\.[^'"]+\.[jt]s)['"]\s*,\s*import\.meta\.url/g;
const SOURCE = /\.m?[jt]s$/;

/**
 * Names of the packages, such as `@aws-sdk/client-s3`, that a program's folder imports, and whatever of other folders it
 * imports. What else lies in those is another program's: `core/` has parts that draw, and a worker draws nothing.
 */
export function importedPackages(root: string, folder: string): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const specifier of importsOf(readFileSync(file, 'utf8'))) {
      const name = packageName(specifier);
      if (name !== undefined) names.add(name);
      else if (specifier.startsWith('.') && SOURCE.test(specifier)) visit(join(dirname(file), specifier));
    }
  };
  for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
    if (SOURCE.test(file)) visit(join(root, folder, file));
  }
  return names;
}

function importsOf(source: string): readonly string[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\//g, ' ').replaceAll(/(^|\s)\/\/[^\n]*/g, '$1');
  return [
    ...[...code.matchAll(IMPORTS)].map(([, first, second, third]) => first ?? second ?? third ?? ''),
    ...[...code.matchAll(THREADS)].map(([, thread = '']) => thread),
  ];
}

/** Undefined for files of our own and modules of Node. */
function packageName(specifier: string): string | undefined {
  if (specifier.startsWith('.') || isBuiltin(specifier)) return undefined;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/**
 * Folders of the packages, and of all that they need, found as Node finds them.
 * @param unneeded what a package names as needed, or takes where it is there, and the programs do without.
 * @throws {Error} for a package that is imported but not installed.
 */
export function neededFolders(
  root: string,
  packages: Iterable<string>,
  unneeded: Readonly<Record<string, readonly string[]>> = {},
): ReadonlySet<string> {
  const folders = new Set<string>();
  const visit = (name: string, from: string, isOptional: boolean): void => {
    const folder = findPackage(root, name, from);
    if (folder === undefined) {
      if (isOptional) return;
      throw new Error(`${name}, which ${from} needs, is not installed below ${root}.`);
    }
    if (folders.has(folder)) return;
    folders.add(folder);
    const needs = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson;
    const skipped = unneeded[name] ?? [];
    for (const need of Object.keys(needs.dependencies ?? {})) {
      if (!skipped.includes(need)) visit(need, folder, need in (needs.optionalDependencies ?? {}));
    }
    for (const need of Object.keys(needs.optionalDependencies ?? {})) {
      if (!skipped.includes(need)) visit(need, folder, true);
    }
    // A peer is the program's to install: what is not there is not used.
    for (const need of Object.keys(needs.peerDependencies ?? {})) visit(need, folder, true);
  };
  for (const name of packages) visit(name, root, false);
  return folders;
}

/** The nearest `node_modules` upwards that has it, no higher than the root’s own. */
function findPackage(root: string, name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) return found;
    if (folder === root || folder === dirname(folder)) return undefined;
  }
}
