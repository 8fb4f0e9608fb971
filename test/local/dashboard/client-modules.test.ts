import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readClientModules } from '../../../local/dashboard/client-modules.ts';

describe('the page’s modules', () => {
  it('are all that the entry needs, as a browser can read it, and nothing else of the repository', () => {
    const { entry, files, imports } = readClientModules();
    expect(files.has(entry)).toBe(true);
    const folders = new Set([...files.keys()].map((path) => path.split('/')[1]));
    expect([...folders].sort()).toEqual(['core', 'local', 'node_modules']);
    for (const [path, code] of files) {
      expect(code, path).not.toMatch(/^import type |: string\b.*=>|sourceMappingURL/m);
      expect(path).toMatch(/^\/(local\/dashboard\/client|core\/report|node_modules\/(uplot|lit-html))\//);
    }
    expect(Object.keys(imports).sort()).toEqual(['lit-html', 'lit-html/directives/repeat.js', 'uplot']);
    for (const target of Object.values(imports)) expect(files.has(target)).toBe(true);
  });

  describe('of a made page', () => {
    let root: string;
    const write = (path: string, source: string): void => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), source);
    };
    beforeEach(() => {
      root = mkdtempSync(join(tmpdir(), 'nutrisage-page-'));
    });
    afterEach(() => rmSync(root, { recursive: true }));

    it('are found however they are imported, each once', () => {
      write(
        'page/main.ts',
        "import { a } from './a.ts';\nimport './b.ts';\nimport type { C } from './c.ts';\nexport const x: C = a;\n",
      );
      write('page/a.ts', "export * from '../other/d.ts';\nexport const a = 1;\n");
      write('page/b.ts', "import './main.ts';\n");
      write('other/d.ts', 'export const d = (n: number): number => n;\n');
      const { files } = readClientModules('/page/main.ts', root);
      expect([...files.keys()].sort()).toEqual(['/other/d.ts', '/page/a.ts', '/page/b.ts', '/page/main.ts']);
      expect(files.get('/other/d.ts')).toMatch(/^export const d = \(n\s*\)\s*=> n;\n$/);
    });

    it.each(['node:fs', 'typebox', '@aws-sdk/client-s3'])('are refused where one imports %s', (name) => {
      write('page/main.ts', `import x from '${name}';\nexport { x };\n`);
      expect(() => readClientModules('/page/main.ts', root)).toThrow(`/page/main.ts imports ${name}`);
    });
  });
});
