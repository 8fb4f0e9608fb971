import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderReport } from '../../../trainer/report/render-report.ts';
import { parseReportData, reportDataJson } from '../../../trainer/report/report-data.ts';
import { madeReport, madeSlice } from './made-report.ts';

const MAIN = new URL('../../../trainer/report/main.ts', import.meta.url).pathname;
const run = (...argv: string[]) => promisify(execFile)(process.execPath, [MAIN, ...argv]);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('npm run report', () => {
  it('remakes the page and the figures from what lies beside the model', async () => {
    writeFileSync(join(folder, 'report-data.json'), reportDataJson(madeReport()));
    await run('--model', folder, '--figures', join(folder, 'figures'));
    const { html, figures } = renderReport(madeReport());
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toBe(html);
    for (const [name, svg] of Object.entries(figures)) {
      expect(readFileSync(join(folder, 'figures', name), 'utf8')).toBe(svg);
    }
  });

  it('writes the named figures only', async () => {
    writeFileSync(join(folder, 'report-data.json'), reportDataJson(madeReport()));
    await run('--model', folder, '--figures', join(folder, 'figures'), '--only', 'feature_importance');
    expect(readdirSync(join(folder, 'figures'))).toEqual(['feature_importance.svg']);
  });

  it.each([
    ['no stored data', undefined, [], /report-data\.json cannot be read: train the model again/],
    ['data that breaks the contract', '{"format":1}', [], /report data is not as expected/],
    ['a figure that there is not', 'made', ['--only', 'pie'], /there is no figure pie/],
  ])('ends with code 1 and one line for %s, and writes nothing', async (_, data, more, line) => {
    if (data !== undefined) {
      const json = data === 'made' ? reportDataJson(madeReport()) : data;
      writeFileSync(join(folder, 'report-data.json'), json);
    }
    const argv = ['--model', folder, '--figures', join(folder, 'figures'), ...more];
    await expect(run(...argv)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(line),
    });
    expect(existsSync(join(folder, 'report.html'))).toBe(false);
    expect(existsSync(join(folder, 'figures'))).toBe(false);
  });
});

describe('report data', () => {
  it('reads back as it was written', () => {
    expect(parseReportData(reportDataJson(madeReport()))).toEqual(madeReport());
  });

  it('is refused where it is made when a count is not one', () => {
    const data = madeReport({ slices: [madeSlice({ rows: Number.NaN })] });
    expect(() => reportDataJson(data)).toThrow('/slices/0/rows');
  });
});
