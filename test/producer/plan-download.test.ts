import { sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planDownload } from '../../producer/commands/download.ts';
import { jobSummary } from './records.ts';

const JOB = 'a'.repeat(16);
const planOf = (key: string, out = '/data/out') =>
  planDownload(jobSummary(JOB, { outputs: { grades: [key], rejects: [] } }), out);

describe('where a downloaded object goes', () => {
  it.each([
    ['grades/date=2026-11-20/a.parquet', '/data/out/grades/date=2026-11-20/a.parquet'],
    ['/etc/passwd', '/data/out/etc/passwd'],
    ['grades/../rejects/a.parquet', '/data/out/rejects/a.parquet'],
    ['grades/..a/b..', '/data/out/grades/..a/b..'],
    ['..a.parquet', '/data/out/..a.parquet'],
    ['a\n/../b', '/data/out/b'],
    ['\n', '/data/out/\n'],
  ])('%j stays inside of the folder', (key, path) => {
    expect(planOf(key)[0]).toEqual({ key, path });
  });

  it.each([
    '..',
    '../x',
    '/../x',
    'grades/../../x',
    '../out-of-mine/x',
    '../../../etc/passwd',
    'a\n/../../b',
    '.',
    'a/..',
    '',
  ])('%j is refused', (key) => {
    expect(() => planOf(key)).toThrow(
      expect.objectContaining({ code: 'summary-missing', message: expect.stringContaining('leads out of') }),
    );
  });

  it('may be the root of the disk, or a folder given relatively', () => {
    expect(planOf('grades/a', '/')[0]?.path).toBe('/grades/a');
    expect(planOf('grades/a', 'out')[0]?.path).toBe(`${process.cwd()}/out/grades/a`);
  });

  it('is inside of the folder or refused, whatever the key', () => {
    const part = fc.constantFrom('..', '.', '', 'a', '\n', '/', '\\', ' ', '...', '%2e%2e', '\u0000');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        let path: string | undefined;
        try {
          path = planOf(parts.join('/'))[0]?.path;
        } catch (error) {
          expect(String(error)).toContain('leads out of');
        }
        if (path !== undefined) expect(path.split(sep)).toEqual(['', 'data', 'out', ...insideOf(path)]);
      }),
    );
  });
});

/** What follows the folder: at least one part, none of which leads up. */
function insideOf(path: string): string[] {
  const parts = path.split(sep).slice(3);
  expect(parts.length).toBeGreaterThan(0);
  expect(parts).not.toContain('..');
  return parts;
}
