/** `npm run report -- --model <dir> [--figures <dir>]`: remakes a model's report from its stored data. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderReport } from './render-report.ts';
import { parseReportData, REPORT_DATA_FILE } from './report-data.ts';
import { parseReportOptions, type ReportOptions } from './report-options.ts';

const EXIT_FAILED = 1;

function main(options: ReportOptions): number {
  try {
    const written = writeReport(options);
    process.stdout.write(`wrote ${written.join(', ')}\n`);
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`report: ${message}\n`);
    return EXIT_FAILED;
  }
}

/** Everything is drawn before anything is written: data that cannot be drawn leaves the old report. */
function writeReport({ model, figures: folder, only }: ReportOptions): string[] {
  const { html, figures } = renderReport(parseReportData(readData(join(model, REPORT_DATA_FILE))));
  const names = only?.map((name) => `${name}.svg`) ?? Object.keys(figures);
  const wanted =
    folder === undefined ? [] : names.map((name) => [join(folder, name), figureOf(name)] as const);
  const page = join(model, 'report.html');
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  for (const [path, svg] of wanted) writeFileSync(path, svg);
  writeFileSync(page, html);
  return [page, ...wanted.map(([path]) => path)];

  function figureOf(name: string): string {
    const svg = figures[name];
    if (svg === undefined)
      throw new Error(`there is no figure ${name}; there are ${Object.keys(figures).join(', ')}`);
    return svg;
  }
}

function readData(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`${path} cannot be read: train the model again to make it (npm run train)`, { cause });
  }
}

process.exitCode = main(parseReportOptions(process.argv.slice(2)));
