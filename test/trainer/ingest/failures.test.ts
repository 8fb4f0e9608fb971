import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeMadeCatalogue } from '../../../local/demo/made-catalogue.ts';
import { fixture, run, temporaryFolder } from './ingest-run.ts';

const MAIN = fileURLToPath(new URL('../../../trainer/ingest/main.ts', import.meta.url));
const HEADER = 'code,energy_100g,fat_100g,saturated-fat_100g,sugars_100g,fiber_100g,proteins_100g,salt_100g';
const LABEL = '1500,5,1,10,4,8,0.5';

function file(name: string, content: string | Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

/** Its length still stands there, its content does not. */
const withoutFooter = (bytes: Buffer): Buffer => bytes.fill(0xff, bytes.length - 600, bytes.length - 8);

const manyLines = (): string =>
  `${[HEADER, ...Array.from({ length: 2000 }, (_, row) => `${row},${LABEL}`)].join('\n')}\n`;

interface Failure {
  readonly is: string;
  readonly source: () => string;
  readonly code: string;
  readonly says: RegExp;
}

const FAILURES: readonly Failure[] = [
  {
    is: 'a path without a file',
    source: () => '/nowhere/x.csv',
    code: 'source-missing',
    says: /no file \/nowhere\/x\.csv/,
  },
  {
    is: 'a pattern without a match',
    source: () => '/nowhere/*.csv',
    code: 'source-missing',
    says: /no file matches/,
  },
  { is: 'a folder', source: () => temporaryFolder(), code: 'source-missing', says: /is a folder/ },
  { is: 'an empty file', source: () => file('e.csv', ''), code: 'empty-file', says: /e\.csv is empty/ },
  {
    is: 'a header alone',
    source: () => file('h.csv', `${HEADER}\n`),
    code: 'no-rows',
    says: /h\.csv has no rows/,
  },
  {
    is: 'unknown columns',
    source: () => file('u.csv', 'colour,shape\nred,round\n'),
    code: 'unrecognised-columns',
    says: /Found: colour, shape/,
  },
  {
    is: 'a code but no nutrient',
    source: () => file('c.csv', 'code,colour\n1,red\n'),
    code: 'unrecognised-columns',
    says: /no nutrient column. Found: code, colour/,
  },
  {
    is: 'neither grades nor complete inputs',
    source: () => file('l.csv', 'code,energy_100g,nutrition_grade_fr\n1,1500,b\n'),
    code: 'no-usable-label',
    says: /1 grades of rules older than 2023.*none of its 1 rows/,
  },
  {
    is: 'rows that are all rejected',
    source: () => file('r.csv', 'code,energy_100g\n1,9000\n'),
    code: 'no-rows',
    says: /energy-over-3800-kj 1/,
  },
  {
    is: 'a Parquet file that breaks off',
    source: () => file('t.parquet', readFileSync(fixture('official.parquet')).subarray(0, 2000)),
    code: 'truncated-parquet',
    says: /broke off/,
  },
  {
    is: 'a Parquet file with a damaged footer',
    source: () => file('d.parquet', withoutFooter(readFileSync(fixture('official.parquet')))),
    code: 'damaged-parquet',
    says: /d\.parquet cannot be decoded/,
  },
  {
    is: 'a gzip file that breaks off',
    source: () => file('t.csv.gz', gzipSync(manyLines()).subarray(0, 1500)),
    code: 'source-damaged',
    says: /no whole gzip file/,
  },
  {
    is: 'a text file that breaks off',
    source: () => file('t.csv', manyLines().slice(0, -9)),
    code: 'source-damaged',
    says: /ends within line 2001/,
  },
  {
    is: 'many lines that do not fit',
    source: () => file('m.csv', manyLines().replaceAll(/^(\d*7),/gm, '$1,,')),
    code: 'source-damaged',
    says: /200 lines that do not fit its header, such as line \d+/,
  },
];

describe('a failed ingest', () => {
  it.each(FAILURES)('names the cause for $is, and leaves what was there', async ({ source, code, says }) => {
    const out = temporaryFolder();
    writeFileSync(join(out, 'products.parquet'), 'of the last run');
    const failed = run(source(), { out });
    await expect(failed).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
    expect(readFileSync(join(out, 'products.parquet'), 'utf8')).toBe('of the last run');
    expect(readdirSync(out)).toEqual(['products.parquet']);
  });

  it('says that a country cannot be told where no column has it', async () => {
    const source = file('n.csv', `${HEADER}\n1,${LABEL}\n`);
    await expect(run(source, { country: 'France' })).rejects.toMatchObject({
      code: 'unrecognised-columns',
      message: expect.stringMatching(/no column of countries/),
    });
  });

  it('clears what a killed run left behind', async () => {
    const out = temporaryFolder();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    mkdirSync(join(out, `.ingest-${pid}`));
    await run(fixture('flat.tsv'), { out });
    expect(readdirSync(out).sort()).toEqual(['DATA_CARD.md', 'data-card.json', 'products.parquet']);
  });
});

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function command(...args: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('the command', () => {
  it('ends with 0 and says what it wrote', () => {
    const { status, stdout } = command('--source', fixture('flat.csv.gz'), '--out', temporaryFolder());
    expect(status).toBe(0);
    expect(stdout).toMatch(/^wrote 8 of 14 rows to /);
  });

  it('ends with 1 and one line for a source that is not there', () => {
    const { status, stderr } = command('--source', '/nowhere', '--out', temporaryFolder());
    expect(status).toBe(1);
    expect(stderr).toMatch(/^ingest: there is no file \/nowhere\..*\(source-missing\)\n$/);
  });

  it.each([
    ['without an output', ['--source', 'x']],
    ['with a sample of none', ['--source', 'x', '--out', 'y', '--sample', '0']],
    ['with too little memory', ['--source', 'x', '--out', 'y', '--memory', '10MB']],
    ['with a country without letters', ['--source', 'x', '--out', 'y', '--country', 'en:']],
  ])('ends with 2 %s', (_, args) => {
    expect(command(...args)).toMatchObject({ status: 2, stdout: '' });
  });

  it('stops at SIGINT, with nothing half-written', async () => {
    const folder = temporaryFolder();
    const source = join(folder, 'made.parquet');
    await writeMadeCatalogue(source, { rows: 100_000 });
    const out = join(folder, 'out');
    const child = spawn(process.execPath, [MAIN, '--source', source, '--out', out], { stdio: 'pipe' });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    await until(() => listing(out).some((name) => name.startsWith('.ingest-')));
    child.kill('SIGINT');
    const status = await new Promise((resolve) => child.on('exit', resolve));
    expect(status).toBe(1);
    expect(stderr).toMatch(/stopped.*\(interrupted\)/);
    expect(listing(out)).toEqual([]);
  });
});

describe('a disk that fills', () => {
  const canMount = process.platform === 'linux' && process.getuid?.() === 0;

  it('is named, and leaves the dataset of the last run', async () => {
    const folder = temporaryFolder();
    const source = join(folder, 'made.parquet');
    await writeMadeCatalogue(source, { rows: 60_000 });
    const out = join(folder, 'out');
    mkdirSync(out);
    const isMounted =
      canMount && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', out]).status === 0;
    if (isMounted) onTestFinished(() => void spawnSync('umount', [out]));
    writeFileSync(join(out, 'data-card.json'), 'of the last run');
    // Where no small disk can be had, no file may grow beyond 2 MB, which fails at the same call.
    const limit = isMounted ? '' : 'ulimit -f 4096; ';
    const shell = `${limit}exec "$0" "$@"`;
    const args = [MAIN, '--source', source, '--out', out];
    const { status, stderr } = spawnSync('bash', ['-c', shell, process.execPath, ...args], {
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/^ingest: The disk is full, or a limit was reached: .*\(disk-full\)\n$/);
    expect(status).toBe(1);
    expect(listing(out)).toEqual(['data-card.json']);
    expect(readFileSync(join(out, 'data-card.json'), 'utf8')).toBe('of the last run');
  });
});

function listing(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Looks at what another process does to the disk, which sends no event. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}
