/** The folders import one way, and the pure ones are pure: in the tree as it is, and in `biome.json`. */
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { LAYERS, layerFaults } from './layers.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Lines that the layer of a file forbids. Biome sees those under `both`; the rest this test alone. */
const FORBIDDEN: readonly {
  readonly path: string;
  readonly both: readonly string[];
  readonly here?: readonly string[];
}[] = [
  {
    path: 'core/jobs/sample.ts',
    both: [
      "import '../../worker/main.ts';",
      "export * from '../../test/support/stack.ts';",
      "import type { Stats } from 'node:fs';",
      "import 'node:os';",
      "import 'node:https';",
      "import 'crypto';",
      "import 'p-limit';",
      "import 'sqs-consumer';",
      "import '@duckdb/node-api';",
      "import '@aws-sdk/client-s3';",
      'export const now = Date.now();',
      'export const later = () => new Date();',
      'export const parser = { Date };',
      "export const home = process.env['HOME'];",
      "export const page = fetch('http://localhost');",
      'export const mark = performance.now();',
      'setTimeout(() => {}, 1);',
    ],
    here: ["export const late = import('node:fs/promises');", 'export const dice = Math.random();'],
  },
  {
    path: 'schemas/sample.ts',
    both: [
      "import '../core/errors.ts';",
      "import 'node:fs';",
      "import '@aws-sdk/client-s3';",
      'export const now = new Date();',
    ],
  },
  {
    path: 'schemas/write-json.ts',
    both: ["import 'node:net';", "import '../core/errors.ts';", 'fetch("");'],
  },
  {
    path: 'cdk/stacks/sample.ts',
    both: [
      "import '../../core/errors.ts';",
      "import '../../worker/config.ts';",
      "import '../../local/options.ts';",
    ],
  },
  { path: 'image/sample.ts', both: ["import '../schemas/names.ts';", "import 'p-limit';"] },
  { path: 'worker/sample.ts', both: ["import '../producer/main.ts';"] },
  { path: 'producer/commands/sample.ts', both: ["import '../../worker/config.ts';"] },
  { path: 'trainer/sample.ts', both: ["import '../local/main.ts';"] },
  {
    path: 'local/demo/sample.ts',
    both: ["import '../../cdk/app.ts';", "import '../../test/support/stack.ts';"],
  },
  { path: 'bench/sample.ts', both: ["import '../test/support/stack.ts';"] },
];

const ALLOWED: Readonly<Record<string, string>> = {
  'core/jobs/sample.ts': `import { createHash } from 'node:crypto';
import { tableFromIPC } from 'apache-arrow';
import { GRADES } from '../../schemas/grade.ts';
import { NutrisageError } from '../errors.ts';
/** Until the Date of process.env. */
export const sample = { process: 'fetch', text: \`a Date: \${GRADES.length}\`, createHash, tableFromIPC, NutrisageError };
`,
  'schemas/sample.ts':
    "import Type from 'typebox';\nimport { Compile } from 'typebox/compile';\nexport * from './grade.ts';\nexport const sample = { Type, Compile };\n",
  'schemas/write-json.ts':
    "import { writeFileSync } from 'node:fs';\nimport { CATALOGUE } from './catalogue.ts';\nwriteFileSync('a', String(CATALOGUE));\n",
  'image/sample.ts':
    "import { readFileSync } from 'node:fs';\nimport { bytesOf } from './trim.ts';\nexport const sample = { readFileSync, bytesOf };\n",
  'cdk/stacks/sample.ts':
    "import { RESOURCES } from '../../schemas/names.ts';\nimport { plan } from '../../core/scaling/plan.ts';\nimport { App } from 'aws-cdk-lib';\nexport const sample = { RESOURCES, plan, App };\n",
};

it('holds in every file of the tree', () => {
  const folders = new Set(LAYERS.map(({ place }) => place.split('/')[0] ?? ''));
  const present = readdirSync(ROOT).filter((name) => folders.has(name));
  const sources = present.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.m?ts$/.test(name))
      .map((name) => `${folder}/${name}`),
  );
  expect(sources.length).toBeGreaterThan(200);
  expect(sources.flatMap((path) => layerFaults(path, readFileSync(join(ROOT, path), 'utf8')))).toEqual([]);
});

it('is what the architecture page tells, for every folder that it names', () => {
  const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)\/` \|.*\| ([^|]+) \|$/gm)];
  const told = rows.map(([, place, imports = '']) => ({
    place,
    imports: imports.match(/(?<=`)[\w/]+(?=`)/g) ?? [],
  }));
  expect(told.length).toBeGreaterThan(5);
  for (const { place, imports } of told) {
    expect(LAYERS.find((layer) => layer.place === place)?.imports, place).toEqual(imports);
  }
});

it.each(FORBIDDEN)('refuses each line that $path must not have', ({ path, both, here = [] }) => {
  for (const line of [...both, ...here]) expect(layerFaults(path, `${line}\n`), line).toHaveLength(1);
});

it.each(Object.entries(ALLOWED))('takes what %s may have', (path, source) => {
  expect(layerFaults(path, source)).toEqual([]);
});

it('is what Biome says too, but for what Biome cannot see', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nutrisage-layers-'));
  try {
    copyFileSync(join(ROOT, 'biome.json'), join(folder, 'biome.json'));
    const expected: string[] = [];
    for (const { path, both } of FORBIDDEN) {
      both.forEach((line, index) => {
        // Each line alone; but a file with rules of its own is found by its name.
        const place = path.endsWith('sample.ts') ? path.replace('.ts', `-${index}.ts`) : path;
        if (place === path && index > 0) return;
        write(folder, place, place === path ? both.join('\n') : line);
        expected.push(...(place === path ? both.map(() => place) : [place]));
      });
    }
    for (const [path, source] of Object.entries(ALLOWED))
      if (path.endsWith('sample.ts')) write(folder, path, source);
    expect((await filesRefusedByBiome(folder)).sort()).toEqual(expected.sort());
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function write(folder: string, path: string, source: string): void {
  mkdirSync(join(folder, dirname(path)), { recursive: true });
  writeFileSync(join(folder, path), `${source}\n`);
}

/** The file of each fault that the two rules of layers find. */
function filesRefusedByBiome(folder: string): Promise<string[]> {
  const rules = ['noRestrictedImports', 'noRestrictedGlobals'].map((rule) => `--only=style/${rule}`);
  const settings = ['--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none'];
  const biome = join(ROOT, 'node_modules/.bin/biome');
  return new Promise((resolve) => {
    // It ends with 1 where it finds faults, so the exit code says nothing.
    execFile(biome, ['lint', ...rules, ...settings, '.'], { cwd: folder }, (_error, stdout) => {
      const { diagnostics } = JSON.parse(stdout) as { diagnostics: { location: { path: string } }[] };
      resolve(diagnostics.map(({ location }) => location.path));
    });
  });
}
