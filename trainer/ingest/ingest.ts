/**
 * From a source to a dataset with its card. Every row is parsed once into a staged file; the passes after it
 * (judge, choose, write, survey) read that. Nothing of the last run is touched before all are done.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NutrisageError } from '../../core/errors.ts';
import type { DataCard } from '../../schemas/data-card.ts';
import { type Choice, chooseRows, countChoice, judgeRows } from './choose-rows.ts';
import { dataCard, type ReadSource } from './data-card.ts';
import { dataCardPage } from './data-card-page.ts';
import { type Database, diskFull, openDatabase } from './database.ts';
import { fingerprintOf } from './fingerprint.ts';
import { createWorkFolder, type WorkFolder } from './output-folder.ts';
import { count, type Progress } from './progress.ts';
import { describeFile, type SourceFile } from './sources/describe-file.ts';
import { findSources } from './sources/find-sources.ts';
import { OUTPUT_COLUMNS } from './sources/output-columns.ts';
import { planSource, type SourcePlan } from './sources/plan-source.ts';
import { STAGE_FUNCTIONS, stageSelect } from './sources/stage-sql.ts';
import { countUnreadableLines } from './sources/unreadable-lines.ts';
import { sqlName, sqlText } from './sql-text.ts';
import { type Survey, surveyRows } from './survey-rows.ts';

export interface IngestOptions {
  /** Path, pattern, `s3://bucket/key` or `https://…`. */
  readonly source: string;
  readonly out: string;
  readonly sample?: number;
  readonly country?: string;
  readonly memoryBytes: number;
  readonly threads: number;
  readonly seed: number;
}

/** Multiples of DuckDB's 2,048. Staged groups are smaller, since the judging reader holds one at a time. */
const STAGED_GROUP_ROWS = 30_720;
const GROUP_ROWS = 102_400;
/**
 * What Node, the Parquet reader and DuckDB's own overdraft while it sorts take beside its limit: with 1 GB for
 * all, a million rows peaked at 1.05 GB with these, at 1.35 GB with 400 MB and a half.
 */
const RESERVED_BYTES = 650e6;
const DATABASE_SHARE_MIN = 0.35;

/**
 * Writes `products.parquet`, `data-card.json` and `DATA_CARD.md` to `out`, all or nothing.
 * @throws {NutrisageError} see docs/ingest.md for the codes.
 */
