import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderReport } from '../../../trainer/report/render-report.ts';
import { parseReportData } from '../../../trainer/report/report-data.ts';

const ROOT = new URL('../../../', import.meta.url);
const DATA = new URL('fixtures/model/report-data.json', ROOT);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

/** A model that was made before reports had data has nothing to compare with. */
describe.skipIf(!existsSync(DATA))('the report of the shipped model (else: npm run report)', () => {
  it('is of that model', () => {
    const { version } = JSON.parse(read('fixtures/model/manifest.json')) as { version: string };
    expect(parseReportData(readFileSync(DATA, 'utf8')).version).toBe(version);
  });

  it('is drawn from the data beside it, as is the figure of the README', () => {
    const { html, figures } = renderReport(parseReportData(readFileSync(DATA, 'utf8')));
    expect(read('fixtures/model/report.html')).toBe(html);
    expect(read('docs/figures/feature_importance.svg')).toBe(figures['feature_importance.svg']);
  });
});
