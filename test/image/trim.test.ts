import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importedPackages, neededFolders } from '../../image/needed-packages.ts';
import { trim } from '../../image/trim.ts';

describe('what an image keeps', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'nutrisage-trim-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (path: string, text: string): void => {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const install = (name: string, needs: object = {}, below = ''): void =>
    write(join(below, 'node_modules', name, 'package.json'), JSON.stringify({ name, ...needs }));
  const has = (path: string): boolean => existsSync(join(root, path));

  it('are the packages that sources import, as values: statically, late, and by their names alone', () => {
    write(
      'worker/a.ts',
      `import { x } from 'alpha';
       import '@scope/beta/sub.js';
       import type { T } from 'erased';
       export * from '../core/b.ts';
       import { readFile } from 'node:fs';
       // import 'commented';
       const late = () => import('gamma/deep');`,
    );
    write('worker/kernel.wasm', "import 'no-source'");
    write('core/b.ts', '');
    expect([...importedPackages(root, 'worker')].toSorted()).toEqual(['@scope/beta', 'alpha', 'gamma']);
  });

  it('are those of what it imports of other folders, and of the programs of its threads, but of nothing beside', () => {
    write('worker/deep/a.ts', "import { b } from '../../core/b.ts';\n");
    write('core/b.ts', "export * from './c.ts';\nimport './b.ts';\n");
    write('core/c.ts', "const thread = new Worker(new URL('./thread.ts', import.meta.url));\n");
    write('core/thread.ts', "import 'alpha';\n");
    write('core/drawing.ts', "import 'beta';\n");
    expect([...importedPackages(root, 'worker')]).toEqual(['alpha']);
  });

  it('are what these need in turn, found as Node finds it, optional ones where they are installed', () => {
    install('alpha', {
      dependencies: { delta: '1', setup: '1' },
      optionalDependencies: { 'alpha-linux': '1', 'alpha-mac': '1' },
    });
    install('alpha-linux');
    install('delta', { peerDependencies: { zeta: '1', absent: '1' } }, 'node_modules/alpha');
    install('delta');
    install('zeta', { dependencies: { alpha: '1' } });
    install('setup');
    const found = [...neededFolders(root, ['alpha'], { alpha: ['setup'] })].map((folder) =>
      folder.slice(root.length + 1),
    );
    expect(found.toSorted()).toEqual([
      'node_modules/alpha',
      'node_modules/alpha-linux',
      'node_modules/alpha/node_modules/delta',
      'node_modules/zeta',
    ]);
  });

  it('fails for a package that is imported and not there', () => {
    expect(() => neededFolders(root, ['alpha'])).toThrow(/^alpha, which .* needs, is not installed/);
  });

  it('is one platform’s native file, no type and no map, and no other package', () => {
    for (const folder of ['schemas', 'core', 'worker'])
      write(`${folder}/a.ts`, "import 'onnxruntime-node';\n");
    install('onnxruntime-node', { dependencies: { 'adm-zip': '1', 'onnxruntime-common': '1' } });
    install('onnxruntime-common', {}, 'node_modules/onnxruntime-node');
    install('adm-zip');
    install('@scope/other');
    install('unused', {}, 'node_modules/onnxruntime-node');
    for (const platform of ['linux/x64', 'linux/arm64', 'win32/x64']) {
      write(`node_modules/onnxruntime-node/bin/napi-v6/${platform}/binding.node`, 'native');
    }
    write('node_modules/onnxruntime-node/script/install.js', '');
    write('node_modules/onnxruntime-node/dist/index.js', 'x');
    write('node_modules/onnxruntime-node/dist/index.js.map', 'x');
    write('node_modules/onnxruntime-node/dist/index.d.ts', 'x');
    write('node_modules/onnxruntime-node/README.md', 'x');

    const { packages, sourcesBytes } = trim(root, 'worker', 'arm64');
    expect(packages).toBe(2);
    expect(sourcesBytes).toBe(3 * "import 'onnxruntime-node';\n".length);
    const runtime = 'node_modules/onnxruntime-node';
    expect(has(`${runtime}/bin/napi-v6/linux/arm64/binding.node`)).toBe(true);
    expect(has(`${runtime}/dist/index.js`)).toBe(true);
    expect(has(`${runtime}/node_modules/onnxruntime-common`)).toBe(true);
    for (const gone of [
      `${runtime}/bin/napi-v6/linux/x64`,
      `${runtime}/bin/napi-v6/win32`,
      `${runtime}/script`,
      `${runtime}/dist/index.js.map`,
      `${runtime}/dist/index.d.ts`,
      `${runtime}/README.md`,
      `${runtime}/node_modules/unused`,
      'node_modules/adm-zip',
      'node_modules/@scope',
    ])
      expect(has(gone), gone).toBe(false);
  });

  it('says that a rule is out of date, and which programs there are', () => {
    for (const folder of ['schemas', 'core', 'worker'])
      write(`${folder}/a.ts`, "import 'onnxruntime-node';\n");
    install('onnxruntime-node');
    expect(() => trim(root, 'worker', 'x64')).toThrow(
      'onnxruntime-node has no bin/napi-v6/linux/x64: image/trim-rules.ts is out of date.',
    );
    expect(() => trim(root, 'producer', 'x64')).toThrow(
      'There is no program "producer": give one of worker, trainer.',
    );
  });
});
