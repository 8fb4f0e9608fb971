/**
 * Which way imports may go and what each folder may use, as one table, and the faults of a source by it.
 * `biome.json` says the same to editors; it cannot see `import()` or `Math.random`, so this looks at all.
 */
import { builtinModules } from 'node:module';
import { posix } from 'node:path';

export interface Layer {
  /** Where it stands: a folder, or one file that differs from its folder. */
  readonly place: string;
  /** Folders of the project it may import from, besides itself. */
  readonly imports: readonly string[];
  /** Packages it may import; absent: any. */
  readonly packages?: readonly string[];
  /** Modules of Node it may import; absent: any. */
  readonly modules?: readonly string[];
  /** Neither clock, chance, environment nor I/O by a global. */
  readonly isPure?: boolean;
}

/** The first whose place a file is in counts. */
export const LAYERS: readonly Layer[] = [
  { place: 'schemas/write-json.ts', imports: [], packages: [], modules: ['node:fs'], isPure: true },
  { place: 'schemas', imports: [], packages: ['typebox'], modules: [], isPure: true },
  {
    place: 'core',
    imports: ['schemas'],
    packages: ['apache-arrow', 'echarts', 'parquet-wasm'],
    modules: ['node:buffer', 'node:crypto'],
    isPure: true,
  },
  { place: 'worker', imports: ['schemas', 'core'] },
  { place: 'producer', imports: ['schemas', 'core'] },
  { place: 'trainer', imports: ['schemas', 'core'] },
  { place: 'cdk', imports: ['schemas', 'core/scaling'] },
  { place: 'image', imports: [], packages: [] },
  { place: 'local', imports: ['schemas', 'core', 'worker', 'producer', 'trainer', 'bench'] },
  { place: 'bench', imports: ['schemas', 'core', 'worker', 'producer', 'trainer', 'local'] },
];

/**
 * Names that no pure source says, whatever it would do with them. `Date.parse` and `Date.UTC` read no clock; Biome
 * cannot tell them apart, so they carry a line that silences it.
 */
const IMPURE =
  /(?<![.\w$'"`-])(?:Date(?!\.(?:parse|UTC)\b)|process|globalThis|fetch|performance|setTimeout|setInterval|setImmediate|queueMicrotask|navigator|crypto|console|WebSocket|Math\.random)(?![\w$'"`-]|\s*:)/g;

/** What a source imports, statically, as types or by `import()`. */
const IMPORTS =
  /(?:^|[\s;}])(?:import|export)\b[^'"`;()]*?\bfrom\s*['"]([^'"]+)['"]|(?:^|[\s;}])import\s*['"]([^'"]+)['"]|\bimport\(\s*['"`]([^'"`]+)['"`]/g;

/** @returns one sentence per fault, such as `core/a.ts imports node:fs`; none for files outside of every layer. */
export function layerFaults(path: string, source: string): readonly string[] {
  const layer = LAYERS.find(({ place }) => path === place || path.startsWith(`${place}/`));
  if (layer === undefined) return [];
  const code = withoutComments(source);
  const imported = [...code.matchAll(IMPORTS)].map(
    ([, first, second, third]) => first ?? second ?? third ?? '',
  );
  const forbidden = imported.filter((specifier) => !mayImport(layer, path, specifier));
  const impure = layer.isPure === true ? [...withoutTexts(code).matchAll(IMPURE)].map(([name]) => name) : [];
  return [
    ...forbidden.map((specifier) => `${path} imports ${specifier}`),
    ...impure.map((name) => `${path} uses ${name}`),
  ];
}

function mayImport({ place, imports, packages, modules }: Layer, path: string, specifier: string): boolean {
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(path), specifier);
    const home = place.split('/')[0] ?? place;
    return [home, ...imports].some((folder) => target.startsWith(`${folder}/`));
  }
  const isModule = specifier.startsWith('node:') || builtinModules.includes(specifier);
  if (isModule) return modules === undefined || modules.includes(specifier);
  return (
    packages === undefined || packages.some((name) => specifier === name || specifier.startsWith(`${name}/`))
  );
}

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\//g, ' ').replaceAll(/(^|\s)\/\/[^\n]*/g, '$1');
}

/** Words in messages are no uses. Of templates what stands in `${…}` stays: it is code. */
function withoutTexts(code: string): string {
  return code
    .replaceAll(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, "''")
    .replaceAll(/`(?:\\.|[^`\\])*`/g, (text) =>
      [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, part]) => `(${part})`).join(' '),
    );
}
