/** The demo in its order: stack, inputs, drop, wait, check, page. */
import { mkdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { openAwsServices } from '../../producer/adapters/aws-services.ts';
import { readSummary } from '../../producer/commands/follow-job.ts';
import type { Services } from '../../producer/commands/ports.ts';
import { settleConfiguration } from '../../producer/configuration.ts';
import { formatQuantity } from '../../producer/output/render-format.ts';
import type { Terminal } from '../../producer/output/terminal.ts';
import { ENVIRONMENT, RESOURCES } from '../../schemas/names.ts';
import { threadsPerWorker } from '../fleet/threads-per-worker.ts';
import { bucketFolder } from '../stack/object-files.ts';
import { type LocalStack, startLocalStack } from '../start-local-stack.ts';
import { clearDirectory } from './clear-directory.ts';
import { type DemoJob, type DemoResult, demoFaults, demoResult } from './demo-result.ts';
import { dropFiles, findDroppedJobs, knownJobs, waitForJobs } from './dropped-jobs.ts';
import { writeIfctFoods } from './ifct-foods.ts';
import { writeMadeCatalogue } from './made-catalogue.ts';
import type { DemoOptions } from './options.ts';
import { renderDemo } from './render-demo.ts';
import { countWrittenRows } from './written-rows.ts';

/** A worker that is killed gives its shards back after this long: short, so that a demo of that is short too. */
const VISIBILITY_SECONDS = 10;
/** One row group of the catalogue: many small shards share out evenly, and the progress moves. */
const SHARD_ROWS = 20_480;

export interface DemoOutcome {
  readonly result: DemoResult;
  readonly page: string;
  /** One sentence a fault; empty when all is as it must be. */
  readonly faults: readonly string[];
}

/**
 * Runs the demo and stops everything it started, also when it fails or is aborted.
 *
 * @throws {StackError} when a part cannot start or a server dies; the signal's `AbortError`.
 */
export async function runDemo(
  options: DemoOptions,
  { paint, progress }: Pick<Terminal, 'paint' | 'progress'>,
  signal: AbortSignal,
): Promise<DemoOutcome> {
  if (!options.isKept) clearDirectory(options.directory);
  const stack = await startStack(options, progress.note);
  const services = openAwsServices(settleConfiguration(stack.environment, undefined));
  const stopped = new AbortController();
  try {
    const either = AbortSignal.any([signal, stopped.signal]);
    void stack.servers.died.then((death) => stopped.abort(death));
    return await withStack(options, { stack, services, paint, progress, signal: either });
  } catch (error) {
    // Whatever call noticed a server's death first, the death is the reason.
    throw stopped.signal.aborted ? stopped.signal.reason : error;
  } finally {
    progress.finish();
    services.close();
    await stack.stop();
  }
}

function startStack(options: DemoOptions, report: (sentence: string) => void): Promise<LocalStack> {
  const { directory, modelFolder, workers } = options;
  report(`Starting the stack in ${directory} with ${formatQuantity(workers, 'worker')}`);
  return startLocalStack({
    directory,
    modelFolder,
    workers,
    report,
    // Any free ports: `npm run local` may be running beside.
    port: 0,
    tablePort: 0,
    visibilitySeconds: VISIBILITY_SECONDS,
    workerEnvironment: {
      [ENVIRONMENT.threads]: threadsPerWorker(workers),
      [ENVIRONMENT.shardRows]: String(SHARD_ROWS),
    },
  });
}

interface Stage extends Pick<Terminal, 'paint' | 'progress'> {
  readonly stack: LocalStack;
  readonly services: Services;
  readonly signal: AbortSignal;
}

interface Input {
  readonly path: string;
  readonly rows: number;
}

async function withStack(options: DemoOptions, stage: Stage): Promise<DemoOutcome> {
  const { stack, services, paint, progress, signal } = stage;
  progress.note(
    `Workers are processes ${stack.fleet?.pids.join(', ')}; their logs lie in ${join(options.directory, 'logs')}`,
  );
  const inputs = await makeInputs(options, progress.note);
  signal.throwIfAborted();

  const before = await knownJobs(services);
  const droppedAt = Date.now();
  const paths = inputs.map(({ path }) => path);
  const keys = await dropFiles(paths, services, signal);
  progress.note(
    `Dropped in the inbox of s3://${services.dataBucket}: ${keys.map((key) => basename(key)).join(', ')}`,
  );
  const found = await findDroppedJobs(keys, before, services, signal);
  const records = await waitForJobs(found, services, progress.show, signal);
  progress.finish();

  const folder = relative('', bucketFolder(stack.servers.store.objectsDirectory, RESOURCES.dataBucket));
  const jobs: DemoJob[] = [];
  for (const [index, record] of records.entries()) {
    jobs.push({
      name: basename(keys[index] ?? ''),
      rowsDropped: inputs[index]?.rows ?? 0,
      record,
      summary: await readSummary(record.job, services),
      written: await countWrittenRows(folder, record.job),
    });
  }
  const result = demoResult(jobs, droppedAt);
  const page = renderDemo({ jobs, result, bucketFolder: folder, directory: options.directory, paint });
  return { result, page, faults: demoFaults(jobs) };
}

async function makeInputs(
  { directory, rows, seed }: DemoOptions,
  note: (line: string) => void,
): Promise<readonly Input[]> {
  const folder = join(directory, 'inputs');
  mkdirSync(folder, { recursive: true });
  const foods = join(folder, 'ifct-foods.parquet');
  const catalogue = join(folder, 'made-catalogue.parquet');
  const foodRows = await writeIfctFoods(foods);
  note(
    `Made ${formatQuantity(foodRows, 'food')} of the Indian Food Composition Tables into Parquet, as flat columns`,
  );
  await writeMadeCatalogue(catalogue, { rows, seed });
  note(`Made a catalogue of ${formatQuantity(rows, 'product')} in the official export's shape, seed ${seed}`);
  return [
    { path: foods, rows: foodRows },
    { path: catalogue, rows },
  ];
}
