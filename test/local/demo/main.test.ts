import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoResult } from '../../../local/demo/demo-result.ts';
import { withDuckDb } from '../../../local/demo/duckdb.ts';
import { writeTinyModel } from '../../support/tiny-model.ts';

const MAIN = fileURLToPath(new URL('../../../local/demo/main.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
let directory: string;
let model: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'nutrisage-demo-'));
  model = join(directory, 'model');
  await writeTinyModel(model);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function startDemo(name: string, ...args: readonly string[]): ChildProcess {
  const where = ['--dir', join(directory, name), '--model', model, '--workers', '1'];
  return spawn(process.execPath, [MAIN, ...where, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function ended(child: ChildProcess) {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('The demo was started without pipes.');
  const [out, err, [code]] = await Promise.all([text(stdout), text(stderr), once(child, 'exit')]);
  return { out, err, code };
}

/** Fulfilled with all that was said once it matches; rejected when the process ends before. */
function said(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let all = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      all += chunk.toString();
      if (pattern.test(all)) resolve(all);
    });
    child.once('exit', () => reject(new Error(`It ended without saying ${pattern}: ${all}`)));
  });
}

function resultOf(out: string): DemoResult {
  return JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as DemoResult;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('npm run demo', () => {
  it('grades both files, ends with one line of JSON, and the query it prints tells the same', async () => {
    const { out, err, code } = await ended(startDemo('whole', '--rows', '3000', '--json'));
    expect(err).toContain('3,000 products');
    expect(code, err).toBe(0);
    const { rows, graded, rejected, grades, official, model: byModel } = resultOf(out);
    expect(rows).toBe(3542);
    expect(graded + rejected).toBe(rows);
    expect(official + byModel).toBe(graded);
    expect(rejected).toBeGreaterThan(100);
    const printed = /SELECT grade[^;]*/.exec(out)?.[0] ?? '';
    const counted = await withDuckDb(async (connection) => {
      const read = await connection.runAndReadAll(
        `SELECT grade, sum(products)::INTEGER FROM (${printed}) GROUP BY grade`,
      );
      return Object.fromEntries(read.getRowsJson());
    });
    expect(counted).toEqual(grades);
  });

  it('adds to what it kept, and counts its own jobs alone', async () => {
    const first = await ended(startDemo('kept', '--rows', '100', '--json'));
    const second = await ended(startDemo('kept', '--rows', '200', '--json', '--keep'));
    expect([first.code, second.code], second.err).toEqual([0, 0]);
    expect(resultOf(first.out).rows).toBe(642);
    expect(resultOf(second.out).rows).toBe(742);
  });

  it('loses and doubles no row when its only worker is killed at work', async () => {
    const demo = startDemo('killed', '--rows', '60000', '--json');
    const outcome = ended(demo);
    const start = await said(demo, /Dropped in the inbox/);
    const pid = Number(/processes (\d+)/.exec(start)?.[1]);
    await said(demo, /of 60,542 rows/);
    process.kill(pid, 'SIGKILL');
    const { out, err, code } = await outcome;
    expect(err).toContain('was ended by SIGKILL');
    expect(code, err).toBe(0);
    expect(resultOf(out)).toMatchObject({ rows: 60_542 });
  }, 90_000);

  it('stops its workers and ends with 1 at Ctrl-C', async () => {
    const demo = startDemo('stopped', '--rows', '100000');
    const outcome = ended(demo);
    const start = await said(demo, /Dropped in the inbox/);
    demo.kill('SIGINT');
    const { code, out } = await outcome;
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(isAlive(Number(/processes (\d+)/.exec(start)?.[1]))).toBe(false);
  });

  it('says what it lacks without a model', async () => {
    const { err, code } = await ended(startDemo('modelless', '--model', join(directory, 'none')));
    expect(err).toMatch(/The demo failed: There is no model in .*none.*--model/);
    expect(code).toBe(1);
  });
});
