/** `npm run train -- --data <dir> --out <dir>`: trains a model and writes its artefact. */
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NutrisageError } from '../core/errors.ts';
import { MODEL_FILES } from '../schemas/model-keys.ts';
import { manifestJson } from './model-manifest.ts';
import { renderReport } from './report/render-report.ts';
import { REPORT_DATA_FILE, reportDataJson } from './report/report-data.ts';
import { SOURCE_RULES } from './rows/source-table.ts';
import { type ModelArtefact, trainModel } from './train-model.ts';
import { isoSeconds, parseTrainOptions } from './train-options.ts';
import { findXgboost, loadXgboost, XgboostMissingError } from './xgboost/xgboost-library.ts';

const EXIT_FAILED = 1;
const EXIT_LIBRARY_MISSING = 2;
const FIGURES_FOLDER = 'figures';

async function main(): Promise<number> {
  const options = parseTrainOptions(process.argv.slice(2), process.env);
  try {
    const library = loadXgboost(findXgboost(process.env));
    const createdAt = options.createdAt ?? newestOf(options.data);
    const artefact = await trainModel({ ...options, createdAt }, library, (line) => {
      process.stdout.write(`${line}\n`);
    });
    writeArtefact(options.out, artefact);
    process.stdout.write(`wrote ${options.out}\n`);
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const remedy = error instanceof NutrisageError ? ` ${error.remedy}` : '';
    process.stderr.write(`train: ${message}${remedy}\n`);
    return error instanceof XgboostMissingError ? EXIT_LIBRARY_MISSING : EXIT_FAILED;
  }
}

/** Time of the newest known file: a run on the same files writes the same bytes without being told a time. */
function newestOf(folder: string): string {
  const known = readdirSync(folder).filter((name) => SOURCE_RULES.some(({ file }) => file.test(name)));
  return isoSeconds(Math.max(0, ...known.map((name) => statSync(join(folder, name)).mtimeMs)));
}

/**
 * The manifest goes first and comes last: a folder with a manifest has everything that the manifest names, also where
 * an older model stood and the disk fills.
 */
function writeArtefact(folder: string, artefact: ModelArtefact): void {
  const { manifest, onnx, reference, card, reportData } = artefact;
  const { html, figures } = renderReport(reportData);
  mkdirSync(join(folder, FIGURES_FOLDER), { recursive: true });
  rmSync(join(folder, MODEL_FILES.manifest), { force: true });
  writeFileSync(join(folder, MODEL_FILES.onnx), onnx);
  writeFileSync(join(folder, MODEL_FILES.reference), reference);
  writeFileSync(join(folder, 'MODEL_CARD.md'), card);
  writeFileSync(join(folder, REPORT_DATA_FILE), reportDataJson(reportData));
  writeFileSync(join(folder, 'report.html'), html);
  for (const [name, svg] of Object.entries(figures)) writeFileSync(join(folder, FIGURES_FOLDER, name), svg);
  writeFileSync(join(folder, MODEL_FILES.manifest), manifestJson(manifest));
}

process.exitCode = await main();
