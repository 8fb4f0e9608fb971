/**
 * The page's program as its browser loads it: the modules that its entry needs, found by following their imports, TypeScript with its
 * types stripped by Node itself. A browser resolves the same relative paths, so there is nothing to build; what is not
 * imported is not served.
 */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ClientModules {
  /** Path of the first module. */
  readonly entry: string;
  /** JavaScript by its path, such as `/local/dashboard/client/main.ts`. */
  readonly files: ReadonlyMap<string, string>;
  /** Names of packages as an import map has them. */
  readonly imports: Readonly<Record<string, string>>;
}

/** Packages that the page may import, with the file that a browser takes: Node's own resolution gives that for servers. */
const PACKAGES: Readonly<Record<string, string>> = {
  uplot: '/node_modules/uplot/dist/uPlot.esm.js',
  'lit-html': '/node_modules/lit-html/lit-html.js',
  'lit-html/directives/repeat.js': '/node_modules/lit-html/directives/repeat.js',
};

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ENTRY = '/local/dashboard/client/main.ts';

/** @throws {Error} for an import that a browser could not follow: of a package that is not in the table, or of Node. */
export function readClientModules(entry = ENTRY, root = ROOT): ClientModules {
  const files = new Map<string, string>();
  const imports: Record<string, string> = {};
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (files.has(path)) continue;
    const code = codeOf(path, readFileSync(`${root}${path}`, 'utf8'));
    files.set(path, code);
    for (const specifier of specifiersOf(code)) {
      const target = resolve(specifier, path);
      if (!specifier.startsWith('.')) imports[specifier] = target;
      waiting.push(target);
    }
  }
  return { entry, files, imports };
}

function codeOf(path: string, source: string): string {
  // A map that is not served is only asked for in vain.
  const code = source.replace(/^\/\/# sourceMappingURL=.*$/m, '');
  return path.endsWith('.ts') ? stripTypeScriptTypes(code) : code;
}

const IMPORT = /\b(?:from|import)\s*["']([^"'\n]+)["']/g;

function specifiersOf(code: string): readonly string[] {
  return [...code.matchAll(IMPORT)].map(([, specifier = '']) => specifier);
}

function resolve(specifier: string, from: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  const target = PACKAGES[specifier];
  if (target !== undefined) return target;
  throw new Error(`${from} imports ${specifier}, which the page has no file for`);
}
