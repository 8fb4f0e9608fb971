import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '../../schemas/names.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const DOCUMENTS = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((path) => `docs/${path}`),
].filter((path) => path.endsWith('.md'));
/** Read by tests and by the compose file, and by no program. */
const OTHER_VARIABLES = ['NUTRISAGE_FAULT_SEED', 'NUTRISAGE_STORE_USER', 'NUTRISAGE_STORE_PASSWORD'];
/** What npm runs without `run`. */
const SHORT = ['test'];

describe('the documents', () => {
  it.each(DOCUMENTS)('%s names only scripts that there are', (path) => {
    const text = read(path);
    const named = [...text.matchAll(/npm (?:run (?:-s |--silent )?)([a-z][\w:-]*)/g)].map(
      ([, script]) => script ?? '',
    );
    const short = SHORT.filter((script) => text.includes(`npm ${script}`));
    for (const script of [...named, ...short]) expect(scripts, `npm run ${script}`).toHaveProperty([script]);
  });

  it.each(DOCUMENTS)('%s links only to files that there are', (path) => {
    const links = [...read(path).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target]) => target ?? '');
    const local = links.filter((target) => !/^[a-z]+:/.test(target));
    for (const target of local) expect(existsSync(join(ROOT, dirname(path), target)), target).toBe(true);
  });

  it.each(DOCUMENTS)('%s names only variables that there are', (path) => {
    const known: readonly string[] = [...Object.values(ENVIRONMENT), ...OTHER_VARIABLES];
    for (const [name] of read(path).matchAll(/\bNUTRISAGE_[A-Z_]+\b/g)) expect(known, name).toContain(name);
  });

  it('explain every variable that a program reads', () => {
    const { realData: _ofTests, ...ofPrograms } = ENVIRONMENT;
    const text = DOCUMENTS.map(read).join('\n');
    for (const name of Object.values(ofPrograms)) expect(text, name).toContain(`\`${name}\``);
  });

  it('README gives the two commands that do everything', () => {
    expect(read('README.md')).toContain('npm ci && npm run demo');
    expect(read('README.md')).toContain('npm ci && npm test');
  });
});