export async function ingest(
  options: IngestOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<DataCard> {
  let work: WorkFolder | undefined;
  try {
    work = createWorkFolder(options.out);
    const files = await findFiles(options, progress, signal);
    const card = await makeDataset(files, options, work.path, progress, signal);
    writeFileSync(join(work.path, 'data-card.json'), `${JSON.stringify(card, null, 2)}\n`);
    writeFileSync(join(work.path, 'DATA_CARD.md'), dataCardPage(card));
    signal.throwIfAborted();
    work.publish();
    return card;
  } catch (error) {
    throw translated(error, signal);
  } finally {
    work?.remove();
    progress.end();
  }
}

async function findFiles(
  options: IngestOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<SourceFile[]> {
  progress.begin('downloading', 'bytes');
  const downloads = join(options.out, '.downloads');
  const onBytes = (done: number, total: number) => progress.update(done, total);
  const paths = await findSources(options.source, { downloads, signal, onBytes });
  const files: SourceFile[] = [];
  for (const path of paths) {
    const file = await describeFile(path, signal);
    const alike = files.filter(({ name }) => name.replace(/~\d+$/, '') === file.name).length;
    files.push(alike === 0 ? file : { ...file, name: `${file.name}~${alike + 1}` });
  }
  return files;
}

async function makeDataset(
  files: readonly SourceFile[],
  options: IngestOptions,
  folder: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<DataCard> {
  const { memoryBytes, threads } = options;
  const database = await openDatabase({
    path: join(folder, 'passes.duckdb'),
    spillDirectory: join(folder, 'spill'),
    memoryBytes: Math.max(DATABASE_SHARE_MIN * memoryBytes, memoryBytes - RESERVED_BYTES),
    threads,
    signal,
  });
  try {
    const staged = join(folder, 'staged.parquet');
    const plans = await planFiles(database, files, options);
    const sources = await stage(database, files, plans, staged, progress);
    const rowsStaged = await rowCountOf(database, staged);
    progress.begin('judging', 'rows');
    await judgeRows(database, staged, signal, (done) => progress.update(done, rowsStaged));
    await chooseRows(database, staged, { ...options, signal });
    const choice = await countChoice(database);
    if (choice.kept === 0) throw nothingKept(options.source, choice);
    const products = join(folder, 'products.parquet');
    await write(database, staged, products, choice.kept, progress);
    progress.begin('reading back', 'rows');
    const survey = await surveyRows(products, signal, (done) => progress.update(done, choice.kept));
    requireLabels(options.source, survey, sources, choice);
    const fingerprint = await fingerprintOf(database, products);
    return dataCard({ options, sources, choice, survey, fingerprint });
  } finally {
    database.close();
  }
}

async function planFiles(
  database: Database,
  files: readonly SourceFile[],
  { country }: IngestOptions,
): Promise<SourcePlan[]> {
  const plans: SourcePlan[] = [];
  for (const file of files) {
    const described = await ofFile(file, () => database.rows(`DESCRIBE SELECT * FROM ${file.from}`));
    const columns = described.map((row) => ({
      name: String(row['column_name']),
      type: String(row['column_type']),
    }));
    plans.push(planSource({ name: file.name, columns, ...(country === undefined ? {} : { country }) }));
  }
  return plans;
}

async function stage(
  database: Database,
  files: readonly SourceFile[],
  plans: readonly SourcePlan[],
  staged: string,
  progress: Progress,
): Promise<ReadSource[]> {
  await database.run(STAGE_FUNCTIONS);
  progress.begin('reading', 'rows');
  const selects = files.flatMap((file, index) => {
    const plan = plans[index];
    return plan === undefined ? [] : [stageSelect(plan, file.from)];
  });
  const copy = `COPY (${selects.join('\nUNION ALL\n')}) TO ${sqlText(staged)}
    (FORMAT parquet, ROW_GROUP_SIZE ${STAGED_GROUP_ROWS})`;
  const [only] = files;
  const run = () => database.run(copy, ({ done, total }) => progress.update(done, total));
  await (only !== undefined && files.length === 1 ? ofFile(only, run) : run());
  const rows = await rowCountOf(database, staged);
  const unreadable = await countUnreadableLines(database, files, rows);
  if (rows === 0) {
    throw new NutrisageError(
      'no-rows',
      `${files.map(({ path }) => path).join(', ')} has no rows.`,
      'Nothing, if that was meant; else look at its export.',
    );
  }
  return files.flatMap((file, index) => {
    const plan = plans[index];
    return plan === undefined ? [] : [{ file, plan, unreadableLines: unreadable.get(file.path) ?? 0 }];
  });
}

/** What DuckDB says of a file that it cannot decode; its errors about disk and memory are translated already. */
async function ofFile<T>({ path, format }: SourceFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NutrisageError || !(error instanceof Error)) throw error;
    const code = format === 'parquet' ? 'damaged-parquet' : 'source-damaged';
    const why = error.message.split('\n')[0];
    throw new NutrisageError(code, `${path} cannot be decoded: ${why}.`, 'Fetch it again as a whole.', {
      cause: error,
    });
  }
}

async function rowCountOf(database: Database, path: string): Promise<number> {
  const [row] = await database.rows(
    `SELECT count(*)::DOUBLE AS row_count FROM read_parquet(${sqlText(path)})`,
  );
  return Number(row?.['row_count'] ?? 0);
}

/** In the order of codes: the same products give the same file, whichever export they came from. */
async function write(
  database: Database,
  staged: string,
  products: string,
  kept: number,
  progress: Progress,
): Promise<void> {
  progress.begin('writing', 'rows');
  await database.run(
    `COPY (
      SELECT ${OUTPUT_COLUMNS.map(sqlName).join(', ')}
      FROM read_parquet(${sqlText(staged)}, file_row_number = true)
      SEMI JOIN kept ON file_row_number = kept.row_number
      ORDER BY code
    ) TO ${sqlText(products)} (FORMAT parquet, CODEC zstd, ROW_GROUP_SIZE ${GROUP_ROWS})`,
    ({ done, total }) => progress.update(total === 0 ? 0 : (kept * done) / total, kept),
  );
}

function nothingKept(source: string, { dropped, rejectReasons }: Choice): NutrisageError {
  const why = Object.entries({ ...dropped, ...rejectReasons }).filter(([, rows]) => rows > 0);
  return new NutrisageError(
    'no-rows',
    `No row of ${source} can be kept: ${why.map(([reason, rows]) => `${reason} ${count(rows)}`).join(', ')}.`,
    'docs/ingest.md says what each reason means; another --country may have rows.',
  );
}

function requireLabels(
  source: string,
  { labels, rows }: Survey,
  sources: readonly ReadSource[],
  { bySource }: Choice,
): void {
  if (labels.none < rows) return;
  const withheld = sources.reduce((sum, { file }) => sum + (bySource.get(file.name)?.gradesWithheld ?? 0), 0);
  const older =
    withheld === 0 ? 'no grade' : `${count(withheld)} grades of rules older than 2023, which are not used`;
  throw new NutrisageError(
    'no-usable-label',
    `${source} has ${older}, and none of its ${count(rows)} rows has all of energy, saturated fat, sugars, fibre, ` +
      'proteins and salt to compute one from.',
    'Take a newer export with nutriscore_grade, or one with these inputs.',
  );
}

function translated(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return new NutrisageError('interrupted', 'The ingest was stopped.', 'Run it again.');
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const isFull = ['ENOSPC', 'EFBIG', 'EDQUOT'].includes(code) && !(error instanceof NutrisageError);
  return isFull ? diskFull(code, error) : error;
}
